// Flatten: y = x with the axes from `axis` to `end_axis` made into one. Data and gradient are
// shared with the bottom.

#include "demitasse/layer_registry.hpp"
#include "layers/common/view_layer.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

class FlattenLayer : public ViewLayer {
 public:
  using ViewLayer::ViewLayer;

 protected:
  std::vector<int> TopShape(const Blob& bottom) const override {
    const caffe::FlattenParameter& param = layer_param_.flatten_param();
    const int axis = CanonicalAxis(bottom, param.axis(), "flatten_param.axis");
    const int end_axis = CanonicalAxis(bottom, param.end_axis(), "flatten_param.end_axis");
    if (end_axis < axis) {
      throw Fail("flatten_param.end_axis",
                 Cat("end_axis must not lie before axis; in a bottom of ", bottom.num_axes(),
                     " axes they are ", end_axis, " and ", axis));
    }
    const std::vector<int>& from = bottom.shape();
    std::vector<int> shape(from.begin(), from.begin() + axis);
    shape.push_back(bottom.count(axis, end_axis + 1));
    shape.insert(shape.end(), from.begin() + end_axis + 1, from.end());
    return shape;
  }
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Flatten", FlattenLayer);
}  // namespace demitasse
