#include "src/ops/winograd.hpp"

#include <algorithm>

#include "src/core/threads.hpp"
#include "src/ops/loop_scratch.hpp"

namespace demitasse {
namespace {

constexpr int64_t kLine = kWinogradLine;

int64_t Quotient(int64_t a, int64_t b) { return (a + b - 1) / b; }

int64_t PlanesSize(int64_t size) { return kWinogradPlanes * WinogradPlaneStride(size); }

WinogradPlanes Planes(int64_t size, float* memory) { return {memory, WinogradPlaneStride(size)}; }

float* Aligned(float* memory) {
  const auto address = reinterpret_cast<uintptr_t>(memory);
  constexpr uintptr_t kBytes = kLine * sizeof(float);
  return memory + (kBytes - address % kBytes) % kBytes / sizeof(float);
}

// Part `index` of `count` nearly equal parts of [0, size).
WinogradRange Part(int64_t size, int64_t count, int64_t index) {
  return {size * index / count, size * (index + 1) / count};
}

int64_t Results(const WinogradShape& shape) {
  return shape.num * shape.out_height * shape.out_width;
}

int64_t Kernels(const WinogradShape& shape) { return shape.in_channels * shape.out_channels; }

// Whether groups have at least so many channels, in blocks of their own.
bool AreWholeBlocks(const WinogradShape& shape, int64_t least) {
  return std::min(shape.in_channels, shape.out_channels) >= least &&
         shape.in_channels % WinogradLanes() == 0 && shape.out_channels % WinogradLanes() == 0;
}

}  // namespace

WinogradBlocking ChooseWinogradBlocking(const WinogradShape& shape) {
  constexpr int64_t kSmall = 2'000'000;  // floating-point operations: some 20 microseconds
  constexpr int64_t kPieces = 8;         // that threads can share fairly
  const int64_t tiles = shape.tiles();
  const int64_t operations = 2 * kWinogradPlanes * Kernels(shape) * tiles;
  if (operations <= kSmall) return {tiles, 4, 0};
  const int64_t apart = shape.in_channels + shape.out_channels <= 256 ? 12 : 48;
  if (shape.in_channels <= 256 && tiles >= kPieces * apart) return {apart, 4, 0};
  return {48, 2, 400};
}

bool WinogradApplies(const WinogradShape& shape) {
  constexpr int64_t kGroup = 32;  // channels of a group that are worth their own run
  if (WinogradLanes() == 0 || std::min(shape.in_channels, shape.out_channels) < 8) return false;
  if (shape.groups > 1 && !AreWholeBlocks(shape, kGroup)) return false;
  return Results(shape) > 0;
}

bool WinogradPays(const WinogradShape& shape) {
  constexpr int64_t kFewestTiles = 8;        // that are worth four times as many bytes of weights
  constexpr int64_t kCachedKernels = 8'192;  // whose transform is not far away in any case
  const int64_t tiles = shape.tiles();
  const bool tiles_are_full = 2 * Results(shape) >= tiles * kWinogradTile * kWinogradTile;
  return WinogradApplies(shape) && tiles_are_full &&
         (tiles >= kFewestTiles || Kernels(shape) <= kCachedKernels);
}

Winograd::Winograd(const WinogradShape& shape, bool turned, const WinogradBlocking& blocking,
                   int64_t group)
    : shape_(shape),
      turned_(turned),
      blocking_{blocking.tiles,
                std::min(blocking.panels, Quotient(shape.out_channels, 2 * WinogradLanes())),
                blocking.span},
      first_weight_(group * Kernels(shape) * 9),
      rows_(WinogradRows()),
      panel_(2 * WinogradLanes()),
      in_padded_(Quotient(shape.in_channels, WinogradLanes()) * WinogradLanes()),
      panels_(Quotient(shape.out_channels, panel_)),
      groups_(Quotient(shape.tiles(), rows_)) {}

void Winograd::Run(const float* src, const Buffer& weights, const WinogradEpilogue& epilogue,
                   float* dst) {
  const float* const u = TransformedWeights(weights);
  if (blocking_.span > 0) {
    RunTogether(src, u, epilogue, dst);
  } else {
    RunApart(src, u, epilogue, dst);
  }
}

const float* Winograd::TransformedWeights(const Buffer& weights) {
  if (transformed_from_ == BufferState(weights)) return transformed_->plain();
  const int64_t inner = turned_ ? shape_.out_channels : shape_.in_channels;
  const WinogradWeights from = {weights.plain() + first_weight_, turned_ ? 9 : inner * 9,
                                turned_ ? inner * 9 : 9, turned_};
  if (transformed_ == nullptr) {
    transformed_ = std::make_unique<Buffer>(panels_ * kWinogradPlanes * in_padded_ * panel_);
  }
  float* const u = transformed_->Overwrite(nullptr);
  ParallelFor(panels_, 1, [&](int64_t begin, int64_t end) {
    WinogradTransformWeights(shape_, from, {begin, end}, u);
  });
  transformed_from_ = BufferState(weights);
  return u;
}

WinogradRange Winograd::TilesOf(WinogradRange groups) const {
  return {groups.begin * rows_, std::min(groups.end * rows_, shape_.tiles())};
}

void Winograd::TransformInput(const float* src, WinogradRange groups, WinogradRange blocks,
                              const WinogradPlanes& v) const {
  for (int64_t group = groups.begin; group < groups.end; ++group) {
    const int64_t at = (group - groups.begin) * rows_ * in_padded_;
    WinogradTransformInput(shape_, src, TilesOf({group, group + 1}), blocks,
                           rows_ * WinogradLanes(), {v.data + at, v.stride});
  }
}

void Winograd::MultiplyAndTransform(WinogradRange groups, WinogradRange panels,
                                    const WinogradPlanes& v, const float* u,
                                    const WinogradEpilogue& epilogue, float* products,
                                    float* dst) const {
  const WinogradRange tiles = TilesOf(groups);
  const WinogradPlanes m = Planes(ProductSize(groups.size()), products);
  const float* const factors = u + panels.begin * kWinogradPlanes * in_padded_ * panel_;
  WinogradMultiply(shape_.in_channels, tiles.size(), panels.size(), v, factors, m);
  WinogradTransformOutput(shape_, m, tiles, panels, epilogue, dst);
}

void Winograd::RunApart(const float* src, const float* u, const WinogradEpilogue& epilogue,
                        float* dst) const {
  const int64_t pieces = Quotient(groups_, Quotient(blocking_.tiles, rows_));
  const int64_t most = Quotient(groups_, pieces);
  const int64_t input = PlanesSize(InputSize(most));
  LoopScratch scratch(input + PlanesSize(ProductSize(most)) + kLine);
  const WinogradRange all_blocks = {0, in_padded_ / WinogradLanes()};
  ParallelFor(pieces, 1, [&](int64_t piece, int64_t) {
    float* const memory = scratch.Get();
    if (memory == nullptr) return;
    const WinogradRange groups = Part(groups_, pieces, piece);
    const WinogradPlanes v = Planes(InputSize(groups.size()), Aligned(memory));
    TransformInput(src, groups, all_blocks, v);
    for (int64_t panel = 0; panel < panels_; panel += blocking_.panels) {
      MultiplyAndTransform(groups, {panel, std::min(panel + blocking_.panels, panels_)}, v, u,
                           epilogue, v.data + input, dst);
    }
  });
  scratch.ThrowIfRefused();
}

void Winograd::RunTogether(const float* src, const float* u, const WinogradEpilogue& epilogue,
                           float* dst) const {
  constexpr int64_t kBlocks = 8;  // blocks of channels that are a piece of work
  const int64_t spans = Quotient(groups_, Quotient(blocking_.span, rows_));
  const int64_t blocks = in_padded_ / WinogradLanes();
  const int64_t block_pieces = Quotient(blocks, kBlocks);
  const int64_t panel_pieces = Quotient(panels_, blocking_.panels);
  float* const memory = ThreadScratch(PlanesSize(InputSize(Quotient(groups_, spans))));
  for (int64_t span = 0; span < spans; ++span) {
    const WinogradRange groups = Part(groups_, spans, span);
    const WinogradPlanes v = Planes(InputSize(groups.size()), memory);
    ParallelFor(groups.size() * block_pieces, 1, [&](int64_t piece, int64_t) {
      const int64_t group = piece / block_pieces;
      const int64_t block = piece % block_pieces * kBlocks;
      TransformInput(src, {groups.begin + group, groups.begin + group + 1},
                     {block, std::min(block + kBlocks, blocks)},
                     {v.data + InputSize(group), v.stride});
    });
    const int64_t tile_pieces = Quotient(groups.size(), Quotient(blocking_.tiles, rows_));
    LoopScratch scratch(PlanesSize(ProductSize(Quotient(groups.size(), tile_pieces))) + kLine);
    ParallelFor(panel_pieces * tile_pieces, 1, [&](int64_t piece, int64_t) {
      float* const products = scratch.Get();
      if (products == nullptr) return;
      const int64_t panel = piece / tile_pieces * blocking_.panels;
      const WinogradRange part = Part(groups.size(), tile_pieces, piece % tile_pieces);
      MultiplyAndTransform({groups.begin + part.begin, groups.begin + part.end},
                           {panel, std::min(panel + blocking_.panels, panels_)},
                           {v.data + InputSize(part.begin), v.stride}, u, epilogue,
                           Aligned(products), dst);
    });
    scratch.ThrowIfRefused();
  }
}

}  // namespace demitasse
