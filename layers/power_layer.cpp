// Power: y = (shift + scale * x) ^ power. The gradient is power * scale * (shift + scale * x) ^
// (power - 1). Where power or scale is 0, y is shift ^ power and does not depend on x at all.
// In-place safe.
#include <cmath>

#include "demitasse/layer_registry.hpp"
#include "layers/common/elementwise.hpp"
#include "layers/common/neuron_layer.hpp"

namespace demitasse {
namespace {

class PowerLayer : public NeuronLayer {
 public:
  using NeuronLayer::NeuronLayer;

  std::optional<ChannelAffine> AsChannelAffine(const Blob& bottom) const override {
    if (power_ != 1 || scale_ == 0 || bottom.num_axes() < 2) return {};
    const size_t channels = static_cast<size_t>(bottom.shape(1));
    return ChannelAffine{std::vector<float>(channels, scale_),
                         std::vector<float>(channels, shift_)};
  }

  void LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                  const std::vector<Blob*>& /*top*/) override {
    const caffe::PowerParameter& param = layer_param_.power_param();
    power_ = param.power();
    scale_ = param.scale();
    shift_ = param.shift();
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    const float scale = scale_;
    const float shift = shift_;
    if (IsConstant()) {
      const float value = std::pow(shift, power_);
      Map(*bottom[0]->data(), top[0], [=](float) { return value; });
    } else if (power_ == 1) {
      Map(*bottom[0]->data(), top[0], [=](float x) { return shift + scale * x; });
    } else {
      KeepInput(*bottom[0], *top[0]);
      ForwardCurved(Input(*bottom[0]), top[0]);
    }
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    const float factor = power_ * scale_;
    const float scale = scale_;
    const float shift = shift_;
    if (IsConstant() || power_ == 1) {
      MapGradient(*top[0]->diff(), *top[0], bottom[0],
                  [=](float, float top_diff) { return factor * top_diff; });
      return;
    }
    const Buffer& x = Input(*bottom[0]);
    if (power_ == 2) {
      MapGradient(x, *top[0], bottom[0], [=](float value, float top_diff) {
        return factor * (shift + scale * value) * top_diff;
      });
      return;
    }
    const float exponent = power_ - 1;
    MapGradient(x, *top[0], bottom[0], [=](float value, float top_diff) {
      return factor * std::pow(shift + scale * value, exponent) * top_diff;
    });
  }

 private:
  bool IsConstant() const { return power_ == 0 || scale_ == 0; }

  void ForwardCurved(const Buffer& bottom, Blob* top) const {
    const float power = power_;
    const float scale = scale_;
    const float shift = shift_;
    if (power == 2) {
      Map(bottom, top, [=](float x) { return (shift + scale * x) * (shift + scale * x); });
    } else {
      Map(bottom, top, [=](float x) { return std::pow(shift + scale * x, power); });
    }
  }

  float power_ = 1;
  float scale_ = 1;
  float shift_ = 0;
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Power", PowerLayer);
}  // namespace demitasse
