// Numbers of things that users write into layers: outputs, groups, kernel sizes.
#ifndef DEMITASSE_LAYERS_COMMON_COUNT_FIELD_HPP_
#define DEMITASSE_LAYERS_COMMON_COUNT_FIELD_HPP_

#include <cstdint>
#include <string>

#include "demitasse/layer.hpp"

namespace demitasse {

// `value`, which stands in `field` of the layer ("convolution_param.kernel_size[1]"), as int. Fails
// there, naming the field, if it is less than `least` (0 or 1) or beyond int.
int CountField(const Layer& layer, const std::string& field, uint32_t value, int least = 1);

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_COUNT_FIELD_HPP_
