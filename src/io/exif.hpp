// The orientation that cameras note in a picture.
#ifndef DEMITASSE_SRC_IO_EXIF_HPP_
#define DEMITASSE_SRC_IO_EXIF_HPP_

#include <cstddef>
#include <cstdint>

#include "src/io/picture.hpp"

namespace demitasse {

// The orientation tag, 1 to 8, of the EXIF data (a TIFF header and its first directory) in
// `data`; 1, upright, where it is absent or damaged.
int ExifOrientation(const uint8_t* data, size_t size);

// The picture set upright. The orientation says which sides of the scene the stored first row and
// first column show (EXIF 2.3, section 4.6.4, tag 0x0112).
Picture SetUpright(Picture picture, int orientation);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_EXIF_HPP_
