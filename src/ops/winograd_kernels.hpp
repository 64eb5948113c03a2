// The vector code of Winograd's convolution (winograd.hpp says what it is part of), compiled for
// several instruction sets and chosen when the program runs.
//
// Arrays are in channel blocks of kWinogradLanes() floats, one vector. Of a tile there are 36
// places p; what is transformed lies in 36 planes, one per place, `stride` floats apart:
//
//   input    v[p][group of tiles][input block][tile of the group][lane]
//   weights  u[panel][p][input channel][output channel of the panel]
//   products m[p][panel][tile][output channel of the panel]
//
// A group is kWinogradRows() tiles, a panel two channel blocks: what the inner loop of the matrix
// product holds in registers.
#ifndef DEMITASSE_SRC_OPS_WINOGRAD_KERNELS_HPP_
#define DEMITASSE_SRC_OPS_WINOGRAD_KERNELS_HPP_

#include <cstdint>

namespace demitasse {

constexpr int64_t kWinogradTile = 4;     // places of the output on a tile's side
constexpr int64_t kWinogradWindow = 6;   // places of the input on a tile's side
constexpr int64_t kWinogradPlanes = 36;  // kWinogradWindow^2

// A 3x3 convolution of stride 1. Of several groups, these are the channels of one, and arrays begin
// with its first channel; the next image is the channels of all groups further.
struct WinogradShape {
  int64_t num;
  int64_t in_channels, in_height, in_width;
  int64_t out_channels, out_height, out_width;
  int64_t pad_height, pad_width;
  int64_t groups = 1;  // with several, channels are whole blocks

  int64_t tiles_down() const { return (out_height + kWinogradTile - 1) / kWinogradTile; }
  int64_t tiles_across() const { return (out_width + kWinogradTile - 1) / kWinogradTile; }
  int64_t tiles() const { return num * tiles_down() * tiles_across(); }
};

struct WinogradRange {
  int64_t begin, end;

  int64_t size() const { return end - begin; }
};

// 36 planes of floats.
struct WinogradPlanes {
  float* data;
  int64_t stride;
};

constexpr int64_t kWinogradLine = 16;  // floats of a cache line

// The stride of planes of `size` floats: an odd number of cache lines, or the same place of all
// planes would be in the same set of the cache.
inline int64_t WinogradPlaneStride(int64_t size) {
  return ((size + kWinogradLine - 1) / kWinogradLine | 1) * kWinogradLine;
}

// Where weight (o, i, k) of the 3x3 kernels is, k = 0 to 8; `turned` takes k from the end.
struct WinogradWeights {
  const float* data;
  int64_t out_stride, in_stride;
  bool turned;
};

// What is done to a result: the bias of its channel is added if there is one, then what is in dst
// already if `add_to_dst`; what is negative then is multiplied by the slope of its channel, or by
// the one of all channels, if there is one.
struct WinogradEpilogue {
  const float* bias = nullptr;
  bool add_to_dst = false;
  const float* slopes = nullptr;
  bool one_slope = false;
};

// Floats in a vector; 0 where there is no fast code.
int64_t WinogradLanes();
int64_t WinogradRows();
// "avx2"
const char* WinogradTargetName();

// Transforms the 3x3 kernels of some panels; `u` is where panel 0 begins.
void WinogradTransformWeights(const WinogradShape& shape, const WinogradWeights& weights,
                              WinogradRange panels, float* u);
// Transforms some blocks of channels of some tiles. The first tile's block 0 goes where `v` begins,
// the next block `block_stride` floats behind, the next tile behind the lanes of this one.
void WinogradTransformInput(const WinogradShape& shape, const float* src, WinogradRange tiles,
                            WinogradRange blocks, int64_t block_stride, const WinogradPlanes& v);
// The products of `tiles` tiles with `panels` panels of weights, in all planes.
void WinogradMultiply(int64_t in_channels, int64_t tiles, int64_t panels, const WinogradPlanes& v,
                      const float* u, const WinogradPlanes& m);
// Transforms products of these tiles and panels back, m begins with the first of them.
void WinogradTransformOutput(const WinogradShape& shape, const WinogradPlanes& m,
                             WinogradRange tiles, WinogradRange panels,
                             const WinogradEpilogue& epilogue, float* dst);

// The gradient of the weights, src/ops/winograd_gradient.hpp. Here v and what the gradient of the
// output becomes, z, lie as [p][block][tile][lane]; the gradient of the transformed weights as
// [p][output block][input channel][lane].

// Transforms tiles of the output's gradient; plane 36 gets their sums.
void WinogradTransformOutputGradient(const WinogradShape& shape, const float* dst_diff,
                                     WinogradRange tiles, WinogradRange blocks,
                                     int64_t block_stride, const WinogradPlanes& z);
// In one plane: the products of all output channels with some input blocks, summed over `tiles`
// tiles; they overwrite u_diff or are added to it.
void WinogradMultiplyGradient(const WinogradShape& shape, int64_t tiles, WinogradRange in_blocks,
                              const float* v, const float* z, int64_t block_stride, bool add,
                              float* u_diff);
// Adds `tiles` tiles of one block and plane to the sums of its lanes.
void WinogradAddTiles(int64_t tiles, const float* z, double* sums);
// Transforms some output blocks and adds them to the plain gradient of the weights.
void WinogradTransformWeightsGradient(const WinogradShape& shape, const WinogradPlanes& u_diff,
                                      WinogradRange blocks, float* weights_diff);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_WINOGRAD_KERNELS_HPP_
