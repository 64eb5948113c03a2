#include "src/ops/prelu.hpp"

#include <algorithm>
#include <array>

#include "src/core/vectorize.hpp"
#include "src/ops/output.hpp"

namespace demitasse {
namespace {

// How the elements lie in memory: `runs` runs of places x block elements, the element i of run r
// being of channel r % blocks * block + i % block.
struct Order {
  int64_t runs;
  int64_t blocks;
  int64_t places;
  int64_t block;
};

int64_t Elements(const Order& order) { return order.runs * order.places * order.block; }

int64_t ChannelBlock(const PRelu& op, const Layout& layout) {
  return layout.ChannelBlock(op.images, op.channels, op.places);
}

Order OrderOf(const PRelu& op, const Layout* layout) {
  if (op.channels == 1) {
    const int64_t size = op.images * op.places;
    return {1, 1, layout != nullptr ? layout->stored_size() : size, 1};
  }
  const int64_t block = layout != nullptr ? ChannelBlock(op, *layout) : 0;
  if (block > 0) {
    const int64_t blocks = (op.channels + block - 1) / block;
    return {op.images * blocks, blocks, op.places, block};
  }
  if (op.places == 1) return {1, 1, op.images, op.channels};
  return {op.images * op.channels, op.channels, op.places, 1};
}

bool ChannelsCanBeTold(const PRelu& op, const Layout* layout) {
  return layout == nullptr || op.channels == 1 || ChannelBlock(op, *layout) > 0;
}

// Loops want more equal work in a row than a short block is. If the block divides kStreamedTile,
// they work on tiles of that many elements, otherwise on rows of one block.
bool InTiles(int64_t block) { return kStreamedTile % block == 0; }

// A stretch of one run, elements [begin, end) of all.
struct Piece {
  int64_t index;
  int64_t begin;
  int64_t end;
  const float* slopes;  // of the first tile or row, and of all that follow
};

// The runs, cut into pieces of some thousand elements that depend on nothing but the order.
class Pieces {
 public:
  explicit Pieces(const Order& order)
      : order_(order),
        step_(std::max(kElementwiseGrain / order.block, int64_t{1})),
        per_run_((order.places + step_ - 1) / step_) {}

  int64_t count() const { return order_.runs * per_run_; }
  int64_t first_channel(int64_t piece) const {
    return piece / per_run_ % order_.blocks * order_.block;
  }

  // Calls body(piece) for all, in parallel and vectorized. There is a slope for each channel,
  // padding included.
  template <typename Body>
  void ForEach(const float* slopes, const Body& body) const {
    const int64_t size = std::max(std::min(step_, order_.places) * order_.block, int64_t{1});
    const int64_t grain = std::max(kElementwiseGrain / size, int64_t{1});
    ParallelFor(count(), grain, [&](int64_t first, int64_t last) {
      Vectorized([&] {
        for (int64_t i = first; i < last; ++i) Call(i, slopes + first_channel(i), body);
      });
    });
  }

 private:
  template <typename Body>
  void Call(int64_t index, const float* slopes, const Body& body) const {
    const int64_t block = order_.block;
    std::array<float, kStreamedTile> tile;
    if (InTiles(block)) {
      std::copy_n(slopes, block, tile.data());
      for (int64_t filled = block; filled < kStreamedTile; filled *= 2) {
        std::copy_n(tile.data(), filled, tile.data() + filled);
      }
      slopes = tile.data();
    }
    const int64_t run = index / per_run_ * order_.places;
    const int64_t place = index % per_run_ * step_;
    const int64_t end = std::min(place + step_, order_.places);
    body(Piece{index, (run + place) * block, (run + end) * block, slopes});
  }

  const Order order_;
  const int64_t step_;     // places in a piece
  const int64_t per_run_;  // pieces in a run
};

// value for x > 0, slope * value otherwise.
float Select(float x, float value, float slope) {
  const float scaled = slope * value;  // in any case, lest the loop branch
  return x > 0 ? value : scaled;
}

void ForwardPiece(const float* x, const Piece& piece, int64_t block, float* y, Store store) {
  const float* const slopes = piece.slopes;
  if (block == 1) {
    MapRange(piece.begin, piece.end, y, store,
             [=, slope = slopes[0]](int64_t i) { return Select(x[i], x[i], slope); });
    return;
  }
  const int64_t row = InTiles(block) ? kStreamedTile : block;
  for (int64_t begin = piece.begin; begin < piece.end; begin += row) {
    MapRange(begin, std::min(begin + row, piece.end), y, store,
             [=](int64_t i) { return Select(x[i], x[i], slopes[i - begin]); });
  }
}

// dx of so many elements; x[i] * dy[i] is added to sums[i] where x[i] <= 0.
template <typename Sum>
void BackwardRow(const float* x, const float* dy, const float* slopes, int64_t count, float* dx,
                 Sum* sums) {
  DEMITASSE_INDEPENDENT
  for (int64_t i = 0; i < count; ++i) {
    const float product = x[i] * dy[i];
    sums[i] += x[i] > 0 ? 0 : product;
    dx[i] = Select(x[i], dy[i], slopes[i]);
  }
}

// dx of a piece unless null; the slope gradients of a block's channels are added to sums. Each
// element of a tile has a sum of its own at first, a float, as there are few to add.
void BackwardTiles(const float* x, const float* dy, const Piece& piece, int64_t block, float* dx,
                   Store store, double* sums) {
  std::array<float, kStreamedTile> lane_memory{};
  float* const lanes = lane_memory.data();
  alignas(64) std::array<float, kStreamedTile> tile;
  int64_t i = piece.begin;
  for (; i + kStreamedTile <= piece.end; i += kStreamedTile) {
    BackwardRow(x + i, dy + i, piece.slopes, kStreamedTile, tile.data(), lanes);
    if (dx != nullptr) StoreTile(tile.data(), dx + i, store);
  }
  BackwardRow(x + i, dy + i, piece.slopes, piece.end - i, tile.data(), lanes);
  if (dx != nullptr) std::copy_n(tile.data(), piece.end - i, dx + i);

  for (int64_t half = kStreamedTile / 2; half >= block; half /= 2) {
    for (int64_t j = 0; j < half; ++j) lanes[j] += lanes[half + j];
  }
  for (int64_t j = 0; j < block; ++j) sums[j] += lanes[j];
}

// The same for a block that does not divide a tile.
void BackwardBlocks(const float* x, const float* dy, const Piece& piece, int64_t block, float* dx,
                    double* sums) {
  std::array<float, kStreamedTile> tile;
  for (int64_t begin = piece.begin; begin < piece.end; begin += block) {
    for (int64_t j = 0; j < block; j += kStreamedTile) {
      const int64_t i = begin + j;
      float* const out = dx != nullptr ? dx + i : tile.data();
      BackwardRow(x + i, dy + i, piece.slopes + j, std::min(kStreamedTile, block - j), out,
                  sums + j);
    }
  }
}

// Adds the sums of all pieces, in their order, to those of the channels; the padding has none.
void AddByChannel(const Pieces& pieces, int64_t block, const std::vector<double>& sums,
                  std::vector<double>* channels) {
  for (int64_t i = 0; i < static_cast<int64_t>(sums.size()); ++i) {
    const size_t channel = static_cast<size_t>(pieces.first_channel(i / block) + i % block);
    if (channel < channels->size()) (*channels)[channel] += sums[static_cast<size_t>(i)];
  }
}

// The slopes of all channels, followed by zeros for a layout's padding.
class PaddedSlopes {
 public:
  PaddedSlopes(const Order& order, const float* slopes, int64_t channels) : slopes_(slopes) {
    if (order.blocks * order.block == channels) return;
    padded_.resize(static_cast<size_t>(order.blocks * order.block));
    std::copy_n(slopes, channels, padded_.begin());
    slopes_ = padded_.data();
  }
  const float* data() const { return slopes_; }

 private:
  const float* slopes_;
  std::vector<float> padded_;
};

}  // namespace

void PRelu::Forward(const Buffer& src, const float* slopes, Buffer* dst) const {
  if (!ChannelsCanBeTold(*this, src.layout())) src.plain();
  const Order order = OrderOf(*this, src.layout());
  const float* const x = src.stored();
  float* const y = OutputInLayoutOf(src, dst);
  if (images * channels * places == 0) return;
  const Store store = StoreFor(x, y, Elements(order));
  Pieces(order).ForEach(PaddedSlopes(order, slopes, channels).data(), [=](const Piece& piece) {
    ForwardPiece(x, piece, order.block, y, store);
    FinishStores(store);
  });
}

std::vector<double> PRelu::Backward(const Buffer& src, const Buffer& dst_diff, const float* slopes,
                                    Buffer* src_diff) const {
  if (!SameLayout(src, dst_diff) || !ChannelsCanBeTold(*this, src.layout())) {
    src.plain();
    dst_diff.plain();
  }
  const Order order = OrderOf(*this, src.layout());
  const float* const x = src.stored();
  const float* const dy = dst_diff.stored();
  float* const dx = src_diff != nullptr ? OutputInLayoutOf(dst_diff, src_diff) : nullptr;
  std::vector<double> gradients(static_cast<size_t>(channels));
  if (images * channels * places == 0) return gradients;

  const Pieces pieces(order);
  const Store store = StoreFor(dy, dx, Elements(order));
  const int64_t block = order.block;
  std::vector<double> sums(static_cast<size_t>(pieces.count() * block));
  pieces.ForEach(PaddedSlopes(order, slopes, channels).data(), [&](const Piece& piece) {
    double* const piece_sums = &sums[static_cast<size_t>(piece.index * block)];
    if (InTiles(block)) {
      BackwardTiles(x, dy, piece, block, dx, store, piece_sums);
    } else {
      BackwardBlocks(x, dy, piece, block, dx, piece_sums);
    }
    FinishStores(store);
  });
  AddByChannel(pieces, block, sums, &gradients);
  return gradients;
}

}  // namespace demitasse
