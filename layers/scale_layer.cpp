// Scale: y = a * x + b, where a (bottom 1, or learned) is repeated over the axes of x that it
// lacks. Its first axis lies on `axis` of x. b is learned, has the shape of a, and is left out
// without bias_term. In-place safe.

#include "demitasse/layer_registry.hpp"
#include "layers/common/broadcast_layer.hpp"
#include "src/core/text.hpp"
#include "src/ops/output.hpp"

namespace demitasse {
namespace {

class ScaleLayer : public BroadcastLayer {
 public:
  using BroadcastLayer::BroadcastLayer;

  std::optional<ChannelAffine> AsChannelAffine(const Blob& bottom) const override;

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

 private:
  Blob* Factor(const std::vector<Blob*>& bottom) const {
    return bottom.size() > 1 ? bottom[1] : blobs_[0].get();
  }
  bool has_bias() const { return layer_param_.scale_param().bias_term(); }
  int bias_index() const { return static_cast<int>(blobs_.size()) - 1; }

  void FactorGradient(const std::vector<Blob*>& bottom, const float* dy) const;

  Broadcast shape_;  // how a and b lie on x
};

void ScaleLayer::LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& /*top*/) {
  const caffe::ScaleParameter& param = layer_param_.scale_param();
  if (bottom.size() == 1) {
    caffe::FillerParameter filler = param.filler();
    if (!param.has_filler()) filler.set_value(1);
    AddParameter(LearnedShape(*bottom[0], param.axis(), param.num_axes(), "scale_param"), filler,
                 "scale_param.filler");
  }
  if (has_bias()) {
    AddParameter(Factor(bottom)->shape(), param.bias_filler(), "scale_param.bias_filler");
  }
}

void ScaleLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const Blob& factor = *Factor(bottom);
  shape_ = Fit(bottom, factor, layer_param_.scale_param().axis(), "scale_param");
  if (has_bias() && blobs_.back()->shape() != factor.shape()) {
    throw Fail("bottom[1]",
               Cat("bottom[1] of ", factor.shape_string(), " does not fit the learned bias of ",
                   blobs_.back()->shape_string(), "; the shapes must be equal"));
  }
  BroadcastLayer::Reshape(bottom, top);
}

std::optional<ChannelAffine> ScaleLayer::AsChannelAffine(const Blob& bottom) const {
  const int axis = layer_param_.scale_param().axis();
  const bool learned = layer_param_.bottom_size() == 1;
  if (!learned || !LiesOnChannels(bottom, axis, *blobs_[0])) return {};
  return ChannelAffine{
      Values(*blobs_[0]),
      has_bias() ? Values(*blobs_[1]) : std::vector<float>(static_cast<size_t>(blobs_[0]->size()))};
}

void ScaleLayer::Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  KeepInput(*bottom[0], *top[0]);
  const float* const a = Factor(bottom)->cpu_data();
  const float* const b = has_bias() ? blobs_.back()->cpu_data() : nullptr;
  const float* const x = bottom[0]->cpu_data();
  float* const y = PlainOutput(*bottom[0]->data(), top[0]->data().get());
  shape_.ForEachRun([&](int64_t m, int64_t begin, int64_t end) {
    const float factor = a[m];
    const float shift = b != nullptr ? b[m] : 0;
    for (int64_t i = begin; i < end; ++i) y[i] = factor * x[i] + shift;
  });
}

void ScaleLayer::Backward_cpu(const std::vector<Blob*>& top,
                              const std::vector<bool>& propagate_down,
                              const std::vector<Blob*>& bottom) {
  const float* const dy = top[0]->cpu_diff();
  if (has_bias() && param_propagate_down(bias_index())) {
    float* const db = blobs_.back()->mutable_cpu_diff();
    shape_.ForEachValue([&](int64_t m) {
      db[m] += static_cast<float>(shape_.SumFor(m, [dy](int64_t i) { return dy[i]; }));
    });
  }
  if (bottom.size() > 1 ? propagate_down[1] : param_propagate_down(0)) FactorGradient(bottom, dy);
  if (!propagate_down[0]) return;
  const float* const a = Factor(bottom)->cpu_data();
  float* const dx = PlainOutput(*top[0]->diff(), bottom[0]->diff().get());
  shape_.ForEachRun([&](int64_t m, int64_t begin, int64_t end) {
    const float factor = a[m];
    for (int64_t i = begin; i < end; ++i) dx[i] = factor * dy[i];
  });
}

void ScaleLayer::FactorGradient(const std::vector<Blob*>& bottom, const float* dy) const {
  const float* const x = Input(*bottom[0]).plain();
  const bool learned = bottom.size() == 1;
  float* const da = Factor(bottom)->mutable_cpu_diff();
  shape_.ForEachValue([&](int64_t m) {
    const double sum =
        shape_.SumFor(m, [&](int64_t i) { return static_cast<double>(dy[i]) * x[i]; });
    da[m] = (learned ? da[m] : 0) + static_cast<float>(sum);
  });
}

}  // namespace
DEMITASSE_REGISTER_LAYER("Scale", ScaleLayer);
}  // namespace demitasse
