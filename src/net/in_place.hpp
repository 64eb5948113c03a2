// Which memory no layer may work in place on, although the prototxt says so.
#ifndef DEMITASSE_SRC_NET_IN_PLACE_HPP_
#define DEMITASSE_SRC_NET_IN_PLACE_HPP_

#include "src/net/net_state.hpp"

namespace demitasse {

// Whether the data of a value (an index into the wiring) is needed after its only reader has run:
// by the gradient of the layer that wrote it, or by readers of other blobs in the same memory. All
// layers up to the one that writes the value must have been built.
bool IsNeededLater(const NetState& state, size_t value);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_NET_IN_PLACE_HPP_
