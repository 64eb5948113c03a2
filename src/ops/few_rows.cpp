// Other instruction sets have no fast code, or nothing new for floats.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/ops/few_rows.cpp"
#include "src/ops/few_rows.hpp"

#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>  // IWYU pragma: keep
#include <hwy/highway.h>

#include <algorithm>

#include "src/core/threads.hpp"
#include "src/ops/loop_scratch.hpp"
#include "src/ops/vectors-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace demitasse {
namespace HWY_NAMESPACE {
namespace {

// Of a tile of rows x outputs, 12 of 16 registers hold sums.
constexpr int64_t kTileRows = 4;
constexpr int64_t kTileOutputs = 3;
// Inputs of a tile. Rows may be multiples of a page apart, whose lines would drive each other out
// of the cache: src is packed into the order [depth][tile][vector][row of the tile][lane], and
// weights are used up at once.
constexpr int64_t kDepth = 512;

struct Tile {
  const float* src;      // packed, of all rows
  const float* weights;  // rows `inputs` floats apart
  const float* ahead;    // the weights to be used next, `ahead_step` of them with every vector
  int64_t ahead_step;
  int64_t inputs;
  int64_t depth;
  float* dst;  // rows `outputs` floats apart
  int64_t outputs;
};

bool IsFast() { return kFast; }

int64_t Padded(int64_t depth) { return (depth + kLanes - 1) / kLanes * kLanes; }

// Fills the last vector of a row up with zeros.
void Pack(int64_t rows, int64_t inputs, const float* src, float* packed) {
  for (int64_t begin = 0; begin < inputs; begin += kDepth) {
    const int64_t end = std::min(begin + kDepth, inputs);
    for (int64_t tile = 0; tile < rows; tile += kTileRows) {
      for (int64_t i = begin; i < end; i += kLanes) {
        const int64_t count = std::min(kLanes, end - i);
        for (int64_t row = tile; row < std::min(tile + kTileRows, rows); ++row, packed += kLanes) {
          std::copy_n(src + row * inputs + i, count, packed);
          std::fill(packed + count, packed + kLanes, 0.0f);
        }
      }
    }
  }
}

// sums[r][o] += src[r] * weights[o], for a vector of inputs.
template <int kRows, int kOutputs>
HWY_INLINE void MultiplyAdd(const float* HWY_RESTRICT src, const V (&weights)[kOutputs],
                            V (&sums)[kRows][kOutputs]) {
  for (int r = 0; r < kRows; ++r) {
    const V x = hn::LoadU(D(), src + r * kLanes);
    for (int o = 0; o < kOutputs; ++o) sums[r][o] = hn::MulAdd(x, weights[o], sums[r][o]);
  }
}

// dst[r][o] += the sum over the depth of src[r][i] * weights[o][i].
template <int kRows, int kOutputs>
void AddTile(const Tile& tile) {
  const D d;
  V sums[kRows][kOutputs];
  for (int r = 0; r < kRows; ++r) {
    for (int o = 0; o < kOutputs; ++o) sums[r][o] = hn::Zero(d);
  }
  V w[kOutputs];
  const float* src = tile.src;
  const float* ahead = tile.ahead;
  int64_t i = 0;
  for (; i + kLanes <= tile.depth; i += kLanes, src += kRows * kLanes) {
    for (int o = 0; o < kOutputs; ++o) {
      w[o] = hn::LoadU(d, tile.weights + o * tile.inputs + i);
      hwy::Prefetch(ahead + o * tile.inputs);
    }
    ahead += tile.ahead_step;
    MultiplyAdd(src, w, sums);
  }
  if (i < tile.depth) {
    const auto rest = hn::FirstN(d, static_cast<size_t>(tile.depth - i));
    for (int o = 0; o < kOutputs; ++o) {
      w[o] = hn::MaskedLoad(rest, d, tile.weights + o * tile.inputs + i);
    }
    MultiplyAdd(src, w, sums);
  }
  for (int r = 0; r < kRows; ++r) {
    for (int o = 0; o < kOutputs; ++o) {
      tile.dst[r * tile.outputs + o] += hn::GetLane(hn::SumOfLanes(d, sums[r][o]));
    }
  }
}

// Tiles of all rows. Each brings a part of the next weights into the cache.
template <int kOutputs>
void AddRows(int64_t rows, Tile tile) {
  for (int64_t row = 0; row < rows; row += kTileRows) {
    const int64_t left = rows - row;
    if (left == 1) AddTile<1, kOutputs>(tile);
    if (left == 2) AddTile<2, kOutputs>(tile);
    if (left == 3) AddTile<3, kOutputs>(tile);
    if (left >= 4) AddTile<4, kOutputs>(tile);
    tile.ahead += tile.depth / kLanes * tile.ahead_step;
    tile.src += kTileRows * Padded(tile.depth);
    tile.dst += kTileRows * tile.outputs;
  }
}

// Adds the products for outputs [begin, end) to dst.
void AddOutputs(const InnerProductShape& shape, const float* packed, const float* weights,
                int64_t begin, int64_t end, float* dst) {
  const int64_t tiles = (shape.rows + kTileRows - 1) / kTileRows;
  const int64_t step = (kLanes + tiles - 1) / tiles;
  for (int64_t i = 0; i < shape.inputs; i += kDepth) {
    const int64_t depth = std::min(kDepth, shape.inputs - i);
    for (int64_t o = begin; o < end; o += kTileOutputs) {
      const float* const w = weights + o * shape.inputs + i;
      const float* const next = o + 2 * kTileOutputs <= end ? w + kTileOutputs * shape.inputs : w;
      const Tile tile = {packed, w, next, step, shape.inputs, depth, dst + o, shape.outputs};
      if (end - o == 1) AddRows<1>(shape.rows, tile);
      if (end - o == 2) AddRows<2>(shape.rows, tile);
      if (end - o >= 3) AddRows<3>(shape.rows, tile);
    }
    packed += shape.rows * Padded(depth);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace demitasse
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace demitasse {
namespace {

constexpr int64_t kPiece = 48;           // outputs: many tiles of any instruction set
constexpr int64_t kLeastWork = 1 << 18;  // products that are worth a core of their own
constexpr int64_t kMostLanes = 16;       // of any instruction set

}  // namespace

HWY_EXPORT(IsFast);
HWY_EXPORT(Pack);
HWY_EXPORT(AddOutputs);

bool HasFastFewRows() { return HWY_DYNAMIC_DISPATCH(IsFast)(); }

void AddFewRows(const InnerProductShape& shape, const float* src, const float* weights,
                float* dst) {
  float* const packed = ThreadScratch(shape.rows * (shape.inputs + kMostLanes));
  HWY_DYNAMIC_DISPATCH(Pack)(shape.rows, shape.inputs, src, packed);
  const int64_t work = std::max<int64_t>(1, shape.rows * shape.inputs * kPiece);
  ParallelFor(shape.outputs, kPiece * (1 + kLeastWork / work), [&](int64_t begin, int64_t end) {
    HWY_DYNAMIC_DISPATCH(AddOutputs)(shape, packed, weights, begin, end, dst);
  });
}

}  // namespace demitasse
#endif  // HWY_ONCE
