// Parts of an array along one axis: what Concat joins and Slice cuts.
#ifndef DEMITASSE_LAYERS_COMMON_AXIS_PARTS_HPP_
#define DEMITASSE_LAYERS_COMMON_AXIS_PARTS_HPP_

#include <cstdint>
#include <string>

#include "demitasse/layer.hpp"

namespace demitasse {

// Copies `runs` runs of `length` floats; in memory they begin `from_step` and `to_step` floats
// apart.
void CopyRuns(int64_t runs, int64_t length, const float* from, int64_t from_step, float* to,
              int64_t to_step);

// An axis under its older name (concat_dim, slice_dim), which takes no negative values. Fails at
// `field` if it is outside the blob.
int OldAxis(const Layer& layer, const Blob& blob, uint32_t axis, const std::string& field);

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_AXIS_PARTS_HPP_
