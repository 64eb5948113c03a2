// What a type of layer declares of itself (the virtual functions of demitasse/layer.hpp), in words.
#ifndef DEMITASSE_TOOLS_LAYER_FACTS_HPP_
#define DEMITASSE_TOOLS_LAYER_FACTS_HPP_

#include <string>

namespace demitasse {

struct LayerFacts {
  bool has_no_bottoms = false;  // and so nothing to work in place on or to have a gradient of
  std::string bottoms;          // "2; bottom 1 holds labels or indices"
  std::string tops;             // "1 or more"
  std::string in_place;         // "yes", "no"
  std::string gradient;         // of which bottoms there is one: "bottom 0"
};

// Those of a registered type with all parameters at their defaults.
LayerFacts FindLayerFacts(const std::string& type);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_LAYER_FACTS_HPP_
