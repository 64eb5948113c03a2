// An example of each type of layer, as it stands in a prototxt.
#ifndef DEMITASSE_TOOLS_LAYER_EXAMPLES_HPP_
#define DEMITASSE_TOOLS_LAYER_EXAMPLES_HPP_

#include <string>

namespace demitasse {

// "layer {\n  name: ...\n}\n"; empty for a type there is no example of.
std::string LayerExample(const std::string& type);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_LAYER_EXAMPLES_HPP_
