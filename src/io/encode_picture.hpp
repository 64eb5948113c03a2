// Pictures to the bytes of PNG and JPEG files.
#ifndef DEMITASSE_SRC_IO_ENCODE_PICTURE_HPP_
#define DEMITASSE_SRC_IO_ENCODE_PICTURE_HPP_

#include <string>

#include "src/io/picture.hpp"
#include "src/io/pixel_array.hpp"

namespace demitasse {

// The picture of 1 channel, or of 3 in the order BGR, that the bytes of `pixels` make. Throws Error
// if they are something else.
Picture PixelsToPicture(const PixelArray& pixels);

// Both throw Error if this build has no pictures.
std::string EncodePng(const Picture& picture);
// Of quality 95 (of 100), as OpenCV writes them.
std::string EncodeJpeg(const Picture& picture);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_ENCODE_PICTURE_HPP_
