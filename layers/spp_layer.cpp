// SPP: spatial pyramid pooling, y = what Pooling takes of windows (pool: MAX, AVE or STOCHASTIC) of
// all levels 0 to pyramid_height - 1 of a pyramid, level by level. Level l has 2^l x 2^l windows:
// on an axis of n places they are ceil(n / 2^l) places long, lie side by side, and reach over x at
// both ends by the pad, half of what they are longer than n together, rounded up. y is num x
// (channels * (1 + 4 + 16 + ...)), and num x channels x 1 x 1 with pyramid_height 1. Not in place.
// As in Caffe, windows must not begin with padding alone: 4 windows do not fit on 5 places, as 4
// windows of 2 places have pad 2. STOCHASTIC takes no padding at all.
// He, Zhang, Ren, Sun (2014), "Spatial pyramid pooling in deep convolutional networks for visual
// recognition".
#include <limits>
#include <memory>

#include "demitasse/layer_registry.hpp"
#include "layers/common/axis_parts.hpp"
#include "layers/common/count_field.hpp"
#include "layers/common/field_shape.hpp"
#include "layers/common/image_batch.hpp"
#include "layers/common/window_pooling.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

using caffe::PoolingParameter;
using caffe::SPPParameter;

WindowPooling::Method MethodOf(const SPPParameter& param) {
  switch (param.pool()) {
    case SPPParameter::AVE:
      return PoolingParameter::AVE;
    case SPPParameter::STOCHASTIC:
      return PoolingParameter::STOCHASTIC;
    default:
      return PoolingParameter::MAX;
  }
}

class SPPLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 1; }
  int ExactNumTopBlobs() const override { return 1; }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

 private:
  struct Level {
    WindowPooling pooling;
    Blob pooled;  // unused if there is one level: it is the top then
  };

  const SPPParameter& Param() const { return layer_param_.spp_param(); }
  WindowGeometry WindowsOf(int level, const Blob& bottom) const;
  void MakeLevels(const Blob& bottom);
  std::vector<int> TopShape(const Blob& bottom) const;

  int height_ = 0;
  std::vector<int> shape_;  // of the bottom that levels_ are for
  std::vector<std::unique_ptr<Level>> levels_;
  Blob level_gradient_;  // the diff is the bottom's gradient from one level
};

void SPPLayer::LayerSetUp(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& /*top*/) {
  if (!Param().has_pyramid_height()) throw Fail("spp_param", "pyramid_height must be given");
  height_ = CountField(*this, "spp_param.pyramid_height", Param().pyramid_height());
}

// Fails where Caffe's pooling does.
WindowGeometry SPPLayer::WindowsOf(int level, const Blob& bottom) const {
  const int64_t windows = int64_t{1} << level;
  WindowGeometry geometry;
  geometry.dilation = {1, 1};
  for (int axis = 2; axis < 4; ++axis) {
    const int size = bottom.shape(axis);
    const int64_t kernel = (size + windows - 1) / windows;
    const int64_t pad = (kernel * windows - size + 1) / 2;
    const bool whole = Param().pool() == SPPParameter::STOCHASTIC;
    if (pad >= kernel || (whole && pad > 0)) {
      throw Fail("spp_param.pyramid_height",
                 Cat("pyramid_height ", height_, " asks for ", windows, " windows on axis ", axis,
                     " of ", BottomName(*this, 0), ", of ", size, " places: windows of ", kernel,
                     " with pad ", pad, ", which must be ", whole ? "0 for STOCHASTIC" : "less",
                     "; pyramid_height can be at most ", level));
    }
    geometry.input.push_back(size);
    geometry.kernel.push_back(static_cast<int>(kernel));
    geometry.stride.push_back(static_cast<int>(kernel));
    geometry.pad.push_back(static_cast<int>(pad));
    geometry.output.push_back(static_cast<int>(windows));
  }
  return geometry;
}

void SPPLayer::MakeLevels(const Blob& bottom) {
  levels_.clear();
  for (int level = 0; level < height_; ++level) {
    levels_.push_back(std::make_unique<Level>());
    WindowPooling& pooling = levels_.back()->pooling;
    pooling = WindowPooling(MethodOf(Param()), phase_, bottom.shape(0), bottom.shape(1),
                            WindowsOf(level, bottom));
    levels_.back()->pooled.Reshape(pooling.TopShape());
  }
}

std::vector<int> SPPLayer::TopShape(const Blob& bottom) const {
  if (height_ == 1) return levels_[0]->pooling.TopShape();
  int64_t values = 0;  // of a sample
  for (const auto& level : levels_) values += level->pooled.size(1, 4);
  if (values > std::numeric_limits<int>::max()) {
    throw Fail("spp_param.pyramid_height",
               Cat("the top would have ", values, " elements on axis 1, more than ",
                   std::numeric_limits<int>::max()));
  }
  return {bottom.shape(0), static_cast<int>(values)};
}

void SPPLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const Blob& x = *bottom[0];
  if (x.shape() != shape_) {
    shape_.clear();
    CheckImageBatch(*this, x);
    if (x.shape(2) == 0 || x.shape(3) == 0) {
      throw Fail("bottom[0]", Cat(BottomName(*this, 0), " of ", x.shape_string(),
                                  " has no places; height and width must be greater than 0"));
    }
    MakeLevels(x);
    shape_ = x.shape();
  }
  top[0]->Reshape(TopShape(x));
}

void SPPLayer::Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const Buffer& x = *bottom[0]->data();
  if (height_ == 1) return levels_[0]->pooling.Forward(x, rng(), top[0]->data().get());
  float* y = top[0]->data()->Overwrite(nullptr);
  for (const auto& level : levels_) {
    level->pooling.Forward(x, rng(), level->pooled.data().get());
    const int64_t length = level->pooled.size(1, 4);
    CopyRuns(top[0]->shape(0), length, level->pooled.cpu_data(), length, y, top[0]->shape(1));
    y += length;
  }
}

void SPPLayer::Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                            const std::vector<Blob*>& bottom) {
  if (!propagate_down[0]) return;
  const Buffer& x = *bottom[0]->data();
  Buffer* const dx = bottom[0]->diff().get();
  if (height_ == 1) return levels_[0]->pooling.Backward(x, *top[0]->diff(), dx);

  level_gradient_.ReshapeLike(*bottom[0]);
  const float* dy = top[0]->cpu_diff();
  for (const auto& level : levels_) {
    const int64_t length = level->pooled.size(1, 4);
    CopyRuns(top[0]->shape(0), length, dy, top[0]->shape(1),
             level->pooled.diff()->Overwrite(nullptr), length);
    dy += length;
    if (level == levels_.front()) {
      level->pooling.Backward(x, *level->pooled.diff(), dx);
      continue;
    }
    level->pooling.Backward(x, *level->pooled.diff(), level_gradient_.diff().get());
    const float* const part = level_gradient_.cpu_diff();
    float* const sum = dx->mutable_plain();
    ParallelFor(bottom[0]->size(), kElementwiseGrain, [=](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) sum[i] += part[i];
    });
  }
}

}  // namespace
DEMITASSE_REGISTER_LAYER("SPP", SPPLayer);
}  // namespace demitasse
