// Reshape: y = x under another shape with as many elements. Data and gradient are shared with the
// bottom. In `shape`, 0 keeps the bottom's size at that place and one -1 stands for what the others
// leave; axis and num_axes confine it to some of the bottom's axes.

#include <limits>

#include "demitasse/layer_registry.hpp"
#include "layers/common/view_layer.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

std::string DimField(int index) { return Cat("reshape_param.shape.dim[", index, "]"); }

class ReshapeLayer : public ViewLayer {
 public:
  using ViewLayer::ViewLayer;

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 protected:
  std::vector<int> TopShape(const Blob& bottom) const override;

 private:
  // The axes of the bottom that are replaced: [first, end).
  struct Range {
    int first = 0;
    int end = 0;
  };
  Range ReplacedAxes(const Blob& bottom) const;
  int KeptSize(const Blob& bottom, int first, int index) const;
  int64_t CountOf(const std::vector<int>& shape) const;
  // What is left for the dimension -1 in a shape that has 1 in its place.
  int InferredSize(const Blob& bottom, const std::vector<int>& shape) const;

  int inferred_ = -1;  // index of the -1 in `shape`, -1 if there is none
};

void ReshapeLayer::LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                              const std::vector<Blob*>& /*top*/) {
  const auto& dims = layer_param_.reshape_param().shape().dim();
  for (int i = 0; i < dims.size(); ++i) {
    if (dims[i] < -1 || dims[i] > std::numeric_limits<int>::max()) {
      throw Fail(DimField(i), Cat("dim must be a size, 0 (as in the bottom) or -1 (what the others "
                                  "leave), got ",
                                  dims[i]));
    }
    if (dims[i] != -1) continue;
    if (inferred_ >= 0) {
      throw Fail(DimField(i),
                 Cat("only one dim can be -1, but dim[", inferred_, "] and dim[", i, "] are"));
    }
    inferred_ = i;
  }
  if (layer_param_.reshape_param().num_axes() < -1) {
    throw Fail("reshape_param.num_axes",
               Cat("num_axes must be 0 or more, or -1 for all axes from axis on, got ",
                   layer_param_.reshape_param().num_axes()));
  }
}

std::vector<int> ReshapeLayer::TopShape(const Blob& bottom) const {
  const auto& dims = layer_param_.reshape_param().shape().dim();
  const Range replaced = ReplacedAxes(bottom);
  const std::vector<int>& from = bottom.shape();
  std::vector<int> shape(from.begin(), from.begin() + replaced.first);
  for (int i = 0; i < dims.size(); ++i) {
    const int size = i == inferred_ ? 1 : static_cast<int>(dims[i]);
    shape.push_back(size == 0 ? KeptSize(bottom, replaced.first, i) : size);
  }
  shape.insert(shape.end(), from.begin() + replaced.end, from.end());
  if (inferred_ >= 0) {
    shape.begin()[replaced.first + inferred_] = InferredSize(bottom, shape);
  } else if (CountOf(shape) != bottom.size()) {
    if (!layer_param_.reshape_param().has_shape()) {
      throw Fail("reshape_param", "shape must be given");
    }
    throw Fail("reshape_param.shape",
               Cat("the new shape ", ShapeString(shape),
                   " must have as many elements as the bottom ", bottom.shape_string()));
  }
  return shape;
}

ReshapeLayer::Range ReshapeLayer::ReplacedAxes(const Blob& bottom) const {
  const caffe::ReshapeParameter& param = layer_param_.reshape_param();
  const int axes = bottom.num_axes();
  if (param.axis() < -axes - 1 || param.axis() > axes) {
    throw Fail("reshape_param.axis",
               Cat("axis must be from ", -axes - 1, " to ", axes, " for a bottom of ", axes,
                   " axes (", bottom.shape_string(), "), got ", param.axis()));
  }
  // A negative axis counts from the end of the shape, so that -1 appends.
  const int first = param.axis() >= 0 ? param.axis() : axes + 1 + param.axis();
  if (param.num_axes() == -1) return {first, axes};
  if (param.num_axes() > axes - first) {
    throw Fail(
        "reshape_param.num_axes",
        Cat("num_axes must be at most ", axes - first, " from axis ", first, " of the bottom's ",
            axes, " axes (", bottom.shape_string(), "), got ", param.num_axes()));
  }
  return {first, first + param.num_axes()};
}

int ReshapeLayer::KeptSize(const Blob& bottom, int first, int index) const {
  const int axis = first + index;
  if (axis >= bottom.num_axes()) {
    throw Fail(DimField(index),
               Cat("dim 0 keeps the size of the bottom's axis ", axis, ", but the bottom ",
                   bottom.shape_string(), " has only ", bottom.num_axes(), " axes"));
  }
  return bottom.shape(axis);
}

int64_t ReshapeLayer::CountOf(const std::vector<int>& shape) const {
  try {
    return ShapeSize(shape);
  } catch (const Error& error) {  // too many axes or elements
    throw Fail("reshape_param.shape", error.message(), error.kind());
  }
}

int ReshapeLayer::InferredSize(const Blob& bottom, const std::vector<int>& shape) const {
  const int64_t others = CountOf(shape);
  if (others == 0 || bottom.size() % others != 0 ||
      bottom.size() / others > std::numeric_limits<int>::max()) {
    throw Fail(DimField(inferred_),
               Cat("there is no size for the dim -1: the bottom ", bottom.shape_string(), " has ",
                   bottom.size(), " elements, the other dims make ", others));
  }
  return static_cast<int>(bottom.size() / others);
}

}  // namespace
DEMITASSE_REGISTER_LAYER("Reshape", ReshapeLayer);
}  // namespace demitasse
