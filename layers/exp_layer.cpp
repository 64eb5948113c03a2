// Exp: y = base ^ (scale * x + shift). A base of -1 stands for e. The gradient is
// log(base) * scale * y. In-place safe.
#include <cmath>

#include "demitasse/layer_registry.hpp"
#include "layers/common/elementwise.hpp"
#include "layers/common/log_base.hpp"
#include "layers/common/neuron_layer.hpp"

namespace demitasse {
namespace {

class ExpLayer : public NeuronLayer {
 public:
  using NeuronLayer::NeuronLayer;

  bool BackwardReadsTops() const override { return true; }

  void LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                  const std::vector<Blob*>& /*top*/) override {
    const caffe::ExpParameter& param = layer_param_.exp_param();
    const float log_base = LogBase(*this, param.base(), "exp_param.base");
    factor_ = log_base * param.scale();
    summand_ = log_base * param.shift();
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    Map(*bottom[0]->data(), top[0],
        [factor = factor_, summand = summand_](float x) { return std::exp(factor * x + summand); });
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    MapGradient(*top[0]->data(), *top[0], bottom[0],
                [factor = factor_](float y, float top_diff) { return top_diff * factor * y; });
  }

 private:
  // y = exp(factor_ * x + summand_).
  float factor_ = 1;
  float summand_ = 0;
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Exp", ExpLayer);
}  // namespace demitasse
