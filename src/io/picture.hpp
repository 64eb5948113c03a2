// Pictures from PNG and JPEG files, as OpenCV would hand them to a net.
#ifndef DEMITASSE_SRC_IO_PICTURE_HPP_
#define DEMITASSE_SRC_IO_PICTURE_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "src/io/ndarray.hpp"
#include "src/io/pixel_array.hpp"

namespace demitasse {

struct Picture {
  int height = 0;
  int width = 0;
  int channels = 0;             // 1: grey; 3: red, green, blue
  std::vector<uint8_t> pixels;  // row by row, the channels of a pixel side by side
};

// Decodes a PNG or JPEG file, told apart by their content, as OpenCV's imread does: an alpha
// channel is dropped, not blended; of 16 bits the upper 8 are kept; CMYK becomes RGB; the EXIF
// orientation is applied. A grey picture stays one. Throws Error if the file is missing, something
// else, damaged or truncated, or has more than 2^30 pixels or a side over 2^20.
Picture ReadPicture(const std::string& path);

// The same for a file's bytes in memory. `name` says in errors what they are.
Picture DecodePicture(const std::string& bytes, const std::string& name);

// Caffe's users expect what OpenCV gives, blue first.
enum class ChannelOrder { kBgr, kRgb };

// The picture as a net's input: shape (channels, height, width), values 0 to 255. `channels` is 1
// (colour becomes grey: 0.299 R + 0.587 G + 0.114 B) or 3 (grey is repeated); `order` is that of 3
// channels. The picture is converted first, then scaled if its size differs, both with OpenCV's
// integer arithmetic. Throws Error for other numbers of channels and for sizes below 1.
NdArray PictureToArray(const Picture& picture, int channels, int height, int width,
                       ChannelOrder order);

// The same values as bytes, three channels in the order BGR.
PixelArray PictureToPixels(const Picture& picture, int channels, int height, int width);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_PICTURE_HPP_
