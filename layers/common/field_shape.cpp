#include "layers/common/field_shape.hpp"

#include <limits>

#include "src/core/text.hpp"

namespace demitasse {

std::vector<int> FieldShape(const Layer& layer, const caffe::BlobShape& shape,
                            const std::string& field) {
  constexpr int kMost = std::numeric_limits<int>::max();
  std::vector<int> dimensions;
  for (int i = 0; i < shape.dim_size(); ++i) {
    if (shape.dim(i) < 0 || shape.dim(i) > kMost) {
      throw layer.Fail(Cat(field, ".dim[", i, "]"),
                       Cat("a dimension must be from 0 to ", kMost, ", got ", shape.dim(i)));
    }
    dimensions.push_back(static_cast<int>(shape.dim(i)));
  }
  try {
    ShapeSize(dimensions);
  } catch (const Error& error) {
    throw layer.Fail(field, error.message(), error.kind());
  }
  return dimensions;
}

std::string BottomName(const Layer& layer, int index) {
  const LayerParameter& param = layer.layer_param();
  const std::string name = index < param.bottom_size() ? Cat(" '", param.bottom(index), "'") : "";
  return Cat("bottom[", index, "]", name);
}

}  // namespace demitasse
