// The parameters of a layer that people write beside it in a drawing.
#ifndef DEMITASSE_TOOLS_LAYER_DETAILS_HPP_
#define DEMITASSE_TOOLS_LAYER_DETAILS_HPP_

#include <string>

#include "demitasse/layer.hpp"

namespace demitasse {

// "64, 3x3, stride 2, pad 1" of a convolution, "MAX, 2x2, stride 2" of a pooling, "0.5" of a
// dropout; empty if there is nothing to say.
std::string LayerDetails(const Layer& layer);

// Whether a field of that name is set in the messages that the layer's type takes parameters from.
bool HasParameter(const Layer& layer, const std::string& name);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_LAYER_DETAILS_HPP_
