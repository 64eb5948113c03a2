#include "src/ops/winograd_gradient.hpp"

#include <algorithm>

#include "src/core/threads.hpp"
#include "src/ops/loop_scratch.hpp"

namespace demitasse {
namespace {

constexpr int64_t kSpan = 192;       // tiles: a block of channels of three of these fit in 32 KiB
constexpr int64_t kPieceBlocks = 8;  // blocks of channels that are a piece of work

int64_t Quotient(int64_t a, int64_t b) { return (a + b - 1) / b; }

}  // namespace

WinogradGradient::WinogradGradient(const WinogradShape& shape)
    : shape_(shape),
      lanes_(WinogradLanes()),
      in_blocks_(Quotient(shape.in_channels, lanes_)),
      out_blocks_(Quotient(shape.out_channels, lanes_)),
      span_(std::min(kSpan, shape.tiles())),
      bias_sums_(static_cast<size_t>(out_blocks_ * lanes_)) {}

void WinogradGradient::Run(const float* src, const float* dst_diff, float* weights_diff,
                           float* bias_diff) {
  const int64_t v_stride = WinogradPlaneStride(in_blocks_ * span_ * lanes_);
  const int64_t z_stride = WinogradPlaneStride(out_blocks_ * span_ * lanes_);
  const int64_t u_stride = WinogradPlaneStride(in_blocks_ * lanes_ * out_blocks_ * lanes_);
  float* const memory =
      ThreadScratch(kWinogradPlanes * (v_stride + u_stride) + (kWinogradPlanes + 1) * z_stride);
  const WinogradPlanes v = {memory, v_stride};
  const WinogradPlanes u_diff = {v.data + kWinogradPlanes * v_stride, u_stride};
  const WinogradPlanes z = {u_diff.data + kWinogradPlanes * u_stride, z_stride};
  std::fill(bias_sums_.begin(), bias_sums_.end(), 0.0);
  for (int64_t tile = 0; tile < shape_.tiles(); tile += span_) {
    const Span span = {{tile, std::min(tile + span_, shape_.tiles())}, v, z};
    Transform(src, dst_diff, span);
    if (weights_diff != nullptr) Multiply(span, u_diff);
    if (bias_diff != nullptr) SumBias(span);
  }
  if (weights_diff != nullptr) {
    ParallelFor(out_blocks_, 1, [&](int64_t begin, int64_t end) {
      WinogradTransformWeightsGradient(shape_, u_diff, {begin, end}, weights_diff);
    });
  }
  if (bias_diff != nullptr) {
    for (int64_t o = 0; o < shape_.out_channels; ++o) {
      bias_diff[o] += static_cast<float>(bias_sums_[static_cast<size_t>(o)]);
    }
  }
}

void WinogradGradient::Transform(const float* src, const float* dst_diff, const Span& span) const {
  constexpr int64_t kTiles = 12;
  const int64_t tile_pieces = Quotient(span.tiles.size(), kTiles);
  const int64_t in_pieces = Quotient(in_blocks_, kPieceBlocks);
  const int64_t pieces = in_pieces + Quotient(out_blocks_, kPieceBlocks);
  const int64_t block_stride = span_ * lanes_;
  ParallelFor(tile_pieces * pieces, 1, [&](int64_t index, int64_t) {
    const int64_t first = index / pieces * kTiles;
    const WinogradRange tiles = {span.tiles.begin + first,
                                 std::min(span.tiles.begin + first + kTiles, span.tiles.end)};
    const bool input = index % pieces < in_pieces;
    const int64_t block = (index % pieces - (input ? 0 : in_pieces)) * kPieceBlocks;
    const WinogradPlanes& to = input ? span.v : span.z;
    const WinogradPlanes planes = {to.data + first * lanes_, to.stride};
    const WinogradRange blocks = {block,
                                  std::min(block + kPieceBlocks, input ? in_blocks_ : out_blocks_)};
    if (input) {
      WinogradTransformInput(shape_, src, tiles, blocks, block_stride, planes);
    } else {
      WinogradTransformOutputGradient(shape_, dst_diff, tiles, blocks, block_stride, planes);
    }
  });
}

void WinogradGradient::Multiply(const Span& span, const WinogradPlanes& u_diff) const {
  const int64_t pieces = Quotient(in_blocks_, kPieceBlocks);
  ParallelFor(kWinogradPlanes * pieces, 1, [&](int64_t index, int64_t) {
    const int64_t plane = index / pieces;
    const int64_t block = index % pieces * kPieceBlocks;
    WinogradMultiplyGradient(
        shape_, span.tiles.size(), {block, std::min(block + kPieceBlocks, in_blocks_)},
        span.v.data + plane * span.v.stride, span.z.data + plane * span.z.stride, span_ * lanes_,
        span.tiles.begin > 0, u_diff.data + plane * u_diff.stride);
  });
}

void WinogradGradient::SumBias(const Span& span) {
  const float* const sums = span.z.data + kWinogradPlanes * span.z.stride;
  for (int64_t block = 0; block < out_blocks_; ++block) {
    for (int64_t tile = 0; tile < span.tiles.size(); ++tile) {
      for (int64_t lane = 0; lane < lanes_; ++lane) {
        bias_sums_[static_cast<size_t>(block * lanes_ + lane)] +=
            sums[(block * span_ + tile) * lanes_ + lane];
      }
    }
  }
}

}  // namespace demitasse
