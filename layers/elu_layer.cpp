// ELU: y = x for x > 0, alpha * (exp(x) - 1) otherwise. The gradient is 1 for x > 0, alpha * exp(x)
// otherwise. In-place safe for any alpha (in Caffe, the gradient in place is wrong for alpha below
// 0).
// Clevert, Unterthiner, Hochreiter (2015), "Fast and accurate deep network learning by exponential
// linear units (ELUs)".
#include <cmath>

#include "demitasse/layer_registry.hpp"
#include "layers/common/elementwise.hpp"
#include "layers/common/neuron_layer.hpp"

namespace demitasse {
namespace {

class ELULayer : public NeuronLayer {
 public:
  using NeuronLayer::NeuronLayer;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    KeepInput(*bottom[0], *top[0]);
    Map(Input(*bottom[0]), top[0],
        [alpha = Alpha()](float x) { return x > 0 ? x : alpha * std::expm1(x); });
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    MapGradient(Input(*bottom[0]), *top[0], bottom[0], [alpha = Alpha()](float x, float top_diff) {
      return x > 0 ? top_diff : top_diff * alpha * std::exp(x);
    });
  }

 private:
  float Alpha() const { return layer_param_.elu_param().alpha(); }
};

}  // namespace
DEMITASSE_REGISTER_LAYER("ELU", ELULayer);
}  // namespace demitasse
