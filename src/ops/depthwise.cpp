// Other instruction sets have no fast code, or nothing new for floats.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/ops/depthwise.cpp"
#include "src/ops/depthwise.hpp"

#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>  // IWYU pragma: keep
#include <hwy/highway.h>

#include <algorithm>

#include "src/core/threads.hpp"
#include "src/ops/direct_gradient.hpp"
#include "src/ops/vectors-inl.hpp"

// What all instruction sets share; this file includes itself once for each of them.
#ifndef DEMITASSE_SRC_OPS_DEPTHWISE_CPP_
#define DEMITASSE_SRC_OPS_DEPTHWISE_CPP_
namespace demitasse {
namespace {

constexpr int kSide = 3;
constexpr int64_t kLineFloats = 16;  // of a cache line
// More than that comes from memory, and is fetched ahead.
constexpr int64_t kCachedFloats = int64_t{1} << 21;

// Rows [begin, end) of the output, of one block of channels of one image.
struct DepthwiseRows {
  const WindowGeometry& window;
  const float* src;      // the plane of the block
  const float* weights;  // [tap][lane]
  const float* bias;
  const float* slopes;  // null for none
  float* dst;           // the plane of the block
  int64_t begin, end;
  bool prefetch;
};

}  // namespace
}  // namespace demitasse
#endif  // DEMITASSE_SRC_OPS_DEPTHWISE_CPP_

HWY_BEFORE_NAMESPACE();
namespace demitasse {
namespace HWY_NAMESPACE {
namespace {

// kPlaces results of row y, from place `first` on. Their windows are inside the input's rows but
// for the first one's first tap, if kLeft, and the last one's last, if kRight.
template <int kStride, int kPlaces, bool kLeft, bool kRight>
HWY_INLINE void ComputeTile(const DepthwiseRows& rows, int64_t y, int64_t first) {
  const D d;
  const WindowGeometry& w = rows.window;
  const int64_t height = w.input[0], width = w.input[1];
  const int64_t top = y * kStride - w.pad[0], left = first * kStride - w.pad[1];
  V sums[kPlaces];
  for (int p = 0; p < kPlaces; ++p) sums[p] = hn::LoadU(d, rows.bias);
  for (int64_t i = std::max<int64_t>(0, -top); i < std::min<int64_t>(kSide, height - top); ++i) {
    const float* HWY_RESTRICT x = rows.src + ((top + i) * width + left) * kLanes;
    const float* HWY_RESTRICT weights = rows.weights + i * kSide * kLanes;
    V weight[kSide];
    for (int j = 0; j < kSide; ++j) weight[j] = hn::LoadU(d, weights + j * kLanes);
    for (int p = 0; p < kPlaces; ++p) {
      for (int j = 0; j < kSide; ++j) {
        if (kLeft && p == 0 && j == 0) continue;
        if (kRight && p == kPlaces - 1 && j == kSide - 1) continue;
        sums[p] = hn::MulAdd(weight[j], hn::LoadU(d, x + (p * kStride + j) * kLanes), sums[p]);
      }
    }
  }
  for (int i = 0; rows.prefetch && i < kStride; ++i) {  // what row y + 2 is the first to need
    const float* const ahead = rows.src + ((top + kSide + kStride + i) * width + left) * kLanes;
    for (int64_t f = 0; f < kPlaces * kStride * kLanes; f += kLineFloats) hwy::Prefetch(ahead + f);
  }
  float* const dst = rows.dst + (y * w.output[1] + first) * kLanes;
  for (int p = 0; p < kPlaces; ++p) {
    V result = sums[p];
    if (rows.slopes != nullptr) {
      const V slope = hn::LoadU(d, rows.slopes);
      result = hn::IfThenElse(hn::Gt(result, hn::Zero(d)), result, hn::Mul(slope, result));
    }
    hn::StoreU(result, d, dst + p * kLanes);
  }
}

// The last tile of a row ends with it: some places may be computed twice.
template <int kStride, int kPlaces>
void ComputeTiles(const DepthwiseRows& rows) {
  const WindowGeometry& w = rows.window;
  const int64_t width = w.output[1];
  const bool pads_left = w.pad[1] > 0;
  const bool pads_right = (width - 1) * kStride - w.pad[1] + kSide > w.input[1];
  for (int64_t y = rows.begin; y < rows.end; ++y) {
    for (int64_t next = 0; next < width; next += kPlaces) {
      const int64_t first = std::min(next, width - kPlaces);
      const bool left = pads_left && first == 0;
      const bool right = pads_right && first + kPlaces == width;
      if (left && right) {
        ComputeTile<kStride, kPlaces, true, true>(rows, y, first);
      } else if (left) {
        ComputeTile<kStride, kPlaces, true, false>(rows, y, first);
      } else if (right) {
        ComputeTile<kStride, kPlaces, false, true>(rows, y, first);
      } else {
        ComputeTile<kStride, kPlaces, false, false>(rows, y, first);
      }
    }
  }
}

// Tiles of 7, of which rows of 7, 14, 28, 56 and 112 places consist.
template <int kStride>
void ComputeRowsOf(const DepthwiseRows& rows) {
  const int64_t width = rows.window.output[1];
  const auto padded = [width](int64_t tile) { return (width + tile - 1) / tile * tile; };
  if (width < 4) return ComputeTiles<kStride, 1>(rows);
  if (width < 7 || padded(4) < padded(7)) return ComputeTiles<kStride, 4>(rows);
  ComputeTiles<kStride, 7>(rows);
}

void ComputeRows(const DepthwiseRows& rows) {
  if (rows.window.stride[0] == 1) return ComputeRowsOf<1>(rows);
  ComputeRowsOf<2>(rows);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace demitasse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace demitasse {
namespace {

HWY_EXPORT(ComputeRows);

}  // namespace

bool DepthwisePays(const ConvolutionDesc& desc) {
  const WindowGeometry& w = desc.window;
  // Of one image no difference could be measured (docs/performance.md).
  const bool is_depthwise = desc.num > 1 && desc.group > 1 && desc.group == desc.in_channels &&
                            desc.group == desc.out_channels && !desc.add_to_dst;
  return DirectLanes() >= 8 && is_depthwise && w.kernel == std::vector<int>{kSide, kSide} &&
         w.dilation == std::vector<int>{1, 1} && w.stride[0] == w.stride[1] && w.stride[0] <= 2 &&
         *std::max_element(w.pad.begin(), w.pad.end()) <= 1;
}

Depthwise::Depthwise(const ConvolutionDesc& desc)
    : desc_(desc),
      lanes_(DirectLanes()),
      blocks_((desc.out_channels + lanes_ - 1) / lanes_),
      packed_(blocks_ * kSide * kSide * lanes_),
      bias_(static_cast<size_t>(blocks_ * lanes_)) {
  if (desc.slopes.empty()) return;
  slopes_ = desc.slopes;
  slopes_.resize(static_cast<size_t>(desc.out_channels), desc.slopes[0]);
  slopes_.resize(bias_.size());  // the padding of a block stays 0
}

void Depthwise::PackWeights(const Buffer& weights) {
  if (packed_from_ == BufferState(weights)) return;
  constexpr int64_t kTaps = int64_t{kSide} * kSide;
  const float* const from = weights.plain();
  float* const to = packed_.mutable_plain();
  for (int64_t c = 0; c < desc_.out_channels; ++c) {
    float* const lane = to + c / lanes_ * kTaps * lanes_ + c % lanes_;
    for (int64_t tap = 0; tap < kTaps; ++tap) lane[tap * lanes_] = from[c * kTaps + tap];
  }
  packed_from_ = BufferState(weights);
}

void Depthwise::Run(const float* src, const Buffer& weights, const float* bias, float* dst) {
  PackWeights(weights);
  if (bias != nullptr) std::copy_n(bias, desc_.out_channels, bias_.begin());
  const WindowGeometry& window = desc_.window;
  const int64_t height = window.output[0];
  const int64_t in_plane = int64_t{window.input[0]} * window.input[1] * lanes_;
  const int64_t out_plane = height * window.output[1] * lanes_;
  const bool prefetch = desc_.num * blocks_ * in_plane > kCachedFloats;
  const float* const packed = packed_.plain();
  const float* const slopes = slopes_.empty() ? nullptr : slopes_.data();
  // Rows of one image, block after block: a row of the input is still in the first cache when the
  // next row of the output needs it.
  const auto compute = [&](int64_t image, int64_t begin, int64_t end) {
    for (int64_t block = 0; block < blocks_; ++block) {
      const int64_t plane = image * blocks_ + block, channel = block * lanes_;
      HWY_DYNAMIC_DISPATCH(ComputeRows)
      ({window, src + plane * in_plane, packed + channel * kSide * kSide, bias_.data() + channel,
        slopes == nullptr ? nullptr : slopes + channel, dst + plane * out_plane, begin, end,
        prefetch});
    }
  };
  const int64_t rows = desc_.num * height, threads = ThreadCount();
  ParallelFor(rows, (rows + threads - 1) / threads, [&](int64_t begin, int64_t end) {
    while (begin < end) {
      const int64_t image = begin / height;
      const int64_t stop = std::min(end, (image + 1) * height);
      compute(image, begin - image * height, stop - image * height);
      begin = stop;
    }
  });
}

}  // namespace demitasse
#endif  // HWY_ONCE
