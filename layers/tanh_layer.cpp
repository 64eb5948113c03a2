// TanH: y = (exp(x) - exp(-x)) / (exp(x) + exp(-x)). The gradient is 1 - y^2. No x, however large,
// overflows. In-place safe.
#include <cmath>

#include "demitasse/layer_registry.hpp"
#include "layers/common/elementwise.hpp"
#include "layers/common/neuron_layer.hpp"

namespace demitasse {
namespace {

class TanHLayer : public NeuronLayer {
 public:
  using NeuronLayer::NeuronLayer;

  bool BackwardReadsTops() const override { return true; }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    Map(*bottom[0]->data(), top[0], [](float x) { return std::tanh(x); });
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    MapGradient(*top[0]->data(), *top[0], bottom[0],
                [](float y, float top_diff) { return top_diff * (1 - y * y); });
  }
};

}  // namespace
DEMITASSE_REGISTER_LAYER("TanH", TanHLayer);
}  // namespace demitasse
