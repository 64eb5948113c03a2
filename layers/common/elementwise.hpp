// Loops over the elements of blobs, for layers whose every output depends on one input.
#ifndef DEMITASSE_LAYERS_COMMON_ELEMENTWISE_HPP_
#define DEMITASSE_LAYERS_COMMON_ELEMENTWISE_HPP_

#include "demitasse/blob.hpp"
#include "src/core/vectorize.hpp"
#include "src/ops/output.hpp"

namespace demitasse {

// top = function(bottom); the two may be one blob.
template <typename Function>
void Map(const Blob& bottom, Blob* top, const Function& function) {
  const float* const x = bottom.cpu_data();
  float* const y = PlainOutput(*bottom.data(), top->data().get());
  ParallelMap(bottom.size(), y, StoreFor(x, y, bottom.size()),
              [=](int64_t i) { return function(x[i]); });
}

// The bottom's gradient = function(value, the top's gradient), with `values` what the derivative is
// computed from: the inputs, the outputs or a mask. Works in place.
template <typename Function>
void MapGradient(const float* values, const Blob& top, Blob* bottom, const Function& function) {
  const float* const top_diff = top.cpu_diff();
  float* const bottom_diff = PlainOutput(*top.diff(), bottom->diff().get());
  ParallelMap(bottom->size(), bottom_diff, StoreFor(top_diff, bottom_diff, bottom->size()),
              [=](int64_t i) { return function(values[i], top_diff[i]); });
}

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_ELEMENTWISE_HPP_
