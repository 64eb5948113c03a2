// The gradient of the weights of a 3x3 convolution of stride 1 by Winograd's algorithm: that of the
// transformed weights is, in each of 36 planes, a matrix product of the transformed input and the
// transformed gradient of the output, summed over the tiles.
#ifndef DEMITASSE_SRC_OPS_WINOGRAD_GRADIENT_HPP_
#define DEMITASSE_SRC_OPS_WINOGRAD_GRADIENT_HPP_

#include <cstdint>
#include <vector>

#include "src/ops/winograd_kernels.hpp"

namespace demitasse {

// `shape` is the convolution's.
class WinogradGradient {
 public:
  explicit WinogradGradient(const WinogradShape& shape);

  // src and dst_diff are in channel blocks of WinogradLanes() floats. Adds to weights_diff and
  // bias_diff, which are in plain order; a gradient that is not wanted is null.
  void Run(const float* src, const float* dst_diff, float* weights_diff, float* bias_diff);

 private:
  // Tiles that are transformed at once, in the caller's scratch memory.
  struct Span {
    WinogradRange tiles;
    WinogradPlanes v, z;
  };

  void Transform(const float* src, const float* dst_diff, const Span& span) const;
  void Multiply(const Span& span, const WinogradPlanes& u_diff);
  void SumBias(const Span& span, int64_t block);

  const WinogradShape shape_;
  const int64_t lanes_;
  const int64_t in_blocks_, out_blocks_;
  const int64_t span_;             // tiles
  std::vector<double> bias_sums_;  // by output channel, whole blocks
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_WINOGRAD_GRADIENT_HPP_
