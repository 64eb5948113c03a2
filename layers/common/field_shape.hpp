// Shapes that users write into layers.
#ifndef DEMITASSE_LAYERS_COMMON_FIELD_SHAPE_HPP_
#define DEMITASSE_LAYERS_COMMON_FIELD_SHAPE_HPP_

#include <string>
#include <vector>

#include "demitasse/layer.hpp"

namespace demitasse {

// The shape that stands in `field` of the layer ("input_param.shape[0]"). Fails at the dimension
// that is negative or too large, or at the field if the blob would be too large for any machine.
std::vector<int> FieldShape(const Layer& layer, const caffe::BlobShape& shape,
                            const std::string& field);

// "bottom[1] 'fc7'", or without the name where the layer was made without one.
std::string BottomName(const Layer& layer, int index);

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_FIELD_SHAPE_HPP_
