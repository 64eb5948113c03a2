// Parts of an array along one axis: what Concat joins and Slice cuts.
#ifndef DEMITASSE_LAYERS_COMMON_AXIS_PARTS_HPP_
#define DEMITASSE_LAYERS_COMMON_AXIS_PARTS_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "demitasse/layer.hpp"

namespace demitasse {

// Copies `runs` runs of `length` floats; in memory they begin `from_step` and `to_step` floats
// apart.
void CopyRuns(int64_t runs, int64_t length, const float* from, int64_t from_step, float* to,
              int64_t to_step);

// An array: a blob's shape, and its data or its gradient. The buffer is null for one that is not
// wanted.
struct AxisPart {
  const Blob* blob;
  Buffer* buffer;
};

// whole = the parts one behind the other along `axis`, in channel blocks if one of the parts is in
// them, `axis` is that of the channels and no part ends within a block; else in plain order.
void JoinParts(int axis, const std::vector<AxisPart>& parts, const AxisPart& whole);
// The reverse.
void CutParts(int axis, const AxisPart& whole, const std::vector<AxisPart>& parts);

// An axis under its older name (concat_dim, slice_dim), which takes no negative values. Fails at
// `field` if it is outside the blob.
int OldAxis(const Layer& layer, const Blob& blob, uint32_t axis, const std::string& field);

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_AXIS_PARTS_HPP_
