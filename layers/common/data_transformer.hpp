// transform_param: how the layers that read pictures make them ready for a net.
#ifndef DEMITASSE_LAYERS_COMMON_DATA_TRANSFORMER_HPP_
#define DEMITASSE_LAYERS_COMMON_DATA_TRANSFORMER_HPP_

#include <cstdint>
#include <vector>

#include "demitasse/layer.hpp"
#include "layers/common/pixel_mean.hpp"
#include "src/io/datum.hpp"
#include "src/io/pixel_array.hpp"

namespace demitasse {

// y = scale * (x - mean), cut to crop_size x crop_size (at random in TRAIN, from the centre in
// TEST), then mirrored with probability 1/2 if `mirror` is set. The mean is that of each pixel
// before the cut, of each channel, or 0. May be used by several threads at once.
class DataTransformer {
 public:
  // Reads and checks transform_param of `layer`, which must outlive the object. Throws LayerError.
  explicit DataTransformer(const Layer& layer);

  // What to decode encoded pictures to.
  PictureColor color() const { return color_; }
  // 0: pictures are not cut.
  int crop_size() const { return crop_size_; }

  // (channels, height, width) of the result for such a sample. Throws LayerError if it is smaller
  // than the cut or does not fit the mean.
  std::vector<int> OutputShape(const PixelArray& sample) const;

  // Writes the result for a sample for which OutputShape has not thrown. The cut and the mirroring
  // depend on `seed` alone.
  void Transform(const PixelArray& sample, uint64_t seed, float* to) const;

 private:
  struct Cut {
    int top = 0;
    int left = 0;
    int height = 0;
    int width = 0;
    bool mirror = false;
  };

  Cut ChooseCut(const PixelArray& sample, uint64_t seed) const;
  template <typename Value>
  void TransformValues(const PixelArray& sample, const Value* values, const Cut& cut,
                       float* to) const;

  const Layer& layer_;
  const caffe::TransformationParameter param_;
  PictureColor color_ = PictureColor::kAsStored;
  int crop_size_ = 0;
  const PixelMean mean_;
};

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_DATA_TRANSFORMER_HPP_
