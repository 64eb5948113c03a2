#include "src/io/datum.hpp"

#include <cstdint>
#include <limits>

#include "demitasse/blob.hpp"
#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/io/picture.hpp"

namespace demitasse {
namespace {

PixelArray Decode(const std::string& bytes, PictureColor color, const std::string& name) {
  if (bytes.empty()) throw Error("the datum is encoded, but its data is empty");
  const Picture picture = DecodePicture(bytes, name);
  int channels = picture.channels;
  if (color == PictureColor::kColor) channels = 3;
  if (color == PictureColor::kGray) channels = 1;
  return PictureToPixels(picture, channels, picture.height, picture.width);
}

}  // namespace

caffe::Datum ParseDatum(std::string_view bytes) {
  caffe::Datum datum;
  const bool fits = bytes.size() <= static_cast<size_t>(std::numeric_limits<int>::max());
  if (!fits || !datum.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    throw Error(Cat("its ", bytes.size(), " bytes are no Datum message, or damaged"));
  }
  return datum;
}

PixelArray DatumToPixels(const caffe::Datum& datum, PictureColor color, const std::string& name) {
  if (datum.encoded()) return Decode(datum.data(), color, name);
  PixelArray pixels{datum.channels(), datum.height(), datum.width(), {}, {}};
  const std::string sizes = Cat(pixels.channels, " x ", pixels.height, " x ", pixels.width);
  if (pixels.channels < 1 || pixels.height < 1 || pixels.width < 1) {
    throw Error(Cat("the datum's channels, height and width must be at least 1, got ", sizes));
  }
  const int64_t needed = ShapeSize({pixels.channels, pixels.height, pixels.width});
  const bool is_bytes = !datum.data().empty();
  const int64_t got =
      is_bytes ? static_cast<int64_t>(datum.data().size()) : datum.float_data_size();
  if (got != needed) {
    throw Error(Cat("the datum is ", sizes, " and needs ", needed, " values, got ", got, " in ",
                    is_bytes ? "data" : "float_data"));
  }
  if (is_bytes) {
    pixels.bytes.assign(datum.data().begin(), datum.data().end());
  } else {
    pixels.floats.assign(datum.float_data().begin(), datum.float_data().end());
  }
  return pixels;
}

}  // namespace demitasse
