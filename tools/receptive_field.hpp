// Which part of a net's input a place of a blob depends on.
#ifndef DEMITASSE_TOOLS_RECEPTIVE_FIELD_HPP_
#define DEMITASSE_TOOLS_RECEPTIVE_FIELD_HPP_

#include <cstdint>
#include <map>
#include <vector>

#include "src/net/net_state.hpp"

namespace demitasse {

// One entry per spatial axis: place o of the blob sees the places from start + o * stride on,
// `size` of them; some may lie in the padding around the input.
struct ReceptiveField {
  std::vector<int64_t> size;
  std::vector<int64_t> stride;
  std::vector<int64_t> start;
};

// Of the blobs for which it can be told: those that a net makes of blobs with spatial axes, which
// are the ones behind the second, by layers that slide windows or work place by place. Where
// branches meet, of all their inputs. Statistics over all places, such as those of BatchNorm in
// TRAIN, do not count.
std::map<const Blob*, ReceptiveField> FindReceptiveFields(const NetState& net);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_RECEPTIVE_FIELD_HPP_
