#include "src/ops/lrn.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <vector>

#include "src/core/threads.hpp"
#include "src/core/vectorize.hpp"
#include "src/ops/channel_tiles.hpp"
#include "src/ops/loop_scratch.hpp"
#include "src/ops/output.hpp"
#include "src/ops/pooling.hpp"

namespace demitasse {
namespace {

// s^-0.75, the power of the published networks, in instructions that work on vectors.
struct MinusThreeQuarters {
  float operator()(float s) const {
    const float root = std::sqrt(s);
    return 1 / (root * std::sqrt(root));
  }
};

struct MinusHalf {
  float operator()(float s) const { return 1 / std::sqrt(s); }
};

struct MinusPower {
  float beta;
  float operator()(float s) const { return std::pow(s, -beta); }
};

template <typename Run>
void WithPower(float beta, const Run& run) {
  if (beta == 0.75f) {
    run(MinusThreeQuarters());
  } else if (beta == 0.5f) {
    run(MinusHalf());
  } else {
    run(MinusPower{beta});
  }
}

// Across channels: all that is around an element is in one tile with it.

// Elements whose sums stay in the first-level cache.
constexpr int64_t kChunk = 64;

// sums[i] = the sum of `values` around element i: of those up to `reach` steps before and behind.
void SumAround(const float* values, int64_t step, int64_t reach, int64_t count, float* sums) {
  if (reach == 2) {  // the published networks'
    for (int64_t i = 0; i < count; ++i) {
      const float* const v = values + i;
      sums[i] = v[0] + (v[-step] + v[step]) + (v[-2 * step] + v[2 * step]);
    }
    return;
  }
  std::copy_n(values, count, sums);
  for (int64_t d = step; d <= reach * step; d += step) {
    const float* const before = values - d;
    const float* const behind = values + d;
    for (int64_t i = 0; i < count; ++i) sums[i] += before[i] + behind[i];
  }
}

// Calls visit(at, sums, count) for all elements [at, at + count) of a tile; sums[i] is the sum of
// `values` around element at + i.
template <typename Visit>
void ForEachSum(const ChannelTile& tile, const float* values, const Visit& visit) {
  float sums[kChunk];
  for (int64_t row = 0; row < tile.rows; ++row) {
    const int64_t end = tile.Row(row) + tile.length;
    for (int64_t at = tile.Row(row); at < end; at += kChunk) {
      const int64_t count = std::min(kChunk, end - at);
      SumAround(values + at, tile.step, tile.reach, count, sums);
      visit(at, sums, count);
    }
  }
}

void Square(const ChannelTile& tile, const float* x, float* squares) {
  for (int64_t row = 0; row < tile.rows; ++row) {
    const int64_t end = tile.Row(row) + tile.length;
    for (int64_t i = tile.Row(row); i < end; ++i) squares[i] = x[i] * x[i];
  }
  tile.ClearMargins(squares);
}

// x becomes y.
template <typename Power>
void ForwardTile(const Lrn& op, const Power& power, const ChannelTile& tile, float* x,
                 float* squares) {
  const float k = op.k;
  const float alpha = op.alpha / static_cast<float>(op.size);
  Square(tile, x, squares);
  ForEachSum(tile, squares, [=](int64_t at, const float* sums, int64_t count) {
    float* const y = x + at;
    for (int64_t i = 0; i < count; ++i) y[i] *= power(k + alpha * sums[i]);
  });
}

// x becomes dx. What dy and the scratch memory hold is lost.
template <typename Power>
void BackwardTile(const Lrn& op, const Power& power, const ChannelTile& tile, float* x, float* dy,
                  float* squares, float* ratios) {
  const float k = op.k;
  const float alpha = op.alpha / static_cast<float>(op.size);
  const float factor = 2 * alpha * op.beta;
  Square(tile, x, squares);
  ForEachSum(tile, squares, [=](int64_t at, const float* sums, int64_t count) {
    for (int64_t i = at; i < at + count; ++i) {
      const float s = k + alpha * sums[i - at];
      const float scaled = dy[i] * power(s);
      dy[i] = scaled;
      ratios[i] = scaled * x[i] / s;
    }
  });
  tile.ClearMargins(ratios);
  ForEachSum(tile, ratios, [=](int64_t at, const float* sums, int64_t count) {
    for (int64_t i = at; i < at + count; ++i) x[i] = dy[i] - factor * x[i] * sums[i - at];
  });
}

template <int kBlock>
ChannelTiles<kBlock> TilesOf(const Lrn& op) {
  return {op.images, op.channels, int64_t{op.height} * op.width, op.size / 2};
}

// Calls body(index, tile, scratch) for all tiles, in parallel; scratch is memory for `arrays`
// tiles.
template <typename Tiles, typename Body>
void ForEachTile(const Tiles& tiles, int64_t arrays, const Body& body) {
  LoopScratch scratch(arrays * tiles.largest());
  ParallelFor(tiles.count(), 1, [&](int64_t index, int64_t) {
    float* const memory = scratch.Get();
    if (memory != nullptr) body(index, tiles.ShapeOf(index), memory);
  });
  scratch.ThrowIfRefused();
}

template <int kBlock>
void ForwardAcross(const Lrn& op, const float* src, float* dst) {
  const ChannelTiles<kBlock> tiles = TilesOf<kBlock>(op);
  WithPower(op.beta, [&](const auto& power) {
    ForEachTile(tiles, 2, [&](int64_t index, const ChannelTile& tile, float* scratch) {
      Vectorized([&] {
        tiles.Load(index, src, scratch);
        ForwardTile(op, power, tile, scratch, scratch + tile.size());
        tiles.Store(index, scratch, dst);
      });
    });
  });
}

template <int kBlock>
void BackwardAcross(const Lrn& op, const float* src, const float* dst_diff, float* src_diff) {
  const ChannelTiles<kBlock> tiles = TilesOf<kBlock>(op);
  WithPower(op.beta, [&](const auto& power) {
    ForEachTile(tiles, 4, [&](int64_t index, const ChannelTile& tile, float* scratch) {
      const int64_t size = tile.size();
      Vectorized([&] {
        tiles.Load(index, src, scratch);
        tiles.Load(index, dst_diff, scratch + size);
        BackwardTile(op, power, tile, scratch, scratch + size, scratch + 2 * size,
                     scratch + 3 * size);
        tiles.Store(index, scratch, src_diff);
      });
    });
  });
}

// Within a channel: means around places are an average pooling with stride 1, of squares forward,
// and backward of what the formula of the gradient has. As many windows hold a place as places a
// window holds, so that the pooling is its own transpose.

Pooling MeanAround(const Lrn& op) {
  const int pad = op.size / 2;
  const std::vector<int> places = {op.height, op.width};
  return {Pooling::Method::kAverage,
          op.images,
          op.channels,
          {places, {op.size, op.size}, {1, 1}, {pad, pad}, {1, 1}, places}};
}

// Brings all into plain order unless they are in one layout.
void Align(std::initializer_list<const Buffer*> buffers) {
  const bool same = std::all_of(buffers.begin(), buffers.end(), [&](const Buffer* buffer) {
    return SameLayout(**buffers.begin(), *buffer);
  });
  if (same) return;
  for (const Buffer* buffer : buffers) buffer->plain();
}

template <typename Function>
void ForEachStored(const Buffer& buffer, const Function& function) {
  ParallelFor(StoredSize(buffer, buffer.size()), kElementwiseGrain,
              [&](int64_t begin, int64_t end) {
                for (int64_t i = begin; i < end; ++i) function(i);
              });
}

// means = the means of the squares around each element of src. `squares` is overwritten.
void MeanSquares(const Lrn& op, const Buffer& src, Buffer* squares, Buffer* means) {
  const float* const x = src.stored();
  float* const square = squares->Overwrite(src.shared_layout());
  ForEachStored(src, [=](int64_t i) { square[i] = x[i] * x[i]; });
  MeanAround(op).Forward(*squares, means);
}

void ForwardWithin(const Lrn& op, const Buffer& src, Buffer* dst) {
  Buffer squares(src.size());
  Buffer means(src.size());
  MeanSquares(op, src, &squares, &means);
  Align({&src, &means});
  const float alpha = op.alpha;
  const float* const x = src.stored();
  const float* const mean = means.stored();
  float* const y = dst->Overwrite(src.shared_layout());
  WithPower(op.beta, [&](const auto& power) {
    ForEachStored(src, [=](int64_t i) { y[i] = x[i] * power(1 + alpha * mean[i]); });
  });
}

void BackwardWithin(const Lrn& op, const Buffer& src, const Buffer& dst_diff, Buffer* src_diff) {
  Buffer ratios(src.size());
  Buffer means(src.size());
  Align({&src, &dst_diff});
  MeanSquares(op, src, &ratios, &means);
  Align({&src, &dst_diff, &means});
  const float alpha = op.alpha;
  const float* const x = src.stored();
  const float* const dy = dst_diff.stored();
  const float* mean = means.stored();
  float* const ratio = ratios.Overwrite(src.shared_layout());
  float* const dx = src_diff->Overwrite(src.shared_layout());
  WithPower(op.beta, [&](const auto& power) {
    ForEachStored(src, [=](int64_t i) {
      const float s = 1 + alpha * mean[i];
      const float scaled = dy[i] * power(s);
      dx[i] = scaled;
      ratio[i] = scaled * x[i] / s;
    });
  });
  MeanAround(op).Forward(ratios, &means);
  mean = means.stored();
  const float factor = 2 * alpha * op.beta;
  ForEachStored(src, [=](int64_t i) { dx[i] -= factor * x[i] * mean[i]; });
}

// The channel block to compute with; 1 brings the buffer into plain order.
int64_t BlockOf(const Lrn& op, const Buffer& buffer) {
  const Layout* const layout = buffer.layout();
  const int64_t places = int64_t{op.height} * op.width;
  const int64_t block =
      layout == nullptr ? 1 : layout->ChannelBlock(op.images, op.channels, places);
  if (block == 4 || block == 8 || block == 16) return block;
  buffer.plain();
  return 1;
}

}  // namespace

void Lrn::Forward(const Buffer& src, Buffer* dst) const {
  if (src.size() == 0) return;
  if (region == Region::kWithinChannel) return ForwardWithin(*this, src, dst);
  const int64_t block = BlockOf(*this, src);
  const float* const x = src.stored();
  float* const y = dst->Overwrite(src.shared_layout());
  if (block == 1) ForwardAcross<1>(*this, x, y);
  if (block == 4) ForwardAcross<4>(*this, x, y);
  if (block == 8) ForwardAcross<8>(*this, x, y);
  if (block == 16) ForwardAcross<16>(*this, x, y);
}

void Lrn::Backward(const Buffer& src, const Buffer& dst_diff, Buffer* src_diff) const {
  if (src.size() == 0) return;
  Align({&src, &dst_diff});
  if (region == Region::kWithinChannel) return BackwardWithin(*this, src, dst_diff, src_diff);
  const int64_t block = BlockOf(*this, src);
  Align({&src, &dst_diff});
  const float* const x = src.stored();
  const float* const dy = dst_diff.stored();
  float* const dx = src_diff->Overwrite(src.shared_layout());
  if (block == 1) BackwardAcross<1>(*this, x, dy, dx);
  if (block == 4) BackwardAcross<4>(*this, x, dy, dx);
  if (block == 8) BackwardAcross<8>(*this, x, dy, dx);
  if (block == 16) BackwardAcross<16>(*this, x, dy, dx);
}

}  // namespace demitasse
