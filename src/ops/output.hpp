// What ops that compute in the layout their input is in share: where to write, which may be in
// place, and when two inputs fit together.
#ifndef DEMITASSE_SRC_OPS_OUTPUT_HPP_
#define DEMITASSE_SRC_OPS_OUTPUT_HPP_

#include <algorithm>
#include <cstdint>

#include "demitasse/buffer.hpp"
#include "src/core/threads.hpp"

namespace demitasse {

// Memory for a result in plain order. If the input is the same buffer, its elements are still
// there, in plain order; other old elements are dropped without being converted.
inline float* PlainOutput(const Buffer& input, Buffer* output) {
  return output == &input ? output->mutable_plain() : output->Overwrite(nullptr);
}

// The same in the layout that the input is in.
inline float* OutputInLayoutOf(const Buffer& input, Buffer* output) {
  return output == &input ? output->mutable_stored() : output->Overwrite(input.shared_layout());
}

// Floats that a buffer of `size` elements takes as stored, padding included.
inline int64_t StoredSize(const Buffer& buffer, int64_t size) {
  return buffer.layout() != nullptr ? buffer.layout()->stored_size() : size;
}

// Whether element i of the one as stored is element i of the other.
inline bool SameLayout(const Buffer& a, const Buffer& b) {
  if (a.layout() == nullptr || b.layout() == nullptr) return a.layout() == b.layout();
  return a.layout()->Equals(*b.layout());
}

// dst = src, `size` elements, as stored.
inline void CopyBuffer(const Buffer& src, int64_t size, Buffer* dst) {
  const float* const from = src.stored();
  float* const to = dst->Overwrite(src.shared_layout());
  ParallelFor(StoredSize(src, size), kElementwiseGrain,
              [=](int64_t begin, int64_t end) { std::copy(from + begin, from + end, to + begin); });
}

// Brings both into one layout: the one that has a layout keeps it.
inline void BringTogether(const Buffer& a, const Buffer& b) {
  if (SameLayout(a, b)) return;
  const Buffer& leader = a.layout() != nullptr ? a : b;
  (&leader == &a ? b : a).BringInto(leader.shared_layout());
}

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_OUTPUT_HPP_
