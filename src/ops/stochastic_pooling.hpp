// Stochastic pooling of windows of two spatial axes, for values that are not negative: one value of
// the window at random, as probable as it is large, or their mean weighted so.
// Zeiler, Fergus (2013), "Stochastic pooling for regularization of deep convolutional neural
// networks".
#ifndef DEMITASSE_SRC_OPS_STOCHASTIC_POOLING_HPP_
#define DEMITASSE_SRC_OPS_STOCHASTIC_POOLING_HPP_

#include <cstdint>
#include <vector>

#include "demitasse/buffer.hpp"
#include "demitasse/random.hpp"
#include "src/ops/window.hpp"

namespace demitasse {

// Shapes: src (planes, input...), dst (planes, output...). A window that sees no place of the input
// gives 0 and takes no gradient.
struct StochasticPooling {
  int64_t planes = 0;
  WindowGeometry window;

  // `chosen` becomes the index in src of the value of each window; -1 for an empty one.
  void Sample(const Buffer& src, Rng* rng, Buffer* dst, std::vector<int64_t>* chosen) const;
  // Overwrites src_diff.
  void SampleBackward(const std::vector<int64_t>& chosen, const Buffer& dst_diff,
                      Buffer* src_diff) const;

  // dst = (sum of x^2) / (sum of x), 0 where the latter is not above 0.
  void Mean(const Buffer& src, Buffer* dst) const;
  // Overwrites src_diff.
  void MeanBackward(const Buffer& src, const Buffer& dst_diff, Buffer* src_diff) const;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_STOCHASTIC_POOLING_HPP_
