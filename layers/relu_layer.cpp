// ReLU: y = x for x > 0, negative_slope * x otherwise; with the extensions max_value and threshold:
// max_value for x >= max_value, x for threshold <= x < max_value, negative_slope * (x - threshold)
// below. NaN stays NaN, and without a slope -infinity becomes 0. In-place safe.
// Nair, Hinton (2010), "Rectified linear units improve restricted Boltzmann machines"; Maas,
// Hannun, Ng (2013), "Rectifier nonlinearities improve neural network acoustic models" (the slope);
// max_value and threshold as in Keras, but for slopes and values of either sign.
#include <cmath>

#include "demitasse/layer_registry.hpp"
#include "layers/common/neuron_layer.hpp"
#include "src/core/text.hpp"
#include "src/ops/deferred_map.hpp"
#include "src/ops/relu.hpp"

namespace demitasse {
namespace {

class ReLULayer : public NeuronLayer {
 public:
  using NeuronLayer::NeuronLayer;

  bool BackwardReadsTops() const override { return in_place_ && op_.OutputTellsGradient(); }

  std::optional<LeakyRectifier> AsRectifier() const override {
    if (op_.threshold != 0 || !std::isinf(op_.max_value)) return {};
    return LeakyRectifier{{op_.negative_slope}};
  }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    in_place_ = bottom[0] == top[0];
    const caffe::ReLUParameter& param = layer_param_.relu_param();
    op_.negative_slope = param.negative_slope();
    op_.threshold = param.threshold();
    if (!param.has_max_value()) return;
    op_.max_value = param.max_value();
    if (op_.max_value < op_.threshold) {
      throw Fail("relu_param.max_value", Cat("max_value must not be below threshold (",
                                             op_.threshold, "), got ", op_.max_value));
    }
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    const bool leaky = op_.OutputTellsGradient() && std::isinf(op_.max_value);
    const bool in_place = top[0]->data() == bottom[0]->data();
    map_ = leaky && in_place ? MapDeferredBy(*bottom[0]->data()) : nullptr;
    if (map_) return map_->Forward(op_.negative_slope, top[0]->data().get());
    if (!op_.OutputTellsGradient()) KeepInput(*bottom[0], *top[0]);
    op_.Forward(Input(*bottom[0]), bottom[0]->size(), top[0]->data().get());
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    if (map_ && top[0]->diff() == bottom[0]->diff()) {
      bottom[0]->diff()->Defer(std::make_shared<DeferredGradient>(map_, op_.negative_slope));
      return;
    }
    op_.Backward(Input(*bottom[0]), *top[0]->diff(), top[0]->size(), bottom[0]->diff().get());
  }

 private:
  Relu op_;
  bool in_place_ = false;
  std::shared_ptr<const DeferredMap> map_;  // what Forward rectified, if it was computed with it
};

}  // namespace
DEMITASSE_REGISTER_LAYER("ReLU", ReLULayer);
}  // namespace demitasse
