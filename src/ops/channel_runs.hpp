// How the channels of an array of images x channels x places lie in memory, in plain order or a
// layout of channel blocks, cut into pieces for loops over all cores.
#ifndef DEMITASSE_SRC_OPS_CHANNEL_RUNS_HPP_
#define DEMITASSE_SRC_OPS_CHANNEL_RUNS_HPP_

#include <algorithm>
#include <array>
#include <cstdint>

#include "demitasse/buffer.hpp"
#include "src/core/threads.hpp"
#include "src/ops/channel_map.hpp"

namespace demitasse {

// A value for each of the elements of a line, which are those of one piece that a loop takes at
// once; longer pieces repeat it.
constexpr int64_t kChannelLine = 128;
using ChannelLine = std::array<float, kChannelLine>;

// A stretch of elements, `block` channels side by side from `channel` on, of which `channels` are
// no padding.
struct ChannelPiece {
  int64_t index;
  int64_t begin;
  int64_t end;
  int64_t channel;
  int64_t channels;
  int64_t block;
  int64_t line;  // elements that a line has: a multiple of `block`

  int64_t size() const { return end - begin; }

  // values[c] for each element's channel c, 0 for the padding; `neutral` if values is null.
  void Fill(const float* values, float neutral, ChannelLine* out) const {
    for (int64_t lane = 0; lane < block; ++lane) {
      const bool padding = lane >= channels;
      const float value = values != nullptr ? values[padding ? channel : channel + lane] : neutral;
      (*out)[static_cast<size_t>(lane)] = padding ? 0 : value;
    }
    const int64_t used = std::min(line, size());
    for (int64_t filled = block; filled < used; filled *= 2) {
      std::copy_n(out->data(), std::min(filled, used - filled), out->data() + filled);
    }
  }

  // Calls body(first element, count) for all lines.
  template <typename Body>
  void ForEachLine(const Body& body) const {
    for (int64_t i = begin; i < end; i += line) body(i, std::min(line, end - i));
  }
};

class ChannelRuns {
 public:
  // Whether the channels of an array in `layout` can be told.
  static bool CanTell(const ChannelShape& shape, const Layout* layout) {
    if (layout == nullptr) return true;
    const int64_t block = BlockOf(shape, layout);
    return block > 0 && block <= kChannelLine;
  }

  ChannelRuns(const ChannelShape& shape, const Layout* layout)
      : images_(shape.images), channels_(shape.channels), places_(shape.places) {
    block_ = std::max<int64_t>(BlockOf(shape, layout), 1);
    if (layout == nullptr && places_ == 1) LayOutRows();
    blocks_ = (channels_ + block_ - 1) / block_;
    image_size_ = (padded_ ? blocks_ * block_ : channels_) * places_;
    step_ = std::max(kPieceSize / block_, int64_t{1});
    per_run_ = (places_ + step_ - 1) / step_;
  }

  // Channels side by side; the last block may have fewer.
  int64_t block() const { return block_; }
  int64_t channels() const { return channels_; }
  // Pieces in all.
  int64_t count() const { return images_ * blocks_ * per_run_; }

  // Calls body(piece) for all, in parallel.
  template <typename Body>
  void ForEach(const Body& body) const {
    const int64_t size = std::max(std::min(step_, places_) * block_, int64_t{1});
    ParallelFor(count(), std::max(kElementwiseGrain / size, int64_t{1}),
                [&](int64_t first, int64_t last) {
                  for (int64_t i = first; i < last; ++i) body(Piece(i));
                });
  }

  // The same, but one block of channels after the other, and only the blocks in parallel.
  template <typename Body>
  void ForEachByBlock(const Body& body) const {
    const int64_t pieces = images_ * per_run_;
    const int64_t grain = kElementwiseGrain / std::max(pieces * block_, int64_t{1});
    ParallelFor(blocks_, std::max(grain, int64_t{1}), [&](int64_t first, int64_t last) {
      for (int64_t block = first; block < last; ++block) {
        for (int64_t i = 0; i < pieces; ++i) {
          body(Piece((i / per_run_ * blocks_ + block) * per_run_ + i % per_run_));
        }
      }
    });
  }

 private:
  static constexpr int64_t kPieceSize = 1 << 13;  // floats, about: fits into the nearest cache

  static int64_t BlockOf(const ChannelShape& shape, const Layout* layout) {
    return layout == nullptr ? 0 : layout->ChannelBlock(shape.images, shape.channels, shape.places);
  }

  // Of one place each, channels lie side by side in plain order too.
  void LayOutRows() {
    if (channels_ > 0 && channels_ <= kChannelLine) {
      block_ = channels_;
      places_ = images_;
      images_ = 1;
    } else {
      block_ = kChannelLine;
      padded_ = false;
    }
  }

  ChannelPiece Piece(int64_t index) const {
    const int64_t run = index / per_run_;
    const int64_t channel = run % blocks_ * block_;
    const int64_t channels = std::min(block_, channels_ - channel);
    const int64_t width = padded_ ? block_ : channels;
    const int64_t begin = run / blocks_ * image_size_ + channel * places_;
    const int64_t place = index % per_run_ * step_;
    const int64_t end = std::min(place + step_, places_);
    const int64_t line = kChannelLine / width * width;
    return {index, begin + place * width, begin + end * width, channel, channels, width, line};
  }

  int64_t images_;
  int64_t channels_;
  int64_t places_;
  int64_t block_;
  bool padded_ = true;  // the last block is as long as the others
  int64_t blocks_;
  int64_t image_size_;
  int64_t step_;     // places in a piece
  int64_t per_run_;  // pieces of a block in one image
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_CHANNEL_RUNS_HPP_
