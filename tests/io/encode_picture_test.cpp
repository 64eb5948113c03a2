#include "src/io/encode_picture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "demitasse/error.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

// A picture whose pixels change slowly, which a JPEG file keeps well.
Picture Slope(int channels) {
  Picture picture{16, 24, channels, {}};
  for (int i = 0; i < 16 * 24; ++i) {
    for (int c = 0; c < channels; ++c)
      picture.pixels.push_back(static_cast<uint8_t>(i / 3 + 40 * c));
  }
  return picture;
}

TEST(EncodePictureTest, PlanesInBgrBecomePixelsInRgb) {
  const Picture picture = PixelsToPicture({3, 1, 2, {1, 2, 3, 4, 5, 6}, {}});
  EXPECT_EQ(1, picture.height);
  EXPECT_EQ(2, picture.width);
  EXPECT_EQ(3, picture.channels);
  EXPECT_THAT(picture.pixels, ElementsAre(5, 3, 1, 6, 4, 2));
  EXPECT_THAT(PixelsToPicture({1, 2, 1, {7, 8}, {}}).pixels, ElementsAre(7, 8));
}

TEST(EncodePictureTest, RefusesWhatIsNoPicture) {
  const auto error = [](const PixelArray& pixels) {
    try {
      PixelsToPicture(pixels);
    } catch (const Error& e) {
      return e.message();
    }
    return std::string("no error");
  };
  EXPECT_EQ("a picture needs 1 or 3 channels of bytes, got 2", error({2, 1, 1, {1, 2}, {}}));
  EXPECT_EQ("a picture needs 1 or 3 channels of bytes, got 1 of other values",
            error({1, 1, 1, {}, {0.5F}}));
}

#ifdef DEMITASSE_WITH_PICTURES
TEST(EncodePictureTest, PngKeepsEveryValue) {
  for (const int channels : {1, 3}) {
    const Picture picture = Slope(channels);
    const Picture decoded = DecodePicture(EncodePng(picture), "test");
    EXPECT_EQ(channels, decoded.channels);
    EXPECT_EQ(16, decoded.height);
    EXPECT_EQ(24, decoded.width);
    EXPECT_EQ(picture.pixels, decoded.pixels);
  }
}

TEST(EncodePictureTest, JpegKeepsThePicture) {
  for (const int channels : {1, 3}) {
    const Picture picture = Slope(channels);
    const Picture decoded = DecodePicture(EncodeJpeg(picture), "test");
    EXPECT_EQ(channels, decoded.channels);
    ASSERT_EQ(picture.pixels.size(), decoded.pixels.size());
    for (size_t i = 0; i < picture.pixels.size(); ++i) {
      EXPECT_LE(std::abs(picture.pixels[i] - decoded.pixels[i]), 6) << i;
    }
  }
}
#else
TEST(EncodePictureTest, SaysWhatTheBuildNeeds) {
  for (const auto encode : {EncodePng, EncodeJpeg}) {
    try {
      encode(Slope(1));
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ("this build cannot write pictures; configure it with -DDEMITASSE_WITH_PICTURES=ON",
                error.message());
    }
  }
}
#endif

}  // namespace
}  // namespace demitasse
