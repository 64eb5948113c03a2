// Concat: y = the bottoms one behind the other along `axis`. In the sizes of their other axes they
// must agree. A single bottom shares data and gradient with the top. Not in place.

#include <limits>

#include "demitasse/layer_registry.hpp"
#include "layers/common/axis_parts.hpp"
#include "layers/common/field_shape.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

class ConcatLayer : public Layer {
 public:
  using Layer::Layer;

  int MinBottomBlobs() const override { return 1; }
  int ExactNumTopBlobs() const override { return 1; }
  bool IsJoin() const override { return is_join_; }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

 private:
  int Axis(const Blob& bottom) const;
  void CheckFits(const std::vector<Blob*>& bottom, int index) const;

  int axis_ = 0;
  bool is_join_ = false;
  std::vector<AxisPart> parts_;  // the bottoms
};

void ConcatLayer::LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                             const std::vector<Blob*>& /*top*/) {
  const caffe::ConcatParameter& param = layer_param_.concat_param();
  if (param.has_axis() && param.has_concat_dim()) {
    throw Fail("concat_param.concat_dim",
               "give either axis or concat_dim, its older name, not both");
  }
}

int ConcatLayer::Axis(const Blob& bottom) const {
  const caffe::ConcatParameter& param = layer_param_.concat_param();
  if (param.has_concat_dim()) {
    return OldAxis(*this, bottom, param.concat_dim(), "concat_param.concat_dim");
  }
  return CanonicalAxis(bottom, param.axis(), "concat_param.axis");
}

void ConcatLayer::CheckFits(const std::vector<Blob*>& bottom, int index) const {
  const Blob& first = *bottom[0];
  const Blob& blob = *bottom[static_cast<size_t>(index)];
  bool fits = blob.num_axes() == first.num_axes();
  for (int axis = 0; fits && axis < first.num_axes(); ++axis) {
    fits = axis == axis_ || blob.shape(axis) == first.shape(axis);
  }
  if (!fits) {
    throw Fail(Cat("bottom[", index, "]"),
               Cat(BottomName(*this, index), " of ", blob.shape_string(), " does not fit ",
                   BottomName(*this, 0), " of ", first.shape_string(), ": all axes but axis ",
                   axis_, " must be equal"));
  }
}

void ConcatLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  axis_ = Axis(*bottom[0]);
  std::vector<int> shape = bottom[0]->shape();
  int64_t joined = shape[static_cast<size_t>(axis_)];
  for (size_t i = 1; i < bottom.size(); ++i) {
    CheckFits(bottom, static_cast<int>(i));
    joined += bottom[i]->shape(axis_);
  }
  if (joined > std::numeric_limits<int>::max()) {
    throw Fail("", Cat("the top would have ", joined, " elements on axis ", axis_, ", more than ",
                       std::numeric_limits<int>::max()));
  }
  shape[static_cast<size_t>(axis_)] = static_cast<int>(joined);
  top[0]->Reshape(shape);
  is_join_ = bottom.size() > 1 && bottom[0]->size(0, axis_) == 1;
  if (bottom.size() == 1) {
    top[0]->ShareData(*bottom[0]);
    top[0]->ShareDiff(*bottom[0]);
  }
}

void ConcatLayer::Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  if (bottom.size() == 1) return;
  parts_.clear();
  for (const Blob* blob : bottom) parts_.push_back({blob, blob->data().get()});
  JoinParts(axis_, parts_, {top[0], top[0]->data().get()});
}

void ConcatLayer::Backward_cpu(const std::vector<Blob*>& top,
                               const std::vector<bool>& propagate_down,
                               const std::vector<Blob*>& bottom) {
  if (bottom.size() == 1) return;
  parts_.clear();
  for (size_t i = 0; i < bottom.size(); ++i) {
    parts_.push_back({bottom[i], propagate_down[i] ? bottom[i]->diff().get() : nullptr});
  }
  CutParts(axis_, {top[0], top[0]->diff().get()}, parts_);
}

}  // namespace
DEMITASSE_REGISTER_LAYER("Concat", ConcatLayer);
}  // namespace demitasse
