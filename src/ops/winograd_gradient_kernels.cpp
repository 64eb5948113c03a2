// The kernels of the gradient of the weights.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/ops/winograd_gradient_kernels.cpp"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
#include <hwy/highway.h>

#include <algorithm>

#include "src/ops/winograd_kernels.hpp"
#include "src/ops/winograd_transforms-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace demitasse {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// kRows input channels times 3 blocks of output channels fill 12 of 16 registers, or 24 of 32.
constexpr int kRows = kLanes > 1 ? kLanes / 2 : 1;

// Transforms 4x4 vectors whose rows are `row` floats apart.
HWY_INLINE void TransformTile(const float* HWY_RESTRICT src, int64_t row, float* HWY_RESTRICT z,
                              int64_t stride) {
  const D d;
  HWY_ALIGN float down[kWindow * kTile * kLanes];
  V sum = hn::Zero(d);
  for (int x = 0; x < kTile; ++x) {
    V in[kTile], out[kWindow];
    for (int y = 0; y < kTile; ++y) in[y] = hn::Load(d, src + y * row + x * kLanes);
    sum = hn::Add(sum, hn::Add(hn::Add(in[0], in[1]), hn::Add(in[2], in[3])));
    OutputGradientTransform(in, out);
    for (int y = 0; y < kWindow; ++y) hn::Store(out[y], d, down + (y * kTile + x) * kLanes);
  }
  for (int y = 0; y < kWindow; ++y) {
    V in[kTile], out[kWindow];
    for (int x = 0; x < kTile; ++x) in[x] = hn::Load(d, down + (y * kTile + x) * kLanes);
    OutputGradientTransform(in, out);
    for (int x = 0; x < kWindow; ++x) hn::Store(out[x], d, z + (y * kWindow + x) * stride);
  }
  hn::Store(sum, d, z + kWinogradPlanes * stride);
}

void TransformOutputGradient(const WinogradShape& shape, const float* dst_diff, WinogradRange tiles,
                             WinogradRange blocks, int64_t block_stride, const WinogradPlanes& z) {
  HWY_ALIGN float window[kTile * kTile * kLanes];
  const int64_t row = shape.out_width * kLanes;
  const int64_t image_blocks = Blocks(shape.out_channels) * shape.groups;
  for (int64_t block = blocks.begin; block < blocks.end; ++block) {
    float* to = z.data + block * block_stride;
    for (int64_t tile = tiles.begin; tile < tiles.end; ++tile, to += kLanes) {
      const Position at(shape, tile);
      const float* const plane =
          dst_diff + (at.image * image_blocks + block) * shape.out_height * row;
      if (at.y + kTile <= shape.out_height && at.x + kTile <= shape.out_width) {
        TransformTile(plane + at.y * row + at.x * kLanes, row, to, z.stride);
      } else {
        CopyWindow<kTile>(plane, shape.out_height, shape.out_width, at.y, at.x, window);
        TransformTile(window, kTile * kLanes, to, z.stride);
      }
    }
  }
}

// kRows input channels times kBlocks blocks of output channels, summed over the tiles in order.
// `c_stride` is from block to block of the sums.
template <int kBlocks>
HWY_INLINE void MultiplyTiles(int64_t tiles, const float* HWY_RESTRICT v,
                              const float* HWY_RESTRICT z, int64_t z_stride, bool add,
                              float* HWY_RESTRICT c, int64_t c_stride) {
  const D d;
  V sums[kRows][kBlocks];
  HWY_UNROLL(8) for (int row = 0; row < kRows; ++row) {
    HWY_UNROLL(3) for (int i = 0; i < kBlocks; ++i) sums[row][i] = hn::Zero(d);
  }
  for (int64_t tile = 0; tile < tiles; ++tile) {
    V factors[kBlocks];
    HWY_UNROLL(3) for (int i = 0; i < kBlocks; ++i) {
      factors[i] = hn::Load(d, z + i * z_stride + tile * kLanes);
    }
    HWY_UNROLL(8) for (int row = 0; row < kRows; ++row) {
      const V factor = hn::Set(d, v[tile * kLanes + row]);
      HWY_UNROLL(3) for (int i = 0; i < kBlocks; ++i) {
        sums[row][i] = hn::MulAdd(factor, factors[i], sums[row][i]);
      }
    }
  }
  HWY_UNROLL(8) for (int row = 0; row < kRows; ++row) {
    HWY_UNROLL(3) for (int i = 0; i < kBlocks; ++i) {
      float* const to = c + i * c_stride + row * kLanes;
      hn::Store(add ? hn::Add(hn::Load(d, to), sums[row][i]) : sums[row][i], d, to);
    }
  }
}

template <int kBlocks>
void MultiplyBlocks(int64_t tiles, WinogradRange in_blocks, const float* v, const float* z,
                    int64_t block_stride, bool add, float* c, int64_t c_stride) {
  for (int64_t in = in_blocks.begin; in < in_blocks.end; ++in) {
    for (int row = 0; row < kLanes; row += kRows) {
      MultiplyTiles<kBlocks>(tiles, v + in * block_stride + row, z, block_stride, add,
                             c + (in * kLanes + row) * kLanes, c_stride);
    }
  }
}

void MultiplyGradient(const WinogradShape& shape, int64_t tiles, WinogradRange in_blocks,
                      const float* v, const float* z, int64_t block_stride, bool add,
                      float* u_diff) {
  const int64_t out_blocks = Blocks(shape.out_channels);
  const int64_t c_stride = Blocks(shape.in_channels) * kLanes * kLanes;
  for (int64_t out = 0; out < out_blocks; out += 3) {
    const float* const from = z + out * block_stride;
    float* const to = u_diff + out * c_stride;
    const int64_t left = out_blocks - out;
    const auto multiply = left > 2   ? MultiplyBlocks<3>
                          : left > 1 ? MultiplyBlocks<2>
                                     : MultiplyBlocks<1>;
    multiply(tiles, in_blocks, v, from, block_stride, add, to, c_stride);
  }
}

void AddTiles(int64_t tiles, const float* z, double* sums) {
  const D d;
  V sum = hn::Zero(d);
  for (int64_t tile = 0; tile < tiles; ++tile) sum = hn::Add(sum, hn::Load(d, z + tile * kLanes));
  HWY_ALIGN float lanes[kLanes];
  hn::Store(sum, d, lanes);
  for (int lane = 0; lane < kLanes; ++lane) sums[lane] += lanes[lane];
}

// The gradient of the 3x3 kernels of a block of output channels and one input channel.
void TransformKernel(const float* HWY_RESTRICT u, int64_t stride, float* HWY_RESTRICT g) {
  const D d;
  HWY_ALIGN float down[3 * kWindow * kLanes];
  for (int x = 0; x < kWindow; ++x) {
    V in[kWindow], out[3];
    for (int y = 0; y < kWindow; ++y) in[y] = hn::Load(d, u + (y * kWindow + x) * stride);
    WeightsGradientTransform(in, out);
    for (int y = 0; y < 3; ++y) hn::Store(out[y], d, down + (y * kWindow + x) * kLanes);
  }
  for (int y = 0; y < 3; ++y) {
    V in[kWindow], out[3];
    for (int x = 0; x < kWindow; ++x) in[x] = hn::Load(d, down + (y * kWindow + x) * kLanes);
    WeightsGradientTransform(in, out);
    for (int x = 0; x < 3; ++x) hn::Store(out[x], d, g + (y * 3 + x) * kLanes);
  }
}

void TransformWeightsGradient(const WinogradShape& shape, const WinogradPlanes& u_diff,
                              WinogradRange blocks, float* weights_diff) {
  HWY_ALIGN float g[9 * kLanes];
  const int64_t in_padded = Blocks(shape.in_channels) * kLanes;
  for (int64_t block = blocks.begin; block < blocks.end; ++block) {
    const int64_t count = std::min<int64_t>(kLanes, shape.out_channels - block * kLanes);
    for (int64_t in = 0; in < shape.in_channels; ++in) {
      TransformKernel(u_diff.data + (block * in_padded + in) * kLanes, u_diff.stride, g);
      for (int64_t lane = 0; lane < count; ++lane) {
        float* const kernel = weights_diff + ((block * kLanes + lane) * shape.in_channels + in) * 9;
        for (int64_t k = 0; k < 9; ++k) kernel[k] += g[k * kLanes + lane];
      }
    }
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace demitasse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace demitasse {

HWY_EXPORT(TransformOutputGradient);
HWY_EXPORT(MultiplyGradient);
HWY_EXPORT(AddTiles);
HWY_EXPORT(TransformWeightsGradient);

void WinogradTransformOutputGradient(const WinogradShape& shape, const float* dst_diff,
                                     WinogradRange tiles, WinogradRange blocks,
                                     int64_t block_stride, const WinogradPlanes& z) {
  HWY_DYNAMIC_DISPATCH(TransformOutputGradient)(shape, dst_diff, tiles, blocks, block_stride, z);
}

void WinogradMultiplyGradient(const WinogradShape& shape, int64_t tiles, WinogradRange in_blocks,
                              const float* v, const float* z, int64_t block_stride, bool add,
                              float* u_diff) {
  HWY_DYNAMIC_DISPATCH(MultiplyGradient)
  (shape, tiles, in_blocks, v, z, block_stride, add, u_diff);
}

void WinogradAddTiles(int64_t tiles, const float* z, double* sums) {
  HWY_DYNAMIC_DISPATCH(AddTiles)(tiles, z, sums);
}

void WinogradTransformWeightsGradient(const WinogradShape& shape, const WinogradPlanes& u_diff,
                                      WinogradRange blocks, float* weights_diff) {
  HWY_DYNAMIC_DISPATCH(TransformWeightsGradient)(shape, u_diff, blocks, weights_diff);
}

}  // namespace demitasse
#endif  // HWY_ONCE
