#include "src/ops/prelu.hpp"

#include <algorithm>
#include <array>

#include "src/core/threads.hpp"
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

// Within a run slopes repeat after `block` elements. The loops want more equal work in a row, so a
// short block is written down several times.
constexpr int64_t kPatternLength = 256;

int64_t PatternLength(int64_t block) {
  return std::max(kPatternLength / block, int64_t{1}) * block;
}

// A stretch of one run, elements [begin, end) of all, with the slopes of the first `pattern_length`
// of them.
struct Piece {
  int64_t index;
  int64_t begin;
  int64_t end;
  const float* pattern;
  int64_t pattern_length;
};

// The runs, cut into pieces of some thousand elements that depend on nothing but the order.
class Pieces {
 public:
  explicit Pieces(const Order& order) : order_(order) {
    const int64_t pattern_length = PatternLength(order.block);
    const int64_t patterns = std::max(kElementwiseGrain / pattern_length, int64_t{1});
    step_ = patterns * pattern_length / order.block;
    per_run_ = (order.places + step_ - 1) / step_;
  }

  int64_t count() const { return order_.runs * per_run_; }
  int64_t first_channel(int64_t piece) const {
    return piece / per_run_ % order_.blocks * order_.block;
  }

  // Calls body(piece) for all, in parallel. There is a slope for each channel, padding included.
  template <typename Body>
  void ForEach(const std::vector<float>& slopes, const Body& body) const {
    const int64_t size = std::max(std::min(step_, order_.places) * order_.block, int64_t{1});
    const int64_t grain = std::max(kElementwiseGrain / size, int64_t{1});
    ParallelFor(count(), grain, [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) Call(i, slopes, body);
    });
  }

 private:
  template <typename Body>
  void Call(int64_t index, const std::vector<float>& slopes, const Body& body) const {
    const float* pattern = &slopes[static_cast<size_t>(first_channel(index))];
    const int64_t length = PatternLength(order_.block);
    std::array<float, kPatternLength> repeated;
    if (length > order_.block) {
      for (int64_t i = 0, channel = 0; i < length; ++i) {
        repeated[static_cast<size_t>(i)] = pattern[channel];
        if (++channel == order_.block) channel = 0;
      }
      pattern = repeated.data();
    }
    const int64_t run = index / per_run_ * order_.places;
    const int64_t place = index % per_run_ * step_;
    const int64_t end = std::min(place + step_, order_.places);
    body(Piece{index, (run + place) * order_.block, (run + end) * order_.block, pattern, length});
  }

  Order order_;
  int64_t step_;     // places in a piece
  int64_t per_run_;  // pieces in a run
};

std::vector<float> PaddedSlopes(const Order& order, const float* slopes, int64_t channels) {
  std::vector<float> padded(static_cast<size_t>(order.blocks * order.block));
  std::copy_n(slopes, channels, padded.begin());
  return padded;
}

// For x > 0 values[i], else slopes[i] * values[i].
void Select(const float* x, const float* values, const float* slopes, int64_t size, float* out) {
  for (int64_t i = 0; i < size; ++i) {
    const float value = values[i];
    const float scaled = slopes[i] * value;  // in any case, lest the loop branch
    out[i] = x[i] > 0 ? value : scaled;
  }
}

void AddSlopeGradients(const float* x, const float* dy, int64_t size, double* sums) {
  for (int64_t i = 0; i < size; ++i) {
    const float product = x[i] * dy[i];
    sums[i] += x[i] > 0 ? 0 : product;
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

}  // namespace

void PRelu::Forward(const Buffer& src, const float* slopes, Buffer* dst) const {
  if (!ChannelsCanBeTold(*this, src.layout())) src.plain();
  const Order order = OrderOf(*this, src.layout());
  const float* const x = src.stored();
  float* const y = OutputInLayoutOf(src, dst);
  if (images * channels * places == 0) return;
  Pieces(order).ForEach(PaddedSlopes(order, slopes, channels), [&](const Piece& piece) {
    for (int64_t i = piece.begin; i < piece.end; i += piece.pattern_length) {
      const int64_t size = std::min(piece.pattern_length, piece.end - i);
      Select(x + i, x + i, piece.pattern, size, y + i);
    }
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
  const int64_t block = order.block;
  std::vector<double> sums(static_cast<size_t>(pieces.count() * block));
  pieces.ForEach(PaddedSlopes(order, slopes, channels), [&](const Piece& piece) {
    double* const piece_sums = &sums[static_cast<size_t>(piece.index * block)];
    std::array<double, kPatternLength> repeated{};
    double* const lanes = piece.pattern_length > block ? repeated.data() : piece_sums;
    for (int64_t i = piece.begin; i < piece.end; i += piece.pattern_length) {
      const int64_t size = std::min(piece.pattern_length, piece.end - i);
      AddSlopeGradients(x + i, dy + i, size, lanes);
      if (dx != nullptr) Select(x + i, dy + i, piece.pattern, size, dx + i);
    }
    if (lanes == piece_sums) return;
    for (int64_t start = 0; start < piece.pattern_length; start += block) {
      for (int64_t i = 0; i < block; ++i) piece_sums[i] += lanes[start + i];
    }
  });
  AddByChannel(pieces, block, sums, &gradients);
  return gradients;
}

}  // namespace demitasse
