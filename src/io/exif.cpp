#include "src/io/exif.hpp"

#include <algorithm>
#include <utility>

#include "src/core/memory_claim.hpp"

namespace demitasse {
namespace {

constexpr int kUpright = 1;

// Numbers in the byte order the TIFF header names; 0 beyond the end.
class TiffReader {
 public:
  TiffReader(const uint8_t* data, size_t size)
      : data_(data), size_(size), big_endian_(size > 0 && data[0] == 'M') {}

  uint32_t Read16(size_t at) const {
    if (at + 2 > size_) return 0;
    return big_endian_ ? data_[at] << 8 | data_[at + 1] : data_[at + 1] << 8 | data_[at];
  }
  uint32_t Read32(size_t at) const {
    return big_endian_ ? Read16(at) << 16 | Read16(at + 2) : Read16(at + 2) << 16 | Read16(at);
  }

 private:
  const uint8_t* data_;
  size_t size_;
  bool big_endian_;
};

}  // namespace

int ExifOrientation(const uint8_t* data, size_t size) {
  constexpr uint32_t kTiffMagic = 42;
  constexpr uint32_t kOrientationTag = 0x0112;
  constexpr uint32_t kShortType = 3;
  constexpr size_t kEntrySize = 12;  // tag 2, type 2, count 4, value 4
  if (size < 8 || data[0] != data[1] || (data[0] != 'I' && data[0] != 'M')) return kUpright;
  const TiffReader tiff(data, size);
  if (tiff.Read16(2) != kTiffMagic) return kUpright;
  const size_t directory = tiff.Read32(4);
  const size_t entries = tiff.Read16(directory);
  for (size_t i = 0; i < entries; ++i) {
    const size_t entry = directory + 2 + i * kEntrySize;
    if (tiff.Read16(entry) != kOrientationTag || tiff.Read16(entry + 2) != kShortType) continue;
    const auto orientation = static_cast<int>(tiff.Read16(entry + 8));
    return orientation >= 1 && orientation <= 8 ? orientation : kUpright;
  }
  return kUpright;
}

Picture SetUpright(Picture picture, int orientation) {
  if (orientation <= kUpright || orientation > 8) return picture;
  const bool transpose = orientation >= 5;
  // Which edge of the stored picture the upright one starts at.
  const bool from_bottom =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const bool from_right =
      orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const MemoryClaim memory(static_cast<int64_t>(picture.pixels.size()));  // of the copy
  Picture upright;
  upright.height = transpose ? picture.width : picture.height;
  upright.width = transpose ? picture.height : picture.width;
  upright.channels = picture.channels;
  upright.pixels.resize(picture.pixels.size());
  const auto channels = static_cast<size_t>(picture.channels);
  uint8_t* to = upright.pixels.data();
  for (int y = 0; y < upright.height; ++y) {
    for (int x = 0; x < upright.width; ++x, to += channels) {
      int row = transpose ? x : y;
      int column = transpose ? y : x;
      if (from_bottom) row = picture.height - 1 - row;
      if (from_right) column = picture.width - 1 - column;
      const size_t from = static_cast<size_t>(row) * picture.width + column;
      std::copy_n(&picture.pixels[from * channels], channels, to);
    }
  }
  return upright;
}

}  // namespace demitasse
