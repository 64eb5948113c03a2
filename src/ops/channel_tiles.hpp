// Tiles of an array of images x channels x places: a few places with all their channels, copied to
// where neighbouring channels are near each other. For ops whose results depend on the channels
// around.
#ifndef DEMITASSE_SRC_OPS_CHANNEL_TILES_HPP_
#define DEMITASSE_SRC_OPS_CHANNEL_TILES_HPP_

#include <algorithm>
#include <cstdint>

namespace demitasse {

// The shape of a tile. Its elements are those of rows x length; along a row the next channel is
// `step` floats behind. In front of each row and behind it are margins of `reach` channels.
struct ChannelTile {
  int64_t rows;
  int64_t length;
  int64_t step;
  int64_t reach;

  int64_t margin() const { return reach * step; }
  // Floats, margins included.
  int64_t size() const { return rows * (length + 2 * margin()); }
  // Index of a row's first element.
  int64_t Row(int64_t row) const { return row * (length + 2 * margin()) + margin(); }

  // Sets the margins to 0.
  void ClearMargins(float* tile) const {
    for (int64_t row = 0; row < rows; ++row) {
      float* const begin = tile + Row(row);
      std::fill_n(begin - margin(), margin(), 0.0f);
      std::fill_n(begin + length, margin(), 0.0f);
    }
  }
};

// The tiles that cover an array with kBlock channels side by side, as in a layout whose channel
// block that is; kBlock = 1 is plain order. They depend on the shape alone. None of the sizes is 0.
template <int kBlock>
class ChannelTiles {
 public:
  // `reach`: as many channels as the margins are to have; never more than channels - 1 are needed.
  ChannelTiles(int64_t images, int64_t channels, int64_t places, int64_t reach)
      : channels_(channels),
        places_(places),
        blocks_((channels + kBlock - 1) / kBlock),
        reach_(std::min(reach, channels - 1)),
        width_(std::min(places, std::max(kTileSize / channels, kBlock == 1 ? kLeastRun : 1))),
        per_image_((places + width_ - 1) / width_),
        count_(images * per_image_) {}

  int64_t count() const { return count_; }
  // The most floats a tile takes, margins included.
  int64_t largest() const { return ShapeFor(width_).size(); }
  ChannelTile ShapeOf(int64_t index) const { return ShapeFor(WidthOf(index)); }

  // Copies a tile from an array. The margins stay as they are.
  void Load(int64_t index, const float* array, float* tile) const {
    ForEachRun(index, [&](int64_t at, int64_t in_tile, int64_t size) {
      Copy(array + at, size, tile + in_tile);
    });
  }

  // Copies a tile to an array, and fills the channels that are none with zeros.
  void Store(int64_t index, const float* tile, float* array) const {
    ForEachRun(index, [&](int64_t at, int64_t in_tile, int64_t size) {
      Copy(tile + in_tile, size, array + at);
      if (kBlock > 1)
        std::fill(array + at + size, array + at + std::max<int64_t>(size, kBlock), 0.0f);
    });
  }

 private:
  static constexpr int64_t kTileSize = 1 << 12;  // floats, about: a few tiles fit into the cache
  static constexpr int64_t kLeastRun = 16;       // floats: a cache line

  int64_t WidthOf(int64_t index) const {
    return std::min(width_, places_ - index % per_image_ * width_);
  }

  ChannelTile ShapeFor(int64_t width) const {
    if (kBlock == 1) return {1, channels_ * width, width, reach_};
    return {width, channels_, 1, reach_};
  }

  // Calls visit(index in the array, index in the tile, floats) for all runs of a tile that lie side
  // by side in the array.
  template <typename Visit>
  void ForEachRun(int64_t index, const Visit& visit) const {
    const int64_t width = WidthOf(index);
    const ChannelTile shape = ShapeFor(width);
    const int64_t image = index / per_image_;
    const int64_t place = index % per_image_ * width_;
    for (int64_t block = 0; block < blocks_; ++block) {
      const int64_t at = ((image * blocks_ + block) * places_ + place) * kBlock;
      if (kBlock == 1) {
        visit(at, shape.Row(0) + block * width, width);
        continue;
      }
      const int64_t size = std::min<int64_t>(kBlock, channels_ - block * kBlock);
      for (int64_t i = 0; i < width; ++i) {
        visit(at + i * kBlock, shape.Row(i) + block * kBlock, size);
      }
    }
  }

  // A copy of known size is a few instructions, not a call.
  static void Copy(const float* from, int64_t size, float* to) {
    if (kBlock > 1 && size == kBlock) {
      std::copy_n(from, kBlock, to);
    } else {
      std::copy_n(from, size, to);
    }
  }

  const int64_t channels_;
  const int64_t places_;
  const int64_t blocks_;
  const int64_t reach_;
  const int64_t width_;  // places in a tile, but for the last of an image
  const int64_t per_image_;
  const int64_t count_;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_CHANNEL_TILES_HPP_
