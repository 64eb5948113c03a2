#include "src/ops/winograd_gradient.hpp"

#include <algorithm>

#include "src/core/threads.hpp"
#include "src/ops/loop_scratch.hpp"

namespace demitasse {
namespace {

constexpr int64_t kChunk = 192;      // tiles: four blocks of channels of these fit in 32 KiB
constexpr int64_t kPieceBlocks = 8;  // blocks of channels that are a piece of work

int64_t Quotient(int64_t a, int64_t b) { return (a + b - 1) / b; }

// Tiles, whole chunks, whose transforms are some megabytes: enough work between two meetings of the
// threads, near enough to be read again.
int64_t SpanTiles(const WinogradShape& shape) {
  constexpr int64_t kFloats = 8 << 18;  // 8 MiB
  const int64_t per_tile = kWinogradPlanes * (shape.in_channels + shape.out_channels);
  return std::max<int64_t>(kFloats / (per_tile * kChunk), 1) * kChunk;
}

}  // namespace

WinogradGradient::WinogradGradient(const WinogradShape& shape)
    : shape_(shape),
      lanes_(WinogradLanes()),
      in_blocks_(Quotient(shape.in_channels, lanes_)),
      out_blocks_(Quotient(shape.out_channels, lanes_)),
      span_(std::min(SpanTiles(shape), shape.tiles())),
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
    Multiply(span, u_diff);
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

void WinogradGradient::Multiply(const Span& span, const WinogradPlanes& u_diff) {
  const int64_t pieces = Quotient(in_blocks_, kPieceBlocks);
  const int64_t products = kWinogradPlanes * pieces;
  ParallelFor(products, 1, [&](int64_t index, int64_t) {
    const int64_t last = out_blocks_ * (index + 1) / products;
    for (int64_t i = out_blocks_ * index / products; i < last; ++i) SumBias(span, i);
    const int64_t plane = index / pieces;
    const int64_t block = index % pieces * kPieceBlocks;
    const WinogradRange blocks = {block, std::min(block + kPieceBlocks, in_blocks_)};
    for (int64_t tile = 0; tile < span.tiles.size(); tile += kChunk) {
      WinogradMultiplyGradient(shape_, std::min(kChunk, span.tiles.size() - tile), blocks,
                               span.v.data + plane * span.v.stride + tile * lanes_,
                               span.z.data + plane * span.z.stride + tile * lanes_, span_ * lanes_,
                               span.tiles.begin + tile > 0, u_diff.data + plane * u_diff.stride);
    }
  });
}

void WinogradGradient::SumBias(const Span& span, int64_t block) {
  const float* const sums = span.z.data + kWinogradPlanes * span.z.stride + block * span_ * lanes_;
  for (int64_t tile = 0; tile < span.tiles.size(); tile += kChunk) {
    WinogradAddTiles(std::min(kChunk, span.tiles.size() - tile), sums + tile * lanes_,
                     &bias_sums_[static_cast<size_t>(block * lanes_)]);
  }
}

}  // namespace demitasse
