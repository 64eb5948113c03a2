// Scale: y = a * x + b, where a (bottom 1, or learned) is repeated over the axes of x that it
// lacks. Its first axis lies on `axis` of x. b is learned, has the shape of a, and is left out
// without bias_term. In-place safe.

#include <algorithm>

#include "demitasse/layer_registry.hpp"
#include "layers/common/broadcast_layer.hpp"
#include "src/core/text.hpp"
#include "src/ops/channel_map.hpp"
#include "src/ops/deferred_map.hpp"

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

  // gradient[c] += sums[c], unless the gradient is null.
  static void AddTo(float* gradient, const std::vector<double>& sums);

  bool ForwardWith(const DeferredMap* before, Buffer* y);
  void BackwardWith(const Blob& top, bool wanted, const Blob& bottom);

  ChannelShape shape_;  // how a and b lie on x
  // Of a learned scale whose x is a map that was deferred: both maps in one.
  std::shared_ptr<DeferredMap> map_;
  std::vector<float> before_;  // the factor of the first
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
  const bool learned = bottom.size() == 1;
  const std::shared_ptr<const DeferredMap> before =
      learned ? MapDeferredBy(*bottom[0]->data()) : nullptr;
  if (ForwardWith(before.get(), top[0]->data().get())) return;
  map_.reset();
  KeepInput(*bottom[0], *top[0]);
  const float* const b = has_bias() ? blobs_.back()->cpu_data() : nullptr;
  const ChannelMap affine = {nullptr, Factor(bottom)->cpu_data(), b};
  affine.Forward(shape_, Input(*bottom[0]), top[0]->data().get());
}

// a * (f * (x - center)) + b = (a * f) * (x - center) + b
bool ScaleLayer::ForwardWith(const DeferredMap* before, Buffer* y) {
  if (before == nullptr || !before->offset.empty() || !(before->shape() == shape_)) return false;
  FitDeferredMap(shape_, before->x(), &map_);
  const float* const a = blobs_[0]->cpu_data();
  before_ = before->factor;
  map_->center = before->center;
  map_->factor.resize(before_.size());
  for (size_t c = 0; c < before_.size(); ++c) map_->factor[c] = a[c] * before_[c];
  map_->offset = has_bias() ? Values(*blobs_[1]) : std::vector<float>();
  y->Defer(map_);
  return true;
}

void ScaleLayer::Backward_cpu(const std::vector<Blob*>& top,
                              const std::vector<bool>& propagate_down,
                              const std::vector<Blob*>& bottom) {
  if (map_ != nullptr) return BackwardWith(*top[0], propagate_down[0], *bottom[0]);
  const Buffer& dy = *top[0]->diff();
  const bool learned = bottom.size() == 1;
  float* const db = has_bias() && param_propagate_down(bias_index())
                        ? blobs_.back()->mutable_cpu_diff()
                        : nullptr;
  const float* const a = Factor(bottom)->cpu_data();
  Buffer* const dx = propagate_down[0] ? bottom[0]->diff().get() : nullptr;
  if (learned ? param_propagate_down(0) : propagate_down[1]) {
    const ChannelProducts sums =
        SumChannelProducts(shape_, dy, Input(*bottom[0]), nullptr, {}, a, dx);
    float* const da = Factor(bottom)->mutable_cpu_diff();
    if (!learned) std::fill_n(da, shape_.channels, 0.0f);
    AddTo(da, sums.products);
    AddTo(db, sums.sums);
    return;
  }
  if (db != nullptr) AddTo(db, ChannelSums(shape_, dy));
  if (dx != nullptr) ChannelMap{nullptr, a, nullptr}.Forward(shape_, dy, dx);
}

// In place, x's gradient is left to the layer that deferred the first map, which needs the same
// sums.
void ScaleLayer::BackwardWith(const Blob& top, bool wanted, const Blob& bottom) {
  Buffer* const dy = top.diff().get();
  const std::shared_ptr<const DeferredGradient> above = TakeDeferredGradient(*map_->x(), dy);
  const auto gradient =
      std::make_shared<DeferredGradient>(map_, above != nullptr ? above->slope() : 1.0f);
  gradient->factor = Values(*blobs_[0]);
  const bool in_place = bottom.diff() == top.diff();
  gradient->sums = gradient->Sum(*dy, wanted && !in_place ? bottom.diff().get() : nullptr);
  std::vector<double> products = gradient->sums.products;
  for (size_t c = 0; c < before_.size(); ++c) products[c] *= static_cast<double>(before_[c]);
  if (param_propagate_down(0)) AddTo(blobs_[0]->mutable_cpu_diff(), products);
  if (has_bias() && param_propagate_down(1)) {
    AddTo(blobs_[1]->mutable_cpu_diff(), gradient->sums.sums);
  }
  if (wanted && in_place) {
    dy->Defer(gradient);
  } else if (above != nullptr) {
    dy->Defer(above);
  }
}

void ScaleLayer::AddTo(float* gradient, const std::vector<double>& sums) {
  if (gradient == nullptr) return;
  for (size_t c = 0; c < sums.size(); ++c) gradient[c] += static_cast<float>(sums[c]);
}

}  // namespace
DEMITASSE_REGISTER_LAYER("Scale", ScaleLayer);
}  // namespace demitasse
