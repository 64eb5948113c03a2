// The layers of the folder layers/, as CMake found them there (cmake/DemitasseLayers.cmake).
#ifndef DEMITASSE_SRC_LAYER_BUILT_IN_LAYERS_HPP_
#define DEMITASSE_SRC_LAYER_BUILT_IN_LAYERS_HPP_

#include <vector>

namespace demitasse {

struct BuiltInLayer {
  const char* type;
  const bool* registered;   // referring to it keeps the layer's object file in the link
  const char* description;  // the comment that opens its source file
};

// Sorted by the names of their files.
const std::vector<BuiltInLayer>& BuiltInLayers();

}  // namespace demitasse

#endif  // DEMITASSE_SRC_LAYER_BUILT_IN_LAYERS_HPP_
