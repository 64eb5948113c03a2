// Swish: y = x / (1 + exp(-beta * x)). The gradient is s + beta * x * s * (1 - s), with
// s = 1 / (1 + exp(-beta * x)). Nothing overflows where |x| is large. In-place safe.
// Ramachandran, Zoph, Le (2017), "Searching for activation functions".
#include <algorithm>

#include "demitasse/layer_registry.hpp"
#include "layers/common/elementwise.hpp"
#include "layers/common/logistic.hpp"
#include "layers/common/neuron_layer.hpp"

namespace demitasse {
namespace {

class SwishLayer : public NeuronLayer {
 public:
  using NeuronLayer::NeuronLayer;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    KeepInput(*bottom[0], *top[0]);
    Map(Input(*bottom[0]), top[0], [beta = Beta()](float x) { return x * Logistic(beta * x); });
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    MapGradient(Input(*bottom[0]), *top[0], bottom[0],
                [beta = Beta()](float x, float top_diff) { return top_diff * Slope(beta * x); });
  }

 private:
  float Beta() const { return layer_param_.swish_param().beta(); }

  // dy / dx for t = beta * x. Beyond the limits s is 0 or 1, and the infinity that t may be would
  // turn 0 * t into NaN.
  static float Slope(float t) {
    const float limited = std::clamp(t, -1000.0f, 1000.0f);
    return Logistic(limited) * (1 + limited * Logistic(-limited));
  }
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Swish", SwishLayer);
}  // namespace demitasse
