// Slice: y = the parts of x along `axis`, one for each top: equal ones, or cut at each slice_point.
// A single top shares data and gradient with the bottom. Not in place.

#include <algorithm>

#include "demitasse/layer_registry.hpp"
#include "layers/common/axis_parts.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

class SliceLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 1; }
  int MinTopBlobs() const override { return 1; }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

 private:
  int Axis(const Blob& bottom) const;
  // The sizes of the tops on the axis.
  std::vector<int> EqualParts(int size, int tops) const;
  std::vector<int> PartsAtPoints(int size) const;

  int axis_ = 0;
  std::vector<AxisPart> parts_;  // the tops
};

void SliceLayer::LayerSetUp(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& top) {
  const caffe::SliceParameter& param = layer_param_.slice_param();
  if (param.has_axis() && param.has_slice_dim()) {
    throw Fail("slice_param.slice_dim", "give either axis or slice_dim, its older name, not both");
  }
  const int needed = static_cast<int>(top.size()) - 1;
  if (param.slice_point_size() != 0 && param.slice_point_size() != needed) {
    const int at = std::min(param.slice_point_size() - 1, needed);
    throw Fail(Cat("slice_param.slice_point[", at, "]"),
               Cat("needs one slice_point less than there are tops, or none for equal parts; got ",
                   param.slice_point_size(), " for ", top.size(), " tops"));
  }
}

int SliceLayer::Axis(const Blob& bottom) const {
  const caffe::SliceParameter& param = layer_param_.slice_param();
  if (param.has_slice_dim()) {
    return OldAxis(*this, bottom, param.slice_dim(), "slice_param.slice_dim");
  }
  return CanonicalAxis(bottom, param.axis(), "slice_param.axis");
}

std::vector<int> SliceLayer::EqualParts(int size, int tops) const {
  if (size % tops != 0) {
    throw Fail("slice_param", Cat("cannot cut axis ", axis_, " of size ", size, " into ", tops,
                                  " equal parts; give slice_point, or another number of tops"));
  }
  return std::vector<int>(static_cast<size_t>(tops), size / tops);
}

std::vector<int> SliceLayer::PartsAtPoints(int size) const {
  std::vector<int> parts;
  const auto& points = layer_param_.slice_param().slice_point();
  uint32_t previous = 0;
  for (int i = 0; i < points.size(); ++i) {
    const uint32_t point = points.Get(i);
    const std::string field = Cat("slice_param.slice_point[", i, "]");
    if (point <= previous) {
      throw Fail(field, i == 0 ? "slice_point must be 1 or more, got 0"
                               : Cat("each slice_point must be greater than the one before, got ",
                                     point, " after ", previous));
    }
    if (point >= static_cast<uint32_t>(size)) {
      throw Fail(field, Cat("slice_point must be less than the bottom's size of ", size,
                            " on axis ", axis_, ", got ", point));
    }
    parts.push_back(static_cast<int>(point - previous));
    previous = point;
  }
  parts.push_back(size - static_cast<int>(previous));
  return parts;
}

void SliceLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  axis_ = Axis(*bottom[0]);
  const int size = bottom[0]->shape(axis_);
  const std::vector<int> parts = layer_param_.slice_param().slice_point_size() > 0
                                     ? PartsAtPoints(size)
                                     : EqualParts(size, static_cast<int>(top.size()));
  std::vector<int> shape = bottom[0]->shape();
  for (size_t i = 0; i < top.size(); ++i) {
    shape[static_cast<size_t>(axis_)] = parts[i];
    top[i]->Reshape(shape);
  }
  if (top.size() == 1) {
    top[0]->ShareData(*bottom[0]);
    top[0]->ShareDiff(*bottom[0]);
  }
}

void SliceLayer::Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  if (top.size() == 1) return;
  parts_.clear();
  for (const Blob* blob : top) parts_.push_back({blob, blob->data().get()});
  CutParts(axis_, {bottom[0], bottom[0]->data().get()}, parts_);
}

void SliceLayer::Backward_cpu(const std::vector<Blob*>& top,
                              const std::vector<bool>& propagate_down,
                              const std::vector<Blob*>& bottom) {
  if (!propagate_down[0] || top.size() == 1) return;
  parts_.clear();
  for (const Blob* blob : top) parts_.push_back({blob, blob->diff().get()});
  JoinParts(axis_, parts_, {bottom[0], bottom[0]->diff().get()});
}

}  // namespace
DEMITASSE_REGISTER_LAYER("Slice", SliceLayer);
}  // namespace demitasse
