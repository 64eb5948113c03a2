// Threshold: y = 1 for x > threshold, 0 otherwise, and for NaN. In-place safe. There is no
// gradient.
#include "demitasse/layer_registry.hpp"
#include "layers/common/elementwise.hpp"
#include "layers/common/neuron_layer.hpp"

namespace demitasse {
namespace {

class ThresholdLayer : public NeuronLayer {
 public:
  using NeuronLayer::NeuronLayer;

  bool AllowForceBackward(int /*bottom_index*/) const override { return false; }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    const float threshold = layer_param_.threshold_param().threshold();
    Map(*bottom[0]->data(), top[0], [threshold](float x) { return x > threshold ? 1.0f : 0.0f; });
  }
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Threshold", ThresholdLayer);
}  // namespace demitasse
