// Pictures as a net's input, into memory of any owner.
#ifndef DEMITASSE_SRC_IO_PICTURE_INPUT_HPP_
#define DEMITASSE_SRC_IO_PICTURE_INPUT_HPP_

#include <string>

#include "demitasse/picture.hpp"

namespace demitasse {

// LoadPicture to `values`, which has room for a picture of that size.
void FillFromPicture(const std::string& path, const PictureInput& input, int channels, int height,
                     int width, float* values);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_PICTURE_INPUT_HPP_
