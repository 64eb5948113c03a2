// Other instruction sets have no fast code, or nothing new for floats.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/ops/winograd_kernels.cpp"
#include "src/ops/winograd_kernels.hpp"

#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>  // IWYU pragma: keep
#include <hwy/highway.h>

#include <algorithm>

#include "src/ops/winograd_transforms-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace demitasse {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr int kPanel = 2 * kLanes;
// 12 of 16 registers, or 24 of 32, hold sums.
constexpr int kRows = kLanes > 8 ? 12 : 6;

int64_t Lanes() { return kFast ? kLanes : 0; }
int64_t Rows() { return kRows; }
const char* TargetName() { return hwy::TargetName(HWY_TARGET); }

// The 3x3 weights of kLanes output channels, beginning with `out`, and one input channel.
void GatherWeights(const WinogradShape& shape, const WinogradWeights& weights, int64_t out,
                   int64_t in, float* HWY_RESTRICT g) {
  const int64_t count = std::clamp<int64_t>(shape.out_channels - out, 0, kLanes);
  std::fill_n(g, 9 * kLanes, 0.0f);
  for (int64_t o = 0; o < count; ++o) {
    const float* const kernel =
        weights.data + (out + o) * weights.out_stride + in * weights.in_stride;
    for (int64_t k = 0; k < 9; ++k) g[k * kLanes + o] = kernel[weights.turned ? 8 - k : k];
  }
}

void TransformKernel(const float* HWY_RESTRICT g, float* HWY_RESTRICT u, int64_t stride) {
  const D d;
  V down[kWindow][3];
  for (int x = 0; x < 3; ++x) {
    const V column[3] = {hn::Load(d, g + x * kLanes), hn::Load(d, g + (3 + x) * kLanes),
                         hn::Load(d, g + (6 + x) * kLanes)};
    V out[kWindow];
    WeightsTransform(column, out);
    for (int y = 0; y < kWindow; ++y) down[y][x] = out[y];
  }
  for (int y = 0; y < kWindow; ++y) {
    V out[kWindow];
    WeightsTransform(down[y], out);
    for (int x = 0; x < kWindow; ++x) hn::Store(out[x], d, u + (y * kWindow + x) * stride);
  }
}

void TransformWeights(const WinogradShape& shape, const WinogradWeights& weights,
                      WinogradRange panels, float* u) {
  HWY_ALIGN float g[9 * kLanes];
  const int64_t in_padded = Blocks(shape.in_channels) * kLanes;
  const int64_t plane = in_padded * kPanel;
  for (int64_t panel = panels.begin; panel < panels.end; ++panel) {
    for (int64_t in = 0; in < in_padded; ++in) {
      for (int64_t half = 0; half < 2; ++half) {
        float* const to = u + panel * kWinogradPlanes * plane + in * kPanel + half * kLanes;
        if (in < shape.in_channels) {
          GatherWeights(shape, weights, panel * kPanel + half * kLanes, in, g);
        } else {
          std::fill_n(g, 9 * kLanes, 0.0f);
        }
        TransformKernel(g, to, plane);
      }
    }
  }
}

// Transforms 6x6 vectors whose rows are `row` floats apart.
HWY_INLINE void TransformWindow(const float* HWY_RESTRICT src, int64_t row, float* HWY_RESTRICT v,
                                int64_t stride) {
  const D d;
  HWY_ALIGN float down[kWindow * kWindow * kLanes];
  for (int x = 0; x < kWindow; ++x) {
    V in[kWindow], out[kWindow];
    for (int y = 0; y < kWindow; ++y) in[y] = hn::Load(d, src + y * row + x * kLanes);
    InputTransform(in, out);
    for (int y = 0; y < kWindow; ++y) hn::Store(out[y], d, down + (y * kWindow + x) * kLanes);
  }
  for (int y = 0; y < kWindow; ++y) {
    V in[kWindow], out[kWindow];
    for (int x = 0; x < kWindow; ++x) in[x] = hn::Load(d, down + (y * kWindow + x) * kLanes);
    InputTransform(in, out);
    for (int x = 0; x < kWindow; ++x) hn::Store(out[x], d, v + (y * kWindow + x) * stride);
  }
}

void TransformInput(const WinogradShape& shape, const float* src, WinogradRange tiles,
                    WinogradRange blocks, int64_t block_stride, const WinogradPlanes& v) {
  HWY_ALIGN float window[kWindow * kWindow * kLanes];
  const int64_t row = shape.in_width * kLanes;
  const int64_t image = shape.in_height * row;
  const int64_t image_blocks = Blocks(shape.in_channels) * shape.groups;
  for (int64_t block = blocks.begin; block < blocks.end; ++block) {
    float* to = v.data + block * block_stride;
    for (int64_t tile = tiles.begin; tile < tiles.end; ++tile, to += kLanes) {
      const Position at(shape, tile);
      const int64_t y = at.y - shape.pad_height, x = at.x - shape.pad_width;
      const float* const plane = src + (at.image * image_blocks + block) * image;
      if (y >= 0 && y + kWindow <= shape.in_height && x >= 0 && x + kWindow <= shape.in_width) {
        TransformWindow(plane + y * row + x * kLanes, row, to, v.stride);
      } else {
        CopyWindow<kWindow>(plane, shape.in_height, shape.in_width, y, x, window);
        TransformWindow(window, kWindow * kLanes, to, v.stride);
      }
    }
  }
}

// kCount rows of a group times a panel. Every sum is taken over the input channels in order. With
// few tiles, the weights come from far away and are used once: those needed soon are asked for,
// which processors do by themselves within a page only.
template <int kCount>
HWY_INLINE void MultiplyRows(int64_t in_blocks, const float* HWY_RESTRICT v,
                             const float* HWY_RESTRICT u, float* HWY_RESTRICT m) {
  constexpr int64_t kAhead = 1024;  // floats, a tenth of a microsecond of arithmetic
  const D d;
  V sums[kCount][2];
  HWY_UNROLL(12) for (int row = 0; row < kCount; ++row) {
    sums[row][0] = hn::Zero(d);
    sums[row][1] = hn::Zero(d);
  }
  for (int64_t block = 0; block < in_blocks; ++block) {
    for (int lane = 0; lane < kLanes; ++lane) {
      hwy::Prefetch(u + kAhead + lane * kPanel);
      hwy::Prefetch(u + kAhead + lane * kPanel + kLanes);
      const V u0 = hn::Load(d, u + lane * kPanel);
      const V u1 = hn::Load(d, u + lane * kPanel + kLanes);
      HWY_UNROLL(12) for (int row = 0; row < kCount; ++row) {
        const V factor = hn::Set(d, v[row * kLanes + lane]);
        sums[row][0] = hn::MulAdd(factor, u0, sums[row][0]);
        sums[row][1] = hn::MulAdd(factor, u1, sums[row][1]);
      }
    }
    v += kRows * kLanes;
    u += kLanes * kPanel;
  }
  HWY_UNROLL(12) for (int row = 0; row < kCount; ++row) {
    hn::Store(sums[row][0], d, m + row * kPanel);
    hn::Store(sums[row][1], d, m + row * kPanel + kLanes);
  }
}

// The same for a number of rows that is known when the program runs only.
template <int kCount>
void MultiplyFewer(int64_t rows, int64_t in_blocks, const float* v, const float* u, float* m) {
  if constexpr (kCount > 0) {
    if (rows == kCount) return MultiplyRows<kCount>(in_blocks, v, u, m);
    MultiplyFewer<kCount - 1>(rows, in_blocks, v, u, m);
  }
}

void Multiply(int64_t in_channels, int64_t tiles, int64_t panels, const WinogradPlanes& v,
              const float* u, const WinogradPlanes& m) {
  const int64_t in_blocks = Blocks(in_channels);
  const int64_t weights = in_blocks * kLanes * kPanel;
  const float* factors = u;
  for (int64_t panel = 0; panel < panels; ++panel) {
    for (int64_t plane = 0; plane < kWinogradPlanes; ++plane, factors += weights) {
      const float* from = v.data + plane * v.stride;
      float* to = m.data + plane * m.stride + panel * tiles * kPanel;
      int64_t left = tiles;
      for (; left >= kRows; left -= kRows) {
        MultiplyRows<kRows>(in_blocks, from, factors, to);
        from += in_blocks * kRows * kLanes;
        to += kRows * kPanel;
      }
      MultiplyFewer<kRows - 1>(left, in_blocks, from, factors, to);
    }
  }
}

// A block's vectors of the epilogue, and how many of its lanes are channels.
struct BlockEpilogue {
  V bias, slope;
  bool add, slopes;
  int64_t channels;

  BlockEpilogue(const WinogradShape& shape, const WinogradEpilogue& epilogue, int64_t block)
      : add(epilogue.add_to_dst),
        slopes(epilogue.slopes != nullptr),
        channels(std::min<int64_t>(kLanes, shape.out_channels - block * kLanes)) {
    bias = Channels(epilogue.bias, block);
    const bool one = slopes && epilogue.one_slope;
    slope = one ? hn::Set(D(), *epilogue.slopes) : Channels(epilogue.slopes, block);
  }

  HWY_INLINE void Store(V y, float* dst) const {
    const D d;
    y = hn::Add(y, bias);
    if (add) y = hn::Add(y, hn::Load(d, dst));
    if (slopes) y = hn::IfThenElse(hn::Lt(y, hn::Zero(d)), hn::Mul(y, slope), y);
    if (channels < kLanes) y = hn::IfThenElseZero(hn::FirstN(d, static_cast<size_t>(channels)), y);
    hn::Store(y, d, dst);
  }

 private:
  V Channels(const float* values, int64_t block) const {
    HWY_ALIGN float lanes[kLanes] = {};
    if (values != nullptr) std::copy_n(values + block * kLanes, channels, lanes);
    return hn::Load(D(), lanes);
  }
};

// Transforms a tile of one block back and stores its upper left part of rows x columns.
HWY_INLINE void TransformTile(const float* HWY_RESTRICT m, int64_t stride, int64_t rows,
                              int64_t columns, const BlockEpilogue& epilogue, float* dst,
                              int64_t dst_row) {
  const D d;
  HWY_ALIGN float down[kTile * kWindow * kLanes];
  for (int x = 0; x < kWindow; ++x) {
    V in[kWindow], out[kTile];
    for (int y = 0; y < kWindow; ++y) in[y] = hn::Load(d, m + (y * kWindow + x) * stride);
    OutputTransform(in, out);
    for (int y = 0; y < kTile; ++y) hn::Store(out[y], d, down + (y * kWindow + x) * kLanes);
  }
  for (int64_t y = 0; y < rows; ++y) {
    V in[kWindow], out[kTile];
    for (int x = 0; x < kWindow; ++x) in[x] = hn::Load(d, down + (y * kWindow + x) * kLanes);
    OutputTransform(in, out);
    for (int x = 0; x < kTile; ++x) {
      if (x < columns) epilogue.Store(out[x], dst + y * dst_row + x * kLanes);
    }
  }
}

void TransformOutput(const WinogradShape& shape, const WinogradPlanes& m, WinogradRange tiles,
                     WinogradRange panels, const WinogradEpilogue& epilogue, float* dst) {
  const int64_t row = shape.out_width * kLanes;
  const int64_t out_blocks = Blocks(shape.out_channels);
  const int64_t image_blocks = out_blocks * shape.groups;
  const int64_t last = std::min(out_blocks, panels.end * 2);
  for (int64_t block = panels.begin * 2; block < last; ++block) {
    const BlockEpilogue of_block(shape, epilogue, block);
    const float* from =
        m.data + (block / 2 - panels.begin) * tiles.size() * kPanel + block % 2 * kLanes;
    for (int64_t tile = tiles.begin; tile < tiles.end; ++tile, from += kPanel) {
      const Position at(shape, tile);
      float* const to =
          dst + ((at.image * image_blocks + block) * shape.out_height + at.y) * row + at.x * kLanes;
      TransformTile(from, m.stride, std::min<int64_t>(kTile, shape.out_height - at.y),
                    std::min<int64_t>(kTile, shape.out_width - at.x), of_block, to, row);
    }
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace demitasse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace demitasse {

HWY_EXPORT(Lanes);
HWY_EXPORT(Rows);
HWY_EXPORT(TargetName);
HWY_EXPORT(TransformWeights);
HWY_EXPORT(TransformInput);
HWY_EXPORT(Multiply);
HWY_EXPORT(TransformOutput);

int64_t WinogradLanes() { return HWY_DYNAMIC_DISPATCH(Lanes)(); }
int64_t WinogradRows() { return HWY_DYNAMIC_DISPATCH(Rows)(); }
const char* WinogradTargetName() { return HWY_DYNAMIC_DISPATCH(TargetName)(); }

void WinogradTransformWeights(const WinogradShape& shape, const WinogradWeights& weights,
                              WinogradRange panels, float* u) {
  HWY_DYNAMIC_DISPATCH(TransformWeights)(shape, weights, panels, u);
}

void WinogradTransformInput(const WinogradShape& shape, const float* src, WinogradRange tiles,
                            WinogradRange blocks, int64_t block_stride, const WinogradPlanes& v) {
  HWY_DYNAMIC_DISPATCH(TransformInput)(shape, src, tiles, blocks, block_stride, v);
}

void WinogradMultiply(int64_t in_channels, int64_t tiles, int64_t panels, const WinogradPlanes& v,
                      const float* u, const WinogradPlanes& m) {
  HWY_DYNAMIC_DISPATCH(Multiply)(in_channels, tiles, panels, v, u, m);
}

void WinogradTransformOutput(const WinogradShape& shape, const WinogradPlanes& m,
                             WinogradRange tiles, WinogradRange panels,
                             const WinogradEpilogue& epilogue, float* dst) {
  HWY_DYNAMIC_DISPATCH(TransformOutput)(shape, m, tiles, panels, epilogue, dst);
}

}  // namespace demitasse
#endif  // HWY_ONCE
