// The base of the powers and logarithms that users write into layers.
#ifndef DEMITASSE_LAYERS_COMMON_LOG_BASE_HPP_
#define DEMITASSE_LAYERS_COMMON_LOG_BASE_HPP_

#include <string>

#include "demitasse/layer.hpp"

namespace demitasse {

// The natural logarithm of `base`, which stands in `field` of the layer ("exp_param.base"); -1
// means e. Fails there if the base has no logarithm.
float LogBase(const Layer& layer, float base, const std::string& field);

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_LOG_BASE_HPP_
