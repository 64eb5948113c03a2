// Pictures as a net's input: a batch of files, less a mean, times a scale.
#ifndef DEMITASSE_TOOLS_PICTURE_INPUT_HPP_
#define DEMITASSE_TOOLS_PICTURE_INPUT_HPP_

#include <string>
#include <vector>

#include "src/io/ndarray.hpp"

namespace demitasse {

struct PictureOptions {
  // What --mean says: values separated by commas, or the name of a .npy or .binaryproto file.
  std::string mean;
  float scale = 1;
  bool rgb = false;  // planes in this order, not blue first

  bool given() const { return !mean.empty() || scale != 1 || rgb; }
};

// The mean to subtract from pictures of channels x height x width: no axes for one value, one axis
// for a value per channel, or three. Throws Error for anything else in `mean`.
NdArray ReadMean(const std::string& mean);

// The pictures as an array of (files, channels, height, width), of which `shape` gives the last
// three: each scaled to that size; (value - mean) * scale. `input` is the blob's name, for errors.
NdArray ReadPictures(const std::vector<std::string>& files, const std::vector<int>& shape,
                     const PictureOptions& options, const std::string& input);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_PICTURE_INPUT_HPP_
