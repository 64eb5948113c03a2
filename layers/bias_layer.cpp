// Bias: y = x + b, where b (bottom 1, or learned) is repeated over the axes of x that it lacks. Its
// first axis lies on `axis` of x. In-place safe.

#include "demitasse/layer_registry.hpp"
#include "layers/common/broadcast_layer.hpp"
#include "src/ops/channel_map.hpp"
#include "src/ops/output.hpp"

namespace demitasse {
namespace {

class BiasLayer : public BroadcastLayer {
 public:
  using BroadcastLayer::BroadcastLayer;

  std::optional<ChannelAffine> AsChannelAffine(const Blob& bottom) const override {
    const int axis = layer_param_.bias_param().axis();
    const bool learned = layer_param_.bottom_size() == 1;
    if (!learned || !LiesOnChannels(bottom, axis, *blobs_[0])) return {};
    const std::vector<float> shift = Values(*blobs_[0]);
    return ChannelAffine{std::vector<float>(shift.size(), 1.0f), shift};
  }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& /*top*/) override {
    if (bottom.size() > 1) return;
    const caffe::BiasParameter& param = layer_param_.bias_param();
    AddParameter(LearnedShape(*bottom[0], param.axis(), param.num_axes(), "bias_param"),
                 param.filler(), "bias_param.filler");
  }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    shape_ = Fit(bottom, *Bias(bottom), layer_param_.bias_param().axis(), "bias_param");
    BroadcastLayer::Reshape(bottom, top);
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    const ChannelMap affine = {nullptr, nullptr, Bias(bottom)->cpu_data()};
    affine.Forward(shape_, *bottom[0]->data(), top[0]->data().get());
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    const Buffer& dy = *top[0]->diff();
    const bool learned = bottom.size() == 1;
    if (learned ? param_propagate_down(0) : propagate_down[1]) {
      const std::vector<double> sums = ChannelSums(shape_, dy);
      float* const db = Bias(bottom)->mutable_cpu_diff();
      for (size_t c = 0; c < sums.size(); ++c) {
        db[c] = (learned ? db[c] : 0) + static_cast<float>(sums[c]);
      }
    }
    if (propagate_down[0] && top[0]->diff() != bottom[0]->diff()) {
      CopyBuffer(dy, top[0]->size(), bottom[0]->diff().get());
    }
  }

 private:
  Blob* Bias(const std::vector<Blob*>& bottom) const {
    return bottom.size() > 1 ? bottom[1] : blobs_[0].get();
  }

  ChannelShape shape_;  // how b lies on x
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Bias", BiasLayer);
}  // namespace demitasse
