#include "src/io/picture.hpp"

#include "demitasse/blob.hpp"
#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/io/file.hpp"
#include "src/io/picture_codec.hpp"
#include "src/io/resize.hpp"

namespace demitasse {
namespace {

// OpenCV's weights of red, green and blue in grey, as fixed-point numbers of 15 bits.
constexpr int kGreyBits = 15;
constexpr int kGreyWeights[3] = {9798, 19235, 3735};  // 0.299, 0.587, 0.114

Picture ToGrey(const Picture& picture) {
  Picture grey;
  grey.height = picture.height;
  grey.width = picture.width;
  grey.channels = 1;
  grey.pixels.resize(picture.pixels.size() / 3);
  const uint8_t* from = picture.pixels.data();
  for (uint8_t& value : grey.pixels) {
    const int sum =
        kGreyWeights[0] * from[0] + kGreyWeights[1] * from[1] + kGreyWeights[2] * from[2];
    value = static_cast<uint8_t>((sum + (1 << (kGreyBits - 1))) >> kGreyBits);
    from += 3;
  }
  return grey;
}

// The values of the picture, converted and scaled, channel after channel.
template <typename Value>
std::vector<Value> ToPlanes(const Picture& picture, int channels, int height, int width,
                            ChannelOrder order) {
  if (channels != 1 && channels != 3) {
    throw Error(Cat("a picture can be given 1 channel (grey) or 3 (colour), got ", channels));
  }
  if (height < 1 || width < 1) {
    throw Error(Cat("a picture's height and width must be at least 1, got ", height, " x ", width));
  }
  const bool to_grey = channels == 1 && picture.channels == 3;
  const bool scales = height != picture.height || width != picture.width;
  const MemoryClaim source_memory(static_cast<int64_t>(picture.pixels.size()) * (to_grey ? 2 : 1));
  const MemoryClaim result_memory(
      ShapeSize({(scales ? 3 : 0) + channels * static_cast<int>(sizeof(Value)), height, width}));
  const Picture grey = to_grey ? ToGrey(picture) : Picture();
  const Picture& unscaled = to_grey ? grey : picture;
  const Picture resized = scales ? Resized(unscaled, height, width) : Picture();
  const Picture& scaled = scales ? resized : unscaled;
  const size_t plane_size = static_cast<size_t>(height) * width;
  const auto step = static_cast<size_t>(scaled.channels);
  std::vector<Value> values(channels * plane_size);
  Value* to = values.data();
  for (int c = 0; c < channels; ++c, to += plane_size) {
    int source = order == ChannelOrder::kBgr ? channels - 1 - c : c;
    if (scaled.channels == 1) source = 0;
    const uint8_t* const from = scaled.pixels.data() + source;
    for (size_t i = 0; i < plane_size; ++i) to[i] = from[i * step];
  }
  return values;
}

#ifdef DEMITASSE_WITH_PICTURES
bool StartsWith(const std::string& bytes, const std::string& start) {
  return bytes.compare(0, start.size(), start) == 0;
}
#endif

}  // namespace

#ifdef DEMITASSE_WITH_PICTURES
Picture ReadPicture(const std::string& path) {
  constexpr int64_t kLongestFile = int64_t{1} << 32;  // 2^30 pixels of 4 bytes, not compressed
  const std::string bytes = ReadFile(path, kLongestFile);
  if (bytes.empty()) throw Error(Location{path}, "the file is empty; a picture is needed");
  return DecodePicture(bytes, path);
}

Picture DecodePicture(const std::string& bytes, const std::string& name) {
  if (StartsWith(bytes, "\x89PNG\r\n\x1a\n")) return DecodePng(bytes, name);
  if (StartsWith(bytes, "\xff\xd8\xff")) return DecodeJpeg(bytes, name);
  throw Error(Location{name},
              "this is neither a PNG nor a JPEG picture, whatever its name says; convert it to one "
              "of them");
}

MemoryClaim ClaimPicture(const PictureHeader& header, int64_t file_size, const std::string& path) {
  const int64_t width = header.width, height = header.height;
  if (width > kMaxPictureSide || height > kMaxPictureSide || width * height > kMaxPicturePixels) {
    throw Error(Location{path},
                Cat("the picture is ", width, " x ", height, " pixels large; at most ",
                    kMaxPictureSide, " a side and ", kMaxPicturePixels, " in all are allowed"));
  }
  constexpr int64_t kAlwaysAllowed = 1 << 26;  // pixels
  if (width * height > kAlwaysAllowed && file_size < header.least_file_size) {
    throw Error(Location{path}, Cat("the header claims ", width, " x ", height,
                                    " pixels, more than can be in a file of ", file_size,
                                    " bytes: it is damaged or truncated"));
  }
  try {
    return MemoryClaim(width * height * header.pixel_size);
  } catch (const Error& error) {
    throw Error(Location{path},
                Cat("the picture of ", width, " x ", height, " pixels ", error.message()));
  }
}
#else
Picture ReadPicture(const std::string& path) { return DecodePicture("", path); }

Picture DecodePicture(const std::string& /*bytes*/, const std::string& name) {
  throw Error(Location{name},
              "this build cannot read pictures; configure it with -DDEMITASSE_WITH_PICTURES=ON, or "
              "give the input as an npy file");
}
#endif

NdArray PictureToArray(const Picture& picture, int channels, int height, int width,
                       ChannelOrder order) {
  return {{channels, height, width}, ToPlanes<float>(picture, channels, height, width, order)};
}

PixelArray PictureToPixels(const Picture& picture, int channels, int height, int width) {
  PixelArray pixels{channels, height, width, {}, {}};
  pixels.bytes = ToPlanes<uint8_t>(picture, channels, height, width, ChannelOrder::kBgr);
  return pixels;
}

}  // namespace demitasse
