// The third stage of building a net: a Split layer behind every value that several layers read, so
// that each reader has a gradient of its own and the Split adds them up.
#ifndef DEMITASSE_SRC_NET_SPLITS_HPP_
#define DEMITASSE_SRC_NET_SPLITS_HPP_

#include <vector>

#include "src/net/planned_layer.hpp"
#include "src/net/wiring.hpp"

namespace demitasse {

// The layers with the Split layers they need. A top that is a loss counts its loss as one reader;
// the first copy carries its weight then. Layers and copies are named as Caffe names them
// ("ip2_ip2_0_split", "ip2_ip2_0_split_1").
std::vector<PlannedLayer> InsertSplits(std::vector<PlannedLayer> layers, const Wiring& wiring);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_NET_SPLITS_HPP_
