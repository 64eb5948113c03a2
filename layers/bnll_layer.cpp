// BNLL: y = log(1 + exp(x)), the binomial normal log likelihood, also called softplus. The gradient
// is 1 / (1 + exp(-x)). Nothing overflows where |x| is large. In-place safe.
// Dugas, Bengio, Belisle, Nadeau, Garcia (2000), "Incorporating second-order functional knowledge
// for better option pricing".
#include <cmath>

#include "demitasse/layer_registry.hpp"
#include "layers/common/elementwise.hpp"
#include "layers/common/logistic.hpp"
#include "layers/common/neuron_layer.hpp"

namespace demitasse {
namespace {

class BNLLLayer : public NeuronLayer {
 public:
  using NeuronLayer::NeuronLayer;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    KeepInput(*bottom[0], *top[0]);
    // log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)), in which nothing overflows.
    Map(Input(*bottom[0]), top[0],
        [](float x) { return (x < 0 ? 0 : x) + std::log1p(std::exp(-std::abs(x))); });
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    MapGradient(Input(*bottom[0]), *top[0], bottom[0],
                [](float x, float top_diff) { return top_diff * Logistic(x); });
  }
};

}  // namespace
DEMITASSE_REGISTER_LAYER("BNLL", BNLLLayer);
}  // namespace demitasse
