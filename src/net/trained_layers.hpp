// Weights of a file that do not fit the layers they are for.
#ifndef DEMITASSE_SRC_NET_TRAINED_LAYERS_HPP_
#define DEMITASSE_SRC_NET_TRAINED_LAYERS_HPP_

#include <string>
#include <vector>

#include "src/io/weights.hpp"
#include "src/net/net_state.hpp"

namespace demitasse {

struct WeightMisfit {
  size_t layer;  // of the net
  std::string message;
};

// In the order of the file; layers that are not set up are left out.
std::vector<WeightMisfit> FindMisfits(const WeightFile& file, const NetState& state);

// Whether layers above hold all the parameters of this one.
bool AllShared(const NetState& state, const Layer& layer);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_NET_TRAINED_LAYERS_HPP_
