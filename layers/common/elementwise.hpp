// Loops over the elements of blobs, for layers whose every output depends on one input. They
// compute in whatever layout the input is in.
#ifndef DEMITASSE_LAYERS_COMMON_ELEMENTWISE_HPP_
#define DEMITASSE_LAYERS_COMMON_ELEMENTWISE_HPP_

#include "demitasse/blob.hpp"
#include "src/core/vectorize.hpp"
#include "src/ops/output.hpp"

namespace demitasse {

// Whether an array of `size` elements can be mapped as stored: a layout's padding must stay 0.
inline bool PaddingStays(const Buffer& array, int64_t size, float image_of_zero) {
  return image_of_zero == 0 || StoredSize(array, size) == size;
}

// top = function(x), with x the bottom's data or a copy of them that may be the top's own.
template <typename Function>
void Map(const Buffer& bottom, Blob* top, const Function& function) {
  if (!PaddingStays(bottom, top->size(), function(0.0f))) bottom.plain();
  const float* const x = bottom.stored();
  float* const y = OutputInLayoutOf(bottom, top->data().get());
  const int64_t count = StoredSize(bottom, top->size());
  ParallelMap(count, y, StoreFor(x, y, count), [=](int64_t i) { return function(x[i]); });
}

// The bottom's gradient = function(value, the top's gradient), with `values` what the derivative is
// computed from: the inputs or the outputs. Works in place.
template <typename Function>
void MapGradient(const Buffer& values, const Blob& top, Blob* bottom, const Function& function) {
  const Buffer& top_diff = *top.diff();
  BringTogether(values, top_diff);
  if (!PaddingStays(top_diff, top.size(), function(0.0f, 0.0f))) {
    values.plain();
    top_diff.plain();
  }
  const float* const known = values.stored();
  const float* const dy = top_diff.stored();
  float* const dx = OutputInLayoutOf(top_diff, bottom->diff().get());
  const int64_t count = StoredSize(top_diff, top.size());
  ParallelMap(count, dx, StoreFor(dy, dx, count),
              [=](int64_t i) { return function(known[i], dy[i]); });
}

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_ELEMENTWISE_HPP_
