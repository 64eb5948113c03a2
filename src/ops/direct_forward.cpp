// Other instruction sets have no fast code, or nothing new for floats.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/ops/direct_forward.cpp"
#include "src/ops/direct_forward.hpp"

#include <hwy/foreach_target.h>  // IWYU pragma: keep
#include <hwy/highway.h>

#include <algorithm>

#include "src/core/threads.hpp"
#include "src/ops/direct_gradient.hpp"
#include "src/ops/vectors-inl.hpp"

// What all instruction sets share; this file includes itself once for each of them.
#ifndef DEMITASSE_SRC_OPS_DIRECT_FORWARD_CPP_
#define DEMITASSE_SRC_OPS_DIRECT_FORWARD_CPP_
namespace demitasse {
namespace {

// Places of a row of the output that a group of channel blocks is computed for. Steps in floats.
struct DirectRow {
  const float* src;  // what the first tap of the first window sees
  int64_t src_step;
  const int64_t* offsets;
  int64_t taps;
  const float* weights;
  const float* bias;
  const float* slopes;  // null for none
  float* dst;
  int64_t dst_block;
  int64_t width;
  int64_t last_lanes;  // of the last block, if it is among them
};

}  // namespace
}  // namespace demitasse
#endif  // DEMITASSE_SRC_OPS_DIRECT_FORWARD_CPP_

HWY_BEFORE_NAMESPACE();
namespace demitasse {
namespace HWY_NAMESPACE {
namespace {

template <int kBlocks, int kPlaces>
HWY_INLINE void ComputeTile(const DirectRow& row, int64_t first) {
  const D d;
  V sums[kBlocks][kPlaces];
  for (int b = 0; b < kBlocks; ++b) {
    for (int p = 0; p < kPlaces; ++p) sums[b][p] = hn::LoadU(d, row.bias + b * kLanes);
  }
  const float* const src = row.src + first * row.src_step;
  const float* HWY_RESTRICT weights = row.weights;
  for (int64_t tap = 0; tap < row.taps; ++tap, weights += kBlocks * kLanes) {
    const float* HWY_RESTRICT x = src + row.offsets[tap];
    V w[kBlocks];
    for (int b = 0; b < kBlocks; ++b) w[b] = hn::LoadU(d, weights + b * kLanes);
    for (int p = 0; p < kPlaces; ++p) {
      const V value = hn::Set(d, x[p * row.src_step]);
      for (int b = 0; b < kBlocks; ++b) sums[b][p] = hn::MulAdd(w[b], value, sums[b][p]);
    }
  }
  for (int b = 0; b < kBlocks; ++b) {
    const auto used = hn::FirstN(d, static_cast<size_t>(b + 1 < kBlocks ? kLanes : row.last_lanes));
    float* const dst = row.dst + b * row.dst_block + first * kLanes;
    for (int p = 0; p < kPlaces; ++p) {
      V y = sums[b][p];
      if (row.slopes != nullptr) {
        const V slope = hn::LoadU(d, row.slopes + b * kLanes);
        y = hn::IfThenElse(hn::Gt(y, hn::Zero(d)), y, hn::Mul(slope, y));
      }
      // Padding stays 0 even where the input is infinite.
      hn::Store(hn::IfThenElseZero(used, y), d, dst + p * kLanes);
    }
  }
}

// The last tile ends with the row: some places may be computed twice.
template <int kBlocks, int kPlaces>
void ComputeTiles(const DirectRow& row) {
  for (int64_t first = 0; first < row.width; first += kPlaces) {
    ComputeTile<kBlocks, kPlaces>(row, std::min(first, row.width - kPlaces));
  }
}

template <int kBlocks, int kMany, int kFew>
void ComputeRowOf(const DirectRow& row) {
  const int64_t many = (row.width + kMany - 1) / kMany * kMany;
  const int64_t few = (row.width + kFew - 1) / kFew * kFew;
  if (row.width < kFew) return ComputeTiles<kBlocks, 1>(row);
  if (row.width < kMany || 20 * many > 21 * few) return ComputeTiles<kBlocks, kFew>(row);
  ComputeTiles<kBlocks, kMany>(row);
}

// 12 of 16 registers hold sums; for fewer the sums wait for each other.
void ComputeRow(int64_t blocks, const DirectRow& row) {
  if (blocks == 1) ComputeRowOf<1, 12, 8>(row);
  if (blocks == 2) ComputeRowOf<2, 6, 4>(row);
  if (blocks == 3) ComputeRowOf<3, 4, 3>(row);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace demitasse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace demitasse {
namespace {

HWY_EXPORT(ComputeRow);

// Blocks from `block` on that are computed together: two, or three where one would be left.
int64_t GroupSize(int64_t block, int64_t blocks) {
  return blocks - block == 3 ? 3 : std::min<int64_t>(2, blocks - block);
}

// Whether a copy of the input with its padding is no larger than a few times the input.
bool PaddingIsThin(const WindowGeometry& window) {
  const int most = std::min(window.input[0], window.input[1]);
  return std::max(window.pad[0], window.pad[1]) <= most;
}

}  // namespace

bool DirectForwardPays(const ConvolutionDesc& desc) {
  constexpr int kMostChannels = 32;
  const int64_t lanes = DirectLanes();
  const int channels = desc.in_channels;
  const bool applies = lanes >= 8 && desc.group == 1 && desc.window.kernel.size() == 2 &&
                       !desc.add_to_dst && channels > 0 && channels <= kMostChannels;
  // Engines do not fill two to four channels up, and are as fast there. Of more channels it must be
  // a sixth that they add.
  const bool few = channels > 4 && (channels + lanes - 1) / lanes * lanes * 6 >= 7 * channels;
  return applies && (channels == 1 || few) && PaddingIsThin(desc.window);
}

DirectForward::DirectForward(const ConvolutionDesc& desc)
    : desc_(desc),
      lanes_(DirectLanes()),
      out_blocks_((desc.out_channels + lanes_ - 1) / lanes_),
      taps_(int64_t{desc.in_channels} * desc.window.kernel[0] * desc.window.kernel[1]),
      pads_(desc.window.pad[0] > 0 || desc.window.pad[1] > 0),
      height_(desc.window.input[0] + 2 * int64_t{desc.window.pad[0]}),
      width_(desc.window.input[1] + 2 * int64_t{desc.window.pad[1]}),
      packed_(out_blocks_ * taps_ * lanes_),
      bias_(static_cast<size_t>(out_blocks_ * lanes_)),
      offsets_(static_cast<size_t>(taps_)),
      padded_(pads_ ? int64_t{desc.num} * desc.in_channels * height_ * width_ : 0) {
  if (desc.slopes.empty()) return;
  slopes_ = desc.slopes;
  slopes_.resize(bias_.size(), desc.slopes[0]);
}

void DirectForward::PackWeights(const Buffer& weights) {
  if (packed_from_ == BufferState(weights)) return;
  const float* const from = weights.plain();
  float* to = packed_.mutable_plain();
  for (int64_t block = 0; block < out_blocks_;) {
    const int64_t channels = GroupSize(block, out_blocks_) * lanes_;
    for (int64_t tap = 0; tap < taps_; ++tap) {
      for (int64_t o = block * lanes_; o < block * lanes_ + channels; ++o) {
        *to++ = o < desc_.out_channels ? from[o * taps_ + tap] : 0;
      }
    }
    block += channels / lanes_;
  }
  packed_from_ = BufferState(weights);
}

void DirectForward::SetOffsets(int64_t src_block) {
  if (offsets_block_ == src_block) return;
  offsets_block_ = src_block;
  const WindowGeometry& window = desc_.window;
  size_t tap = 0;
  for (int64_t c = 0; c < desc_.in_channels; ++c) {
    const int64_t plane = c / src_block * src_block * height_ * width_ + c % src_block;
    for (int64_t h = 0; h < window.kernel[0]; ++h) {
      for (int64_t w = 0; w < window.kernel[1]; ++w) {
        const int64_t place = h * window.dilation[0] * width_ + w * window.dilation[1];
        offsets_[tap++] = plane + place * src_block;
      }
    }
  }
}

const float* DirectForward::Pad(const float* src, int64_t src_block) {
  const WindowGeometry& window = desc_.window;
  const int64_t height = window.input[0], width = window.input[1];
  const int64_t blocks = (desc_.in_channels + src_block - 1) / src_block;
  float* const padded = padded_.mutable_plain();
  ParallelFor(int64_t{desc_.num} * desc_.in_channels, 1, [&](int64_t plane, int64_t) {
    const int64_t image = plane / desc_.in_channels;
    const int64_t c = plane % desc_.in_channels;
    const float* from =
        src + (image * blocks + c / src_block) * src_block * height * width + c % src_block;
    float* to = padded + plane * height_ * width_ + window.pad[0] * width_ + window.pad[1];
    for (int64_t h = 0; h < height; ++h, to += width_) {
      for (int64_t w = 0; w < width; ++w, from += src_block) to[w] = *from;
    }
  });
  return padded;
}

void DirectForward::Run(const float* src, int64_t src_block, const Buffer& weights,
                        const float* bias, float* dst) {
  PackWeights(weights);
  if (bias != nullptr) std::copy_n(bias, desc_.out_channels, bias_.begin());
  const int64_t block_size = pads_ ? 1 : src_block;
  const float* const packed = packed_.plain();
  const float* const in = pads_ ? Pad(src, src_block) : src;
  SetOffsets(block_size);
  const WindowGeometry& window = desc_.window;
  const int64_t image_size =
      (desc_.in_channels + block_size - 1) / block_size * block_size * height_ * width_;
  const int64_t out_height = window.output[0], out_width = window.output[1];
  const int64_t rest = desc_.out_channels - (out_blocks_ - 1) * lanes_;
  ParallelFor(desc_.num * out_height, 1, [&](int64_t index, int64_t) {
    const int64_t image = index / out_height, y = index % out_height;
    for (int64_t block = 0; block < out_blocks_;) {
      const int64_t blocks = GroupSize(block, out_blocks_);
      const DirectRow row = {
          in + image * image_size + y * window.stride[0] * width_ * block_size,
          window.stride[1] * block_size,
          offsets_.data(),
          taps_,
          packed + block * taps_ * lanes_,
          bias_.data() + block * lanes_,
          slopes_.empty() ? nullptr : slopes_.data() + block * lanes_,
          dst + ((image * out_blocks_ + block) * out_height + y) * out_width * lanes_,
          out_height * out_width * lanes_,
          out_width,
          block + blocks == out_blocks_ ? rest : lanes_};
      HWY_DYNAMIC_DISPATCH(ComputeRow)(blocks, row);
      block += blocks;
    }
  });
}

}  // namespace demitasse
#endif  // HWY_ONCE
