// Other instruction sets have no fast code, or nothing new for floats.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/ops/direct_gradient.cpp"
#include "src/ops/direct_gradient.hpp"

#include <hwy/foreach_target.h>  // IWYU pragma: keep
#include <hwy/highway.h>

#include <algorithm>

#include "src/core/threads.hpp"
#include "src/ops/loop_scratch.hpp"
#include "src/ops/vectors-inl.hpp"

// What all instruction sets share; this file includes itself once for each of them.
#ifndef DEMITASSE_SRC_OPS_DIRECT_GRADIENT_CPP_
#define DEMITASSE_SRC_OPS_DIRECT_GRADIENT_CPP_
namespace demitasse {
namespace {

struct IndexRange {
  int64_t begin, end;
};

// Taps of a kernel's row whose sums are kept in registers together.
constexpr int kMostTaps = 6;
constexpr int kMostBlocks = 4;

struct DirectGradientCase {
  const WindowGeometry& window;
  const int64_t in_channels;
  const int64_t out_channels;
  const int64_t src_block;
  const int64_t out_blocks;

  DirectGradientCase(const ConvolutionDesc& desc, int64_t block, int64_t lanes)
      : window(desc.window),
        in_channels(desc.in_channels),
        out_channels(desc.out_channels),
        src_block(block),
        out_blocks((desc.out_channels + lanes - 1) / lanes) {}

  int64_t in_places() const { return int64_t{window.input[0]} * window.input[1]; }
  int64_t out_places() const { return int64_t{window.output[0]} * window.output[1]; }
  // Floats of an image as stored.
  int64_t src_image() const {
    return (in_channels + src_block - 1) / src_block * src_block * in_places();
  }
  // Weights of an output channel.
  int64_t taps() const { return in_channels * window.kernel[0] * window.kernel[1]; }
  // A kernel's row is taken in equal parts of so many taps. Their sums, for so many blocks of
  // output channels, are in 12 of 16 registers.
  int64_t row_taps() const {
    const int64_t width = window.kernel[1];
    const int64_t parts = (width + kMostTaps - 1) / kMostTaps;
    return (width + parts - 1) / parts;
  }
  int64_t blocks() const { return std::min<int64_t>(kMostBlocks, 12 / row_taps()); }
};

// The windows on an axis whose tap `k` is inside the input.
inline IndexRange Inside(const WindowGeometry& window, size_t axis, int64_t k) {
  const int64_t stride = window.stride[axis];
  const int64_t shift = window.pad[axis] - k * window.dilation[axis];
  const int64_t last = window.input[axis] - 1 + shift;
  const int64_t begin = shift > 0 ? (shift + stride - 1) / stride : 0;
  const int64_t end = last < 0 ? 0 : std::min<int64_t>(window.output[axis], last / stride + 1);
  return {begin, std::max(begin, end)};
}

inline IndexRange Common(const IndexRange& a, const IndexRange& b) {
  const int64_t begin = std::max(a.begin, b.begin);
  return {begin, std::max(begin, std::min(a.end, b.end))};
}

}  // namespace
}  // namespace demitasse
#endif  // DEMITASSE_SRC_OPS_DIRECT_GRADIENT_CPP_

HWY_BEFORE_NAMESPACE();
namespace demitasse {
namespace HWY_NAMESPACE {
namespace {

int64_t Lanes() { return kLanes; }

// Places of the output, with what the first tap of their windows sees. Steps are in floats.
struct Places {
  int64_t rows, columns;
  const float* x;
  int64_t x_row, x_column, x_tap;
  const float* dy;
  int64_t dy_row, dy_block;
};

// sums[block][tap] += the sum over the places of dy[block] * x[tap].
template <int kBlocks, int kTaps>
void AddPlaces(const Places& places, int64_t block_step, float* HWY_RESTRICT sums) {
  const D d;
  V total[kBlocks][kTaps];
  for (int b = 0; b < kBlocks; ++b) {
    for (int t = 0; t < kTaps; ++t) total[b][t] = hn::Load(d, sums + b * block_step + t * kLanes);
  }
  for (int64_t row = 0; row < places.rows; ++row) {
    const float* HWY_RESTRICT x = places.x + row * places.x_row;
    const float* HWY_RESTRICT dy = places.dy + row * places.dy_row;
    for (int64_t i = 0; i < places.columns; ++i, x += places.x_column, dy += kLanes) {
      V diff[kBlocks];
      for (int b = 0; b < kBlocks; ++b) diff[b] = hn::Load(d, dy + b * places.dy_block);
      for (int t = 0; t < kTaps; ++t) {
        const V value = hn::Set(d, x[t * places.x_tap]);
        for (int b = 0; b < kBlocks; ++b) total[b][t] = hn::MulAdd(diff[b], value, total[b][t]);
      }
    }
  }
  for (int b = 0; b < kBlocks; ++b) {
    for (int t = 0; t < kTaps; ++t) hn::Store(total[b][t], d, sums + b * block_step + t * kLanes);
  }
}

template <int kBlocks, int kTaps = kMostTaps>
void AddTaps(int64_t taps, const Places& places, int64_t block_step, float* sums) {
  if constexpr (kBlocks * kTaps <= 12) {
    if (taps == kTaps) return AddPlaces<kBlocks, kTaps>(places, block_step, sums);
  }
  if constexpr (kTaps > 1) AddTaps<kBlocks, kTaps - 1>(taps, places, block_step, sums);
}

void AddBlocks(int64_t blocks, int64_t taps, const Places& places, int64_t block_step,
               float* sums) {
  if (blocks == 1) AddTaps<1>(taps, places, block_step, sums);
  if (blocks == 2) AddTaps<2>(taps, places, block_step, sums);
  if (blocks == 3) AddTaps<3>(taps, places, block_step, sums);
  if (blocks == 4) AddTaps<4>(taps, places, block_step, sums);
}

// A row of the kernel, over rows of the output.
class KernelRow {
 public:
  KernelRow(const DirectGradientCase& c, const float* src, const float* dst_diff, float* sums)
      : case_(c), src_(src), dst_diff_(dst_diff), sums_(sums) {}

  // `src` and `dst_diff` are of one image, sums[block][channel][tap][lane].
  void Add(int64_t channel, int64_t h, IndexRange rows, IndexRange blocks) const {
    const WindowGeometry& window = case_.window;
    const IndexRange inside = Common(rows, Inside(window, 0, h));
    if (inside.begin == inside.end) return;
    const Work work = {channel, h, inside, blocks};
    for (int64_t w = 0; w < window.kernel[1]; w += case_.row_taps()) {
      const int64_t end = std::min<int64_t>(w + case_.row_taps(), window.kernel[1]);
      const IndexRange whole = Common(Inside(window, 1, w), Inside(window, 1, end - 1));
      AddColumns(work, {w, end}, whole);
      // At the borders some of the taps see padding.
      for (int64_t tap = w; tap < end; ++tap) {
        const IndexRange all = Inside(window, 1, tap);
        AddColumns(work, {tap, tap + 1}, {all.begin, std::min(all.end, whole.begin)});
        AddColumns(work, {tap, tap + 1}, {std::max(all.begin, whole.end), all.end});
      }
    }
  }

 private:
  struct Work {
    int64_t channel, h;
    IndexRange rows, blocks;
  };

  void AddColumns(const Work& work, IndexRange taps, IndexRange columns) const {
    if (columns.begin >= columns.end) return;
    const WindowGeometry& window = case_.window;
    const int64_t block = case_.src_block;
    const int64_t row = window.input[1] * block;
    const int64_t y =
        work.rows.begin * window.stride[0] - window.pad[0] + work.h * window.dilation[0];
    const int64_t x =
        columns.begin * window.stride[1] - window.pad[1] + taps.begin * window.dilation[1];
    const int64_t dy_row = window.output[1] * kLanes;
    const int64_t dy_block = case_.out_places() * kLanes;
    const Places places = {work.rows.end - work.rows.begin,
                           columns.end - columns.begin,
                           src_ + work.channel / block * case_.in_places() * block +
                               work.channel % block + y * row + x * block,
                           window.stride[0] * row,
                           window.stride[1] * block,
                           window.dilation[1] * block,
                           dst_diff_ + work.blocks.begin * dy_block + work.rows.begin * dy_row +
                               columns.begin * kLanes,
                           dy_row,
                           dy_block};
    const int64_t block_step = case_.taps() * kLanes;
    const int64_t tap = (work.channel * window.kernel[0] + work.h) * window.kernel[1] + taps.begin;
    AddBlocks(work.blocks.end - work.blocks.begin, taps.end - taps.begin, places, block_step,
              sums_ + work.blocks.begin * block_step + tap * kLanes);
  }

  const DirectGradientCase& case_;
  const float* const src_;
  const float* const dst_diff_;
  float* const sums_;
};

void AddRows(const DirectGradientCase& c, const float* src, const float* dst_diff, IndexRange rows,
             IndexRange blocks, float* sums) {
  const KernelRow kernel_row(c, src, dst_diff, sums);
  for (int64_t channel = 0; channel < c.in_channels; ++channel) {
    for (int64_t h = 0; h < c.window.kernel[0]; ++h) kernel_row.Add(channel, h, rows, blocks);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace demitasse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace demitasse {
namespace {

constexpr int64_t kMostParts = 8;        // of the places, with sums of their own
constexpr int64_t kRowFloats = 1 << 14;  // of dst_diff that are used for each tap in turn: 64 KiB

HWY_EXPORT(Lanes);
HWY_EXPORT(AddRows);

// weights_diff += the sums of all parts, in their order.
void AddParts(const DirectGradientCase& c, const float* sums, int64_t parts, int64_t lanes,
              float* weights_diff) {
  ParallelFor(c.out_channels, lanes, [&](int64_t begin, int64_t end) {
    for (int64_t part = 0; part < parts; ++part) {
      const float* const block = sums + (part * c.out_blocks + begin / lanes) * c.taps() * lanes;
      for (int64_t o = begin; o < end; ++o) {
        const float* const from = block + o % lanes;
        float* const to = weights_diff + o * c.taps();
        for (int64_t tap = 0; tap < c.taps(); ++tap) to[tap] += from[tap * lanes];
      }
    }
  });
}

}  // namespace

int64_t DirectLanes() { return HWY_DYNAMIC_DISPATCH(Lanes)(); }

bool DirectGradientPays(const ConvolutionDesc& desc) {
  constexpr int kMostChannels = 4;
  return DirectLanes() >= 8 && desc.group == 1 && desc.window.kernel.size() == 2 &&
         desc.in_channels <= kMostChannels;
}

void AddDirectGradient(const ConvolutionDesc& desc, const float* src, int64_t src_block,
                       const float* dst_diff, float* weights_diff) {
  const int64_t lanes = DirectLanes();
  const DirectGradientCase c(desc, src_block, lanes);
  const int64_t height = desc.window.output[0];
  const int64_t rows =
      std::clamp<int64_t>(kRowFloats / (desc.window.output[1] * lanes * c.blocks()), 1, height);
  const int64_t strips = (height + rows - 1) / rows * desc.num;
  const int64_t parts = std::min(kMostParts, strips);
  const int64_t groups = (c.out_blocks + c.blocks() - 1) / c.blocks();
  const int64_t part_size = c.out_blocks * c.taps() * lanes;
  float* const sums = ThreadScratch(parts * part_size);
  ParallelFor(parts * groups, 1, [&](int64_t index, int64_t) {
    const int64_t part = index / groups;
    const int64_t block = index % groups * c.blocks();
    const IndexRange blocks = {block, std::min(block + c.blocks(), c.out_blocks)};
    float* const to = sums + part * part_size;
    std::fill(to + blocks.begin * c.taps() * lanes, to + blocks.end * c.taps() * lanes, 0.0f);
    for (int64_t i = strips * part / parts; i < strips * (part + 1) / parts; ++i) {
      const int64_t image = i * desc.num / strips;
      const int64_t row = i % (strips / desc.num) * rows;
      HWY_DYNAMIC_DISPATCH(AddRows)
      (c, src + image * c.src_image(), dst_diff + image * c.out_blocks * c.out_places() * lanes,
       {row, std::min(row + rows, height)}, blocks, to);
    }
  });
  AddParts(c, sums, parts, lanes, weights_diff);
}

}  // namespace demitasse
#endif  // HWY_ONCE
