// Softmax: y_k = exp(x_k) / (sum over j of exp(x_j)), over the channels of each place.
//
// There is one implementation, for all engines. oneDNN 2.6 has a fast kernel only for channels that
// lie side by side, where softmax is a small part of any net; places beside each other take it
// twenty times as long as plain loops, and a NaN makes it give 0 for the other channels, which
// turns a loss that should be NaN into a number.
#ifndef DEMITASSE_SRC_OPS_SOFTMAX_HPP_
#define DEMITASSE_SRC_OPS_SOFTMAX_HPP_

#include <cstdint>

#include "demitasse/blob.hpp"

namespace demitasse {

// Arrays of outer x channels x inner elements.
struct Softmax {
  int64_t outer = 0;
  int64_t channels = 0;
  int64_t inner = 0;

  // For arrays of the blob's shape, along one of its axes, counted from the front.
  static Softmax Along(const Blob& blob, int axis);

  // dst = y(src), in plain order, from src in plain order or in blocks of channels; they may be one
  // buffer. No exp overflows, however large x is.
  void Forward(const Buffer& src, Buffer* dst) const;

  // src_diff_k = y_k * (dst_diff_k - sum over j of y_j * dst_diff_j), with y in dst; the two
  // gradients may be one buffer.
  void Backward(const Buffer& dst, const Buffer& dst_diff, Buffer* src_diff) const;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_SOFTMAX_HPP_
