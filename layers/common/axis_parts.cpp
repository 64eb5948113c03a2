#include "layers/common/axis_parts.hpp"

#include <algorithm>

#include "src/core/text.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

// The elements an array has for each index of the axes before `axis`.
int64_t RunLength(int axis, const AxisPart& part) {
  return part.blob->size(axis, part.blob->num_axes());
}

// The layout of `part`, if it is one of channel blocks of which all `parts` have a whole number:
// then each image of theirs is one run of memory, as in plain order.
std::shared_ptr<const Layout> WholeBlocks(int axis, const AxisPart& part,
                                          const std::vector<AxisPart>& parts) {
  const Blob& blob = *part.blob;
  const std::shared_ptr<const Layout>& layout = part.buffer->shared_layout();
  if (layout == nullptr || axis != 1 || blob.num_axes() < 3) return nullptr;
  const int64_t block =
      layout->ChannelBlock(blob.shape(0), blob.shape(1), blob.size(2, blob.num_axes()));
  if (block == 0 || layout->Resized(blob.shape()) == nullptr) return nullptr;
  const bool whole = std::all_of(parts.begin(), parts.end(), [=](const AxisPart& other) {
    return other.blob->shape(1) % block == 0;
  });
  return whole ? layout : nullptr;
}

std::shared_ptr<const Layout> OfShape(const std::shared_ptr<const Layout>& blocks,
                                      const AxisPart& part) {
  return blocks == nullptr ? nullptr : blocks->Resized(part.blob->shape());
}

}  // namespace

void CopyRuns(int64_t runs, int64_t length, const float* from, int64_t from_step, float* to,
              int64_t to_step) {
  ParallelFor(runs * length, kElementwiseGrain, [=](int64_t begin, int64_t end) {
    while (begin < end) {
      const int64_t run = begin / length;
      const int64_t at = begin % length;
      const int64_t count = std::min(end - begin, length - at);
      std::copy_n(from + run * from_step + at, count, to + run * to_step + at);
      begin += count;
    }
  });
}

void JoinParts(int axis, const std::vector<AxisPart>& parts, const AxisPart& whole) {
  std::shared_ptr<const Layout> blocks;
  for (const AxisPart& part : parts) {
    if (blocks == nullptr) blocks = WholeBlocks(axis, part, parts);
  }
  // All of them first: a part that is computed only now may be in the whole's memory.
  for (const AxisPart& part : parts) part.buffer->BringInto(OfShape(blocks, part));
  float* to = whole.buffer->Overwrite(OfShape(blocks, whole));
  for (const AxisPart& part : parts) {
    const int64_t length = RunLength(axis, part);
    const float* const from = part.buffer->stored();
    if (from != to) {  // where the net's memory plan has put the part already
      CopyRuns(whole.blob->size(0, axis), length, from, length, to, RunLength(axis, whole));
    }
    to += length;
  }
}

void CutParts(int axis, const AxisPart& whole, const std::vector<AxisPart>& parts) {
  const std::shared_ptr<const Layout> blocks = WholeBlocks(axis, whole, parts);
  const float* from = blocks != nullptr ? whole.buffer->stored() : whole.buffer->plain();
  for (const AxisPart& part : parts) {
    const int64_t length = RunLength(axis, part);
    if (part.buffer != nullptr) {
      CopyRuns(whole.blob->size(0, axis), length, from, RunLength(axis, whole),
               part.buffer->Overwrite(OfShape(blocks, part)), length);
    }
    from += length;
  }
}

int OldAxis(const Layer& layer, const Blob& blob, uint32_t axis, const std::string& field) {
  if (axis >= static_cast<uint32_t>(blob.num_axes())) {
    throw layer.Fail(field, Cat("axis ", axis, " is outside the bottom's ", blob.num_axes(),
                                " axes (", blob.shape_string(), ")"));
  }
  return static_cast<int>(axis);
}

}  // namespace demitasse
