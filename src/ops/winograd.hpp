// Winograd's algorithm for 3x3 convolutions of stride 1: F(4x4, 3x3) computes 4x4 results of a
// channel from 6x6 places of the input by 36 products instead of 144.
// Lavin, Gray (2016), "Fast algorithms for convolutional neural networks".
//
// The tiles of the input and the weights are transformed, which leaves 36 independent matrix
// products (tiles x input channels times input channels x output channels), and the products are
// transformed back. The work is done by blocks of tiles, so that what is transformed stays in the
// cache.
//
// The result of a convolution differs from that of the definition by less than 1e-5 of its largest
// value (direct sums of floats: 1e-6). It does not depend on the number of threads, nor on how the
// work is cut. A NaN or an infinity in the input may make NaN of the whole 4x4 tile of each result
// it reaches.
#ifndef DEMITASSE_SRC_OPS_WINOGRAD_HPP_
#define DEMITASSE_SRC_OPS_WINOGRAD_HPP_

#include <cstdint>
#include <memory>

#include "demitasse/buffer.hpp"
#include "src/core/buffer_state.hpp"
#include "src/ops/winograd_kernels.hpp"

namespace demitasse {

// How the work is cut.
struct WinogradBlocking {
  int64_t tiles;   // that are multiplied at once, with as many output channels as
  int64_t panels;  // have
  // The input of so many tiles is transformed by all threads before they multiply it, so that the
  // weights are read once for all of these; 0: each thread works on tiles of its own.
  int64_t span;
};

// The rule, measured as docs/performance.md says:
// - Work of some 20 microseconds stays on one core.
// - Up to 256 input channels, and with tiles for at least 8 pieces, each piece is transformed,
//   multiplied and transformed back by one thread: 12 tiles where that keeps them in the cache of
//   second level, 48 where the weights, which every piece reads, take more time.
// - Else the transformed weights are the larger array: they are cut among the threads, which share
//   the transformed input of up to 400 tiles.
WinogradBlocking ChooseWinogradBlocking(const WinogradShape& shape);

// Whether the algorithm may be faster than a direct convolution: not with fewer than 8 channels, of
// several groups 32 each.
bool WinogradApplies(const WinogradShape& shape);

// Whether it is: not where more than half of the tiles' results lie outside the output, and not
// with fewer than 8 tiles unless there are few weights: transformed weights are 4 times as large.
bool WinogradPays(const WinogradShape& shape);

// One direction of one convolution (of one of its groups), on arrays in channel blocks of
// WinogradLanes() floats.
class Winograd {
 public:
  // `turned`: the weights are those of the convolution whose gradient this is, in_channels x
  // out_channels x 3 x 3.
  Winograd(const WinogradShape& shape, bool turned, const WinogradBlocking& blocking,
           int64_t group = 0);

  // `weights` are those of all groups. What they are transformed to is kept until they change.
  void Run(const float* src, const Buffer& weights, const WinogradEpilogue& epilogue, float* dst);

 private:
  const float* TransformedWeights(const Buffer& weights);
  WinogradRange TilesOf(WinogradRange groups) const;
  int64_t InputSize(int64_t groups) const { return groups * rows_ * in_padded_; }
  int64_t ProductSize(int64_t groups) const { return groups * rows_ * blocking_.panels * panel_; }

  // The input's blocks of channels of some groups.
  void TransformInput(const float* src, WinogradRange groups, WinogradRange blocks,
                      const WinogradPlanes& v) const;
  void MultiplyAndTransform(WinogradRange groups, WinogradRange panels, const WinogradPlanes& v,
                            const float* u, const WinogradEpilogue& epilogue, float* products,
                            float* dst) const;
  void RunApart(const float* src, const float* u, const WinogradEpilogue& epilogue,
                float* dst) const;
  void RunTogether(const float* src, const float* u, const WinogradEpilogue& epilogue,
                   float* dst) const;

  const WinogradShape shape_;
  const bool turned_;
  const WinogradBlocking blocking_;
  const int64_t first_weight_;
  const int64_t rows_;       // tiles that are multiplied together, a group of tiles
  const int64_t panel_;      // output channels of a panel
  const int64_t in_padded_;  // input channels, whole blocks
  const int64_t panels_;
  const int64_t groups_;
  std::unique_ptr<Buffer> transformed_;
  BufferState transformed_from_;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_WINOGRAD_HPP_
