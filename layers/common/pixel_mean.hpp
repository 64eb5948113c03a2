// What transform_param subtracts: mean_file or mean_value.
#ifndef DEMITASSE_LAYERS_COMMON_PIXEL_MEAN_HPP_
#define DEMITASSE_LAYERS_COMMON_PIXEL_MEAN_HPP_

#include "demitasse/layer.hpp"
#include "src/io/ndarray.hpp"

namespace demitasse {

class PixelMean {
 public:
  // Reads the fields of `layer`, which must outlive the object, and the file. Throws LayerError.
  explicit PixelMean(const Layer& layer);

  // The mean of each pixel, (channels, height, width); without values if there is no mean_file.
  const NdArray& pixels() const { return pixels_; }
  // The mean of a channel; 0 if there is no mean_value.
  float OfChannel(int channel) const;

  // Throw LayerError if it is not the mean of pictures of that size, or of so many channels.
  void CheckFits(int channels, int height, int width) const;
  void CheckChannels(int channels) const;

 private:
  const Layer& layer_;
  NdArray pixels_;
};

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_PIXEL_MEAN_HPP_
