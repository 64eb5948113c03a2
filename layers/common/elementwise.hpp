// Loops over the elements of blobs, for layers whose every output depends on one input.
#ifndef DEMITASSE_LAYERS_COMMON_ELEMENTWISE_HPP_
#define DEMITASSE_LAYERS_COMMON_ELEMENTWISE_HPP_

#include "demitasse/blob.hpp"
#include "src/core/threads.hpp"
#include "src/ops/output.hpp"

namespace demitasse {

// top = function(bottom); the two may be one blob.
template <typename Function>
void Map(const Blob& bottom, Blob* top, const Function& function) {
  const float* const x = bottom.cpu_data();
  float* const y = PlainOutput(*bottom.data(), top->data().get());
  ParallelFor(bottom.size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) y[i] = function(x[i]);
  });
}

// The bottom's gradient = function(value, the top's gradient), with `values` what the derivative is
// computed from: the inputs, the outputs or a mask. Works in place.
template <typename Function>
void MapGradient(const float* values, const Blob& top, Blob* bottom, const Function& function) {
  const float* const top_diff = top.cpu_diff();
  float* const bottom_diff = PlainOutput(*top.diff(), bottom->diff().get());
  ParallelFor(bottom->size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) bottom_diff[i] = function(values[i], top_diff[i]);
  });
}

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_ELEMENTWISE_HPP_
