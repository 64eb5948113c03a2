// The rectifier: y = max_value for x >= max_value, x for threshold <= x < max_value, and
// negative_slope * (x - threshold) below; NaN stays NaN.
//
// There is one implementation, for all engines. The work is bound by memory, where plain loops are
// as fast as oneDNN's, and oneDNN 2.6 turns NaN into 0. It computes in whatever layout the source
// is in, so that a rectifier between two of an engine's ops costs no conversion.
#ifndef DEMITASSE_SRC_OPS_RELU_HPP_
#define DEMITASSE_SRC_OPS_RELU_HPP_

#include <cstdint>
#include <limits>

#include "demitasse/buffer.hpp"

namespace demitasse {

struct Relu {
  float negative_slope = 0;
  float threshold = 0;
  float max_value = std::numeric_limits<float>::infinity();  // not below threshold

  // Whether the derivative can be told from y as well as from x.
  bool OutputTellsGradient() const { return threshold == 0 && negative_slope >= 0; }

  // dst = y(src), for `size` elements. They may be one buffer.
  void Forward(const Buffer& src, int64_t size, Buffer* dst) const;

  // src_diff = y' * dst_diff; the last two may be one buffer. `known` holds x, or y if that tells.
  // y' is 0 for x >= max_value, 1 for threshold < x < max_value and negative_slope elsewhere; in
  // the corners this is what Caffe and TensorFlow say.
  void Backward(const Buffer& known, const Buffer& dst_diff, int64_t size, Buffer* src_diff) const;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_RELU_HPP_
