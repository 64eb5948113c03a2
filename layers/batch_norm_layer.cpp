// BatchNorm: y = (x - mean) / sqrt(variance + eps) for each channel (axis 1; a bottom of one axis
// is one channel). In TRAIN, mean and variance are those of the batch, in TEST those kept while
// training; use_global_stats chooses regardless of the phase. A Scale layer behind it brings the
// learned scale and shift. In-place safe.
//
// With the statistics of the batch, and f the moving_average_fraction, every forward pass also
// updates three parameter blobs, which are not learned:
//   blob 0 = f * blob 0 + mean
//   blob 1 = f * blob 1 + variance * m / (m - 1)
//   blob 2 = f * blob 2 + 1
// Blobs 0 and 1 have a value for each channel, of m elements; blob 2 has one. The statistics kept
// are blob 0 / blob 2 and blob 1 / blob 2. As long as blob 2 is 0 nothing was kept: y = x. (Caffe
// then divides by sqrt(eps), which makes an untrained deep net infinite.)
//
// Ioffe, Szegedy (2015), "Batch normalization: accelerating deep network training by reducing
// internal covariate shift".

#include <algorithm>
#include <cmath>

#include "demitasse/layer_registry.hpp"
#include "layers/common/neuron_layer.hpp"
#include "src/core/text.hpp"
#include "src/ops/deferred_map.hpp"

namespace demitasse {
namespace {

constexpr int kStatistics = 3;  // parameter blobs

class BatchNormLayer : public NeuronLayer {
 public:
  using NeuronLayer::NeuronLayer;

  bool ParameterHasGradient(int /*index*/) const override { return false; }
  std::optional<ChannelAffine> AsChannelAffine(const Blob& bottom) const override;

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

 private:
  int Channels(const Blob& bottom) const;
  void CheckValues() const;
  void FixStatistics();
  // What is subtracted, and what the difference is multiplied by.
  struct Statistics {
    std::vector<float> mean;
    std::vector<float> inverse_deviation;
  };
  Statistics GlobalStatistics() const;
  void UseBatchStatistics(const Buffer& x);
  // Of dy and dy * (x - mean), for each channel; where dy is deferred, without its factor.
  ChannelProducts SumsOf(const Buffer& dy, const Buffer& x, const DeferredGradient* above) const;

  bool use_global_statistics_ = false;
  ChannelShape shape_;
  std::vector<float> mean_;               // what the last forward pass subtracted
  std::vector<float> inverse_deviation_;  // and multiplied by
  std::shared_ptr<DeferredMap> map_;      // the same, with the statistics of the batch
};

void BatchNormLayer::LayerSetUp(const std::vector<Blob*>& bottom,
                                const std::vector<Blob*>& /*top*/) {
  CheckValues();
  const caffe::BatchNormParameter& param = layer_param_.batch_norm_param();
  use_global_statistics_ =
      param.has_use_global_stats() ? param.use_global_stats() : phase_ == caffe::TEST;
  const int channels = Channels(*bottom[0]);
  AddParameter({channels}, caffe::FillerParameter(), "");
  AddParameter({channels}, caffe::FillerParameter(), "");
  AddParameter({1}, caffe::FillerParameter(), "");
  FixStatistics();
}

int BatchNormLayer::Channels(const Blob& bottom) const {
  if (bottom.num_axes() == 0) throw Fail("bottom[0]", "needs a bottom of at least one axis");
  return bottom.num_axes() == 1 ? 1 : bottom.shape(1);
}

void BatchNormLayer::CheckValues() const {
  const caffe::BatchNormParameter& param = layer_param_.batch_norm_param();
  if (param.eps() < 0) {
    throw Fail("batch_norm_param.eps", Cat("eps must not be negative, got ", param.eps()));
  }
  const float fraction = param.moving_average_fraction();
  if (fraction < 0 || fraction > 1) {
    throw Fail("batch_norm_param.moving_average_fraction",
               Cat("moving_average_fraction must be from 0 to 1, got ", fraction));
  }
}

// Keeps the solver away from the parameter blobs, by the lr_mult it reads.
void BatchNormLayer::FixStatistics() {
  for (int i = 0; i < kStatistics; ++i) {
    if (i == layer_param_.param_size()) {
      layer_param_.add_param()->set_lr_mult(0);
    } else if (layer_param_.param(i).lr_mult() != 0) {
      throw Fail(Cat("param[", i, "].lr_mult"),
                 Cat("the statistics of BatchNorm are not learned: lr_mult of param[", i,
                     "] must be 0, got ", layer_param_.param(i).lr_mult(),
                     "; write lr_mult: 0 or leave param out"));
    }
  }
}

void BatchNormLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  NeuronLayer::Reshape(bottom, top);
  const Blob& x = *bottom[0];
  const int channels = Channels(x);
  if (channels != blobs_[0]->shape(0)) {
    throw Fail("bottom[0]", Cat("was set up for ", blobs_[0]->shape(0),
                                " channels, got a bottom of ", x.shape_string()));
  }
  const int behind = std::min(2, x.num_axes());
  shape_ = {x.shape(0), channels, x.size(behind, x.num_axes())};
}

BatchNormLayer::Statistics BatchNormLayer::GlobalStatistics() const {
  const size_t channels = static_cast<size_t>(blobs_[0]->size());
  Statistics kept{std::vector<float>(channels, 0.0f), std::vector<float>(channels, 1.0f)};
  const float factor = *blobs_[2]->cpu_data();
  if (factor == 0) return kept;
  const float scale = 1 / factor;
  const float* const mean = blobs_[0]->cpu_data();
  const float* const variance = blobs_[1]->cpu_data();
  const float eps = layer_param_.batch_norm_param().eps();
  for (size_t c = 0; c < channels; ++c) {
    kept.mean[c] = scale * mean[c];
    kept.inverse_deviation[c] = 1 / std::sqrt(scale * variance[c] + eps);
  }
  return kept;
}

std::optional<ChannelAffine> BatchNormLayer::AsChannelAffine(const Blob& bottom) const {
  if (!use_global_statistics_ || bottom.num_axes() < 2) return {};
  const Statistics kept = GlobalStatistics();
  ChannelAffine affine{kept.inverse_deviation, {}};
  for (size_t c = 0; c < kept.mean.size(); ++c) {
    affine.shift.push_back(-kept.mean[c] * kept.inverse_deviation[c]);
  }
  return affine;
}

void BatchNormLayer::UseBatchStatistics(const Buffer& x) {
  const double count = static_cast<double>(shape_.images * shape_.places);
  const double unbiased = count > 1 ? count / (count - 1) : 1;
  const double eps = layer_param_.batch_norm_param().eps();
  const float fraction = layer_param_.batch_norm_param().moving_average_fraction();
  float* const mean_sum = blobs_[0]->mutable_cpu_data();
  float* const variance_sum = blobs_[1]->mutable_cpu_data();
  float* const factor = blobs_[2]->mutable_cpu_data();

  factor[0] = fraction * factor[0] + 1;
  const ChannelMoments moments = ComputeChannelMoments(shape_, x);
  for (size_t c = 0; c < mean_.size(); ++c) {
    const double variance = moments.variance[c];
    mean_[c] = static_cast<float>(moments.mean[c]);
    mean_sum[c] = fraction * mean_sum[c] + mean_[c];
    variance_sum[c] = fraction * variance_sum[c] + static_cast<float>(unbiased * variance);
    inverse_deviation_[c] = static_cast<float>(1 / std::sqrt(variance + eps));
  }
}

void BatchNormLayer::Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  if (!use_global_statistics_) KeepInput(*bottom[0], *top[0]);
  const Buffer& x = Input(*bottom[0]);
  mean_.resize(static_cast<size_t>(shape_.channels));
  inverse_deviation_.resize(static_cast<size_t>(shape_.channels));
  if (use_global_statistics_) {
    Statistics kept = GlobalStatistics();
    mean_.swap(kept.mean);
    inverse_deviation_.swap(kept.inverse_deviation);
  } else if (shape_.size() > 0) {
    UseBatchStatistics(x);
    FitDeferredMap(shape_, SharedInput(*bottom[0]), &map_);
    map_->center = mean_;
    map_->factor = inverse_deviation_;
    return top[0]->data()->Defer(map_);
  }
  const ChannelMap normalize = {mean_.data(), inverse_deviation_.data(), nullptr};
  normalize.Forward(shape_, x, top[0]->data().get());
}

// With batch statistics, means over a channel, and d = 1 / sqrt(variance + eps):
//   dx = (dy - mean(dy) - mean(dy * y) * y) * d, where y = (x - mean) * d
void BatchNormLayer::Backward_cpu(const std::vector<Blob*>& top,
                                  const std::vector<bool>& propagate_down,
                                  const std::vector<Blob*>& bottom) {
  if (!propagate_down[0]) return;
  Buffer* const dy = top[0]->diff().get();
  Buffer* const dx = bottom[0]->diff().get();
  if (use_global_statistics_) {
    return ChannelMap{nullptr, inverse_deviation_.data(), nullptr}.Forward(shape_, *dy, dx);
  }
  const Buffer& x = Input(*bottom[0]);
  const std::shared_ptr<const DeferredGradient> above = TakeDeferredGradient(x, dy);
  const ChannelProducts sums = SumsOf(*dy, x, above.get());
  const double count = static_cast<double>(shape_.images * shape_.places);
  std::vector<float> factor(mean_.size());
  std::vector<float> slope(mean_.size());
  std::vector<float> offset(mean_.size());
  for (size_t c = 0; c < mean_.size(); ++c) {
    const double d = inverse_deviation_[c];
    const double a = above != nullptr && !above->factor.empty() ? above->factor[c] : 1;
    factor[c] = static_cast<float>(a * d);
    slope[c] = static_cast<float>(-a * sums.products[c] / count * d * d * d);
    offset[c] = static_cast<float>(-a * sums.sums[c] / count * d);
  }
  const ChannelMap gate = above != nullptr ? above->gate() : ChannelMap();
  ChannelBlend{factor.data(), slope.data(), mean_.data(), offset.data(), gate}.Forward(shape_, *dy,
                                                                                       x, dx);
  if (above != nullptr && dx != dy) dy->Defer(above);
}

ChannelProducts BatchNormLayer::SumsOf(const Buffer& dy, const Buffer& x,
                                       const DeferredGradient* above) const {
  if (above == nullptr) return SumChannelProducts(shape_, dy, x, mean_.data());
  return above->sums.sums.empty() ? above->Sum(dy, nullptr) : above->sums;
}

}  // namespace
DEMITASSE_REGISTER_LAYER("BatchNorm", BatchNormLayer);
}  // namespace demitasse
