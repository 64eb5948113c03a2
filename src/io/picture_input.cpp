#include "src/io/picture_input.hpp"

#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/io/picture.hpp"

namespace demitasse {

void FillFromPicture(const std::string& path, const PictureInput& input, int channels, int height,
                     int width, float* values) {
  const size_t plane = static_cast<size_t>(height) * static_cast<size_t>(width);
  const size_t size = plane * static_cast<size_t>(channels);
  const size_t means = input.mean.size();
  if (means > 1 && means != static_cast<size_t>(channels) && means != size) {
    throw Error(Cat("the mean of pictures has ", means, " values; for ", channels, " x ", height,
                    " x ", width, " it needs 1, ", channels, " or ", size));
  }
  const NdArray picture = PictureToArray(ReadPicture(path), channels, height, width,
                                         input.rgb ? ChannelOrder::kRgb : ChannelOrder::kBgr);
  for (size_t i = 0; i < size; ++i) {
    const size_t at = means == size ? i : means > 1 ? i / plane : 0;
    values[i] = (picture.values[i] - (means == 0 ? 0 : input.mean[at])) * input.scale;
  }
}

void LoadPicture(const std::string& path, const PictureInput& input, int index, Blob* blob) {
  if (blob->num_axes() != 4 || (blob->shape(1) != 1 && blob->shape(1) != 3)) {
    throw Error(
        Cat("a picture needs a blob of 4 axes (pictures, channels, height, width) with 1 "
            "or 3 channels, not one of ",
            blob->shape_string()));
  }
  if (index < 0 || index >= blob->shape(0)) {
    throw Error(Cat("there is no picture ", index, " in a blob of ", blob->shape(0)));
  }
  const MemoryBudget::Scope memory(blob->data()->budget());
  FillFromPicture(path, input, blob->shape(1), blob->shape(2), blob->shape(3),
                  blob->mutable_cpu_data() + blob->size(1, 4) * index);
}

}  // namespace demitasse
