// Log: y = log(scale * x + shift) / log(base). A base of -1 stands for e; 1 is refused. The
// gradient is scale / (log(base) * (scale * x + shift)). The logarithm of 0 is -infinity, that of a
// negative number NaN. In-place safe (in Caffe, the gradient in place is wrong).
#include <cmath>

#include "demitasse/layer_registry.hpp"
#include "layers/common/elementwise.hpp"
#include "layers/common/log_base.hpp"
#include "layers/common/neuron_layer.hpp"

namespace demitasse {
namespace {

class LogLayer : public NeuronLayer {
 public:
  using NeuronLayer::NeuronLayer;

  void LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                  const std::vector<Blob*>& /*top*/) override {
    const caffe::LogParameter& param = layer_param_.log_param();
    const float log_base = LogBase(*this, param.base(), "log_param.base");
    if (log_base == 0) throw Fail("log_param.base", "base must not be 1, whose powers are all 1");
    factor_ = 1 / log_base;
    scale_ = param.scale();
    shift_ = param.shift();
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    KeepInput(*bottom[0], *top[0]);
    Map(Input(*bottom[0]), top[0], [factor = factor_, scale = scale_, shift = shift_](float x) {
      return factor * std::log(scale * x + shift);
    });
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    MapGradient(Input(*bottom[0]), *top[0], bottom[0],
                [factor = factor_ * scale_, scale = scale_, shift = shift_](
                    float x, float top_diff) { return top_diff * factor / (scale * x + shift); });
  }

 private:
  // y = factor_ * log(scale_ * x + shift_).
  float factor_ = 1;
  float scale_ = 1;
  float shift_ = 0;
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Log", LogLayer);
}  // namespace demitasse
