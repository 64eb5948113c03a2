// picture: PNG and JPEG files, decoded and scaled.
#ifdef DEMITASSE_WITH_PICTURES
#include "fuzz/target.hpp"
#include "src/io/encode_picture.hpp"
#include "src/io/picture.hpp"

namespace demitasse {
namespace {

void Read(const std::string& bytes) {
  constexpr size_t kMostPixels = 1 << 22;  // scaling takes time, and is the same for all
  const Picture picture = DecodePicture(bytes, "picture");
  if (picture.pixels.size() < kMostPixels) PictureToArray(picture, 1, 5, 7, ChannelOrder::kBgr);
}

std::vector<std::string> Seeds() {
  Picture colour;
  colour.height = 9;
  colour.width = 17;
  colour.channels = 3;
  for (int i = 0; i < 9 * 17 * 3; ++i) colour.pixels.push_back(static_cast<uint8_t>(i));
  Picture grey = colour;
  grey.channels = 1;
  grey.pixels.resize(9 * 17);
  std::vector<std::string> seeds = FilesOfTree("tests/io/data", ".jpg");
  for (const Picture& picture : {colour, grey}) {
    seeds.push_back(EncodePng(picture));
    seeds.push_back(EncodeJpeg(picture));
  }
  return seeds;
}

}  // namespace

const bool kPictureTarget = RegisterFuzzTarget({"picture", Read, Seeds});

}  // namespace demitasse
#endif  // DEMITASSE_WITH_PICTURES
