// AbsVal: y = |x|. The gradient is the sign of x, 0 at x = 0. In-place safe (Caffe refuses it in
// place).
#include <cmath>

#include "demitasse/layer_registry.hpp"
#include "layers/common/elementwise.hpp"
#include "layers/common/neuron_layer.hpp"

namespace demitasse {
namespace {

class AbsValLayer : public NeuronLayer {
 public:
  using NeuronLayer::NeuronLayer;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    KeepInput(*bottom[0], *top[0]);
    Map(Input(*bottom[0]), top[0], [](float x) { return std::abs(x); });
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    MapGradient(Input(*bottom[0]), *top[0], bottom[0],
                [](float x, float top_diff) { return x > 0 ? top_diff : (x < 0 ? -top_diff : 0); });
  }
};

}  // namespace
DEMITASSE_REGISTER_LAYER("AbsVal", AbsValLayer);
}  // namespace demitasse
