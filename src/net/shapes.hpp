// A net built for its shapes alone, to be looked at and not run: nothing is filled, no data is
// opened, no memory is taken.
#ifndef DEMITASSE_SRC_NET_SHAPES_HPP_
#define DEMITASSE_SRC_NET_SHAPES_HPP_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "src/net/net_state.hpp"
#include "src/parse/prototxt.hpp"

namespace demitasse {

// Shapes by the names of blobs.
using GivenShapes = std::map<std::string, std::vector<int>>;

// The net as far as it can be built, in which a blob without has_shape() is one whose shape is
// unknown: only data tell the shapes of some data layers' tops, and what is unknown flows on to the
// layers behind. `shapes` gives shapes to tops of layers without bottoms (SourceTops), in place of
// those in the prototxt, and to what a layer that has failed would make. All problems are added to
// `diagnostics`; after errors the tops of a layer that has failed have no other shape, and layers
// of unknown type are null. Of layers at the paths `doubtful`, which were not read as they are
// meant, nothing is said, and their tops are unknown.
std::unique_ptr<NetState> BuildShapes(const NetSource& net, const NetOptions& options,
                                      const GivenShapes& shapes, Diagnostics* diagnostics,
                                      const std::set<std::string>& doubtful = {});

// Whether there is a layer for everything in the net, and each bottom is some layer's top: only
// then it is planned what Backward would do.
bool IsConnected(const NetState& state);

// The tops of the layers without bottoms: the net's inputs and what data layers give.
std::vector<std::string> SourceTops(const NetState& state);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_NET_SHAPES_HPP_
