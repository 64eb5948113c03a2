// datum: the records of databases, pictures in them too.
#include "fuzz/target.hpp"
#include "src/io/datum.hpp"

namespace demitasse {
namespace {

void Read(const std::string& bytes) {
  const caffe::Datum datum = ParseDatum(bytes);
  for (const PictureColor color :
       {PictureColor::kAsStored, PictureColor::kColor, PictureColor::kGray}) {
    DatumToPixels(datum, color, "datum");
  }
}

std::vector<std::string> Seeds() {
  caffe::Datum bytes;
  bytes.set_channels(1);
  bytes.set_height(2);
  bytes.set_width(3);
  bytes.set_label(4);
  caffe::Datum floats = bytes;
  bytes.set_data("abcdef");
  for (int i = 0; i < 6; ++i) floats.add_float_data(static_cast<float>(i) / 2);
  std::vector<std::string> seeds = {bytes.SerializeAsString(), floats.SerializeAsString()};
  for (const std::string& picture : FilesOfTree("models/digits_prelu", ".png")) {
    caffe::Datum encoded;
    encoded.set_encoded(true);
    encoded.set_data(picture);
    seeds.push_back(encoded.SerializeAsString());
  }
  return seeds;
}

}  // namespace

const bool kDatumTarget = RegisterFuzzTarget({"datum", Read, Seeds});

}  // namespace demitasse
