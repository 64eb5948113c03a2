// The first stage of building a net: which layers take part in a phase, level and set of stages.
#ifndef DEMITASSE_SRC_NET_FILTER_HPP_
#define DEMITASSE_SRC_NET_FILTER_HPP_

#include <vector>

#include "demitasse/error.hpp"
#include "demitasse/source_map.hpp"
#include "src/net/planned_layer.hpp"

namespace demitasse {

// The layers of `net` whose rules its `state` meets. A layer with include rules takes part if the
// state meets one of them; one with exclude rules unless it meets one. A rule is met if all it
// names holds: the phase, min_level <= level <= max_level, every stage, and no not_stage.
std::vector<PlannedLayer> FilterLayers(const caffe::NetParameter& net, const SourceMap& source,
                                       Diagnostics* diagnostics);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_NET_FILTER_HPP_
