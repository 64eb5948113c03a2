// Sigmoid: y = 1 / (1 + exp(-x)). The gradient is y * (1 - y). In-place safe.
#include "demitasse/layer_registry.hpp"
#include "layers/common/elementwise.hpp"
#include "layers/common/logistic.hpp"
#include "layers/common/neuron_layer.hpp"

namespace demitasse {
namespace {

class SigmoidLayer : public NeuronLayer {
 public:
  using NeuronLayer::NeuronLayer;

  bool BackwardReadsTops() const override { return true; }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    Map(*bottom[0]->data(), top[0], [](float x) { return Logistic(x); });
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    MapGradient(*top[0]->data(), *top[0], bottom[0],
                [](float y, float top_diff) { return top_diff * y * (1 - y); });
  }
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Sigmoid", SigmoidLayer);
}  // namespace demitasse
