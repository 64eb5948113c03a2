// The two decoders behind ReadPicture, and what they share.
#ifndef DEMITASSE_SRC_IO_PICTURE_CODEC_HPP_
#define DEMITASSE_SRC_IO_PICTURE_CODEC_HPP_

#include <cstdint>
#include <string>

#include "src/core/memory_claim.hpp"
#include "src/io/picture.hpp"

namespace demitasse {

// The limits OpenCV sets.
constexpr int64_t kMaxPictureSide = 1 << 20;
constexpr int64_t kMaxPicturePixels = 1 << 30;

// `bytes` is the whole file `path`, which only errors name. The EXIF orientation is applied.
Picture DecodePng(const std::string& bytes, const std::string& path);
Picture DecodeJpeg(const std::string& bytes, const std::string& path);

// What a file's header says, before memory is taken for it.
struct PictureHeader {
  int64_t width;
  int64_t height;
  int pixel_size;           // bytes that decoding takes for a pixel
  int64_t least_file_size;  // bytes that such a picture takes at the format's best compression
};

// Holds the memory for decoding. Throws Error if the picture is beyond the limits above, if
// it is large and the file shorter than its least size, or if the current budget has not as much
// left: so a few bytes cannot make a program take gigabytes.
MemoryClaim ClaimPicture(const PictureHeader& header, int64_t file_size, const std::string& path);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_PICTURE_CODEC_HPP_
