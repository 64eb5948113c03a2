// Pictures as a net's input. Several threads may load pictures into different blobs at once.
#ifndef DEMITASSE_PICTURE_HPP_
#define DEMITASSE_PICTURE_HPP_

#include <string>
#include <vector>

#include "demitasse/blob.hpp"
#include "demitasse/export.hpp"

namespace demitasse {

// What a net wants to be done to the values 0 to 255 of a picture: (value - mean) * scale.
struct PictureInput {
  std::vector<float> mean;  // none, one value, one for each channel, or one for each element
  float scale = 1;          // the factor behind that
  bool rgb = false;         // planes red, green, blue; else blue, green, red, as Caffe's nets want
};

// Fills item `index` of a blob of shape (pictures, channels, height, width), with 1 or 3 channels,
// from a PNG or JPEG file. The picture becomes grey or colour and is scaled to height x width, not
// cut, with the values that OpenCV gives. Throws Error if the file cannot be read, the blob has no
// such item, or the number of means is another.
DEMITASSE_API void LoadPicture(const std::string& path, const PictureInput& input, int index,
                               Blob* blob);

}  // namespace demitasse

#endif  // DEMITASSE_PICTURE_HPP_
