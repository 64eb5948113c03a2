// Clip: y = min(max(x, min), max). The gradient is 1 for min <= x <= max, 0 outside. NaN stays NaN.
// In-place safe.
#include "demitasse/layer_registry.hpp"
#include "layers/common/elementwise.hpp"
#include "layers/common/neuron_layer.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

class ClipLayer : public NeuronLayer {
 public:
  using NeuronLayer::NeuronLayer;

  void LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                  const std::vector<Blob*>& /*top*/) override {
    if (!layer_param_.has_clip_param()) {
      throw Fail("", "needs its range: clip_param { min: ... max: ... }");
    }
    min_ = layer_param_.clip_param().min();
    max_ = layer_param_.clip_param().max();
    if (min_ > max_) {
      throw Fail("clip_param.min", Cat("min must not be above max, got ", min_, " and ", max_));
    }
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    KeepInput(*bottom[0], *top[0]);
    Map(Input(*bottom[0]), top[0],
        [low = min_, high = max_](float x) { return x < low ? low : (x > high ? high : x); });
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    MapGradient(Input(*bottom[0]), *top[0], bottom[0],
                [low = min_, high = max_](float x, float top_diff) {
                  return x >= low && x <= high ? top_diff : 0;
                });
  }

 private:
  float min_ = 0;
  float max_ = 0;
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Clip", ClipLayer);
}  // namespace demitasse
