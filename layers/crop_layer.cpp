// Crop: y = the part of x (bottom 0) that is as large as bottom 1 on the axes from `axis` on and
// begins at `offset` there; on the axes before, y is as large as x. Of bottom 1 only the sizes from
// `axis` on count; it has no gradient. `offset` is given once for all these axes, once for each, or
// not at all (0). Elements of x outside of the part get the gradient 0. Not in place.
#include <algorithm>

#include "demitasse/layer_registry.hpp"
#include "layers/common/field_shape.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

class CropLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 2; }
  int ExactNumTopBlobs() const override { return 1; }
  bool AllowForceBackward(int bottom_index) const override { return bottom_index == 0; }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

 private:
  const caffe::CropParameter& Param() const { return layer_param_.crop_param(); }
  int FirstAxis(const Blob& x) const { return CanonicalAxis(x, Param().axis(), "crop_param.axis"); }
  int64_t ReadOffset(const Blob& x, const Blob& sizes, int axis) const;
  template <typename Body>
  void ForEachRun(const Blob& x, const Body& body) const;

  std::vector<int> shape_;        // of the part
  std::vector<int64_t> offsets_;  // on every axis
};

void CropLayer::LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& /*top*/) {
  const int first = FirstAxis(*bottom[0]);
  const int axes = bottom[0]->num_axes() - first;
  const int given = Param().offset_size();
  if (given > 1 && given != axes) {
    throw Fail(Cat("crop_param.offset[", std::min(given - 1, axes), "]"),
               Cat("offset is given once for all axes that are cut or once for each of the ", axes,
                   " from axis ", first, " on, got ", given, " values"));
  }
}

// Where the part begins on an axis that is cut; fails if it does not fit into x there.
int64_t CropLayer::ReadOffset(const Blob& x, const Blob& sizes, int axis) const {
  if (axis >= sizes.num_axes()) {
    throw Fail("bottom[1]",
               Cat(BottomName(*this, 1), " of ", sizes.shape_string(), " must have an axis ", axis,
                   ": the axes from ", FirstAxis(x), " on are cut to its sizes"));
  }
  const auto& offsets = Param().offset();
  const int index = offsets.size() > 1 ? axis - FirstAxis(x) : 0;
  const int64_t offset = offsets.empty() ? 0 : offsets[index];
  if (offset + sizes.shape(axis) > x.shape(axis)) {
    throw Fail(offset > 0 ? Cat("crop_param.offset[", index, "]") : "bottom[1]",
               Cat("the crop on axis ", axis, " is out of bounds: offset ", offset, " + size ",
                   sizes.shape(axis), " of ", BottomName(*this, 1), " must be at most ",
                   x.shape(axis), ", the size of ", BottomName(*this, 0)));
  }
  return offset;
}

void CropLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const Blob& x = *bottom[0];
  shape_ = x.shape();
  offsets_.assign(shape_.size(), 0);
  for (int axis = FirstAxis(x); axis < x.num_axes(); ++axis) {
    const size_t i = static_cast<size_t>(axis);
    offsets_[i] = ReadOffset(x, *bottom[1], axis);
    shape_[i] = bottom[1]->shape(axis);
  }
  top[0]->Reshape(shape_);
}

// Calls body(index in x, index in the part, count) for runs of elements that lie side by side in
// both; they cover the part.
template <typename Body>
void CropLayer::ForEachRun(const Blob& x, const Body& body) const {
  // The last axis that is cut, on which and behind which the part is in one piece.
  size_t cut = shape_.size() - 1;
  while (cut > 0 && shape_[cut] == x.shape()[cut]) --cut;
  int64_t inner = 1;  // elements behind that axis
  for (size_t axis = cut + 1; axis < shape_.size(); ++axis) inner *= shape_[axis];
  const int64_t length = shape_[cut] * inner;

  const auto begin_of = [&](int64_t run) {
    int64_t begin = offsets_[cut] * inner;
    int64_t step = x.shape()[cut] * inner;
    for (size_t axis = cut; axis-- > 0;) {
      begin += (run % shape_[axis] + offsets_[axis]) * step;
      run /= shape_[axis];
      step *= x.shape()[axis];
    }
    return begin;
  };
  ParallelFor(ShapeSize(shape_), kElementwiseGrain, [&](int64_t begin, int64_t end) {
    while (begin < end) {
      const int64_t at = begin % length;
      const int64_t count = std::min(end - begin, length - at);
      body(begin_of(begin / length) + at, begin, count);
      begin += count;
    }
  });
}

void CropLayer::Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const float* const x = bottom[0]->cpu_data();
  float* const y = top[0]->data()->Overwrite(nullptr);
  ForEachRun(*bottom[0], [=](int64_t in_x, int64_t in_y, int64_t count) {
    std::copy_n(x + in_x, count, y + in_y);
  });
}

void CropLayer::Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                             const std::vector<Blob*>& bottom) {
  if (!propagate_down[0]) return;
  const float* const dy = top[0]->cpu_diff();
  float* const dx = bottom[0]->diff()->Overwrite(nullptr);
  ParallelFor(bottom[0]->size(), kElementwiseGrain,
              [=](int64_t begin, int64_t end) { std::fill(dx + begin, dx + end, 0.0f); });
  ForEachRun(*bottom[0], [=](int64_t in_x, int64_t in_y, int64_t count) {
    std::copy_n(dy + in_y, count, dx + in_x);
  });
}

}  // namespace
DEMITASSE_REGISTER_LAYER("Crop", CropLayer);
}  // namespace demitasse
