// The expected values are those of OpenCV 4.6: cvtColor, then resize with INTER_LINEAR.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "src/io/picture.hpp"
#include "tests/io/io_test_files.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

// Channel k is the k-th from the last, so that an array in the order BGR has them as 0, 1, 2.
Picture Made(int height, int width, int channels) {
  Picture picture{height, width, channels, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = channels - 1; c >= 0; --c) {
        picture.pixels.push_back(
            static_cast<uint8_t>((y * y * 37 + x * 101 + y * x * 11 + c * 59) % 256));
      }
    }
  }
  return picture;
}

int64_t Checksum(const NdArray& array) {
  int64_t sum = 0;
  for (size_t i = 0; i < array.values.size(); ++i) {
    sum += static_cast<int64_t>(array.values[i]) * static_cast<int64_t>(i % 31 + 1);
  }
  return sum;
}

std::vector<float> Scaled(const Picture& picture, int height, int width) {
  return PictureToArray(picture, picture.channels, height, width, ChannelOrder::kBgr).values;
}

TEST(PictureToArrayTest, OrdersTheChannels) {
  const Picture picture{1, 2, 3, {1, 2, 3, 4, 5, 6}};
  const NdArray bgr = PictureToArray(picture, 3, 1, 2, ChannelOrder::kBgr);
  EXPECT_THAT(bgr.shape, ElementsAre(3, 1, 2));
  EXPECT_THAT(bgr.values, ElementsAre(3, 6, 2, 5, 1, 4));
  EXPECT_THAT(PictureToArray(picture, 3, 1, 2, ChannelOrder::kRgb).values,
              ElementsAre(1, 4, 2, 5, 3, 6));
}

TEST(PictureToPixelsTest, GivesTheSameValuesAsBytes) {
  const PixelArray pixels = PictureToPixels(Picture{1, 2, 3, {1, 2, 3, 4, 5, 255}}, 3, 1, 2);
  EXPECT_EQ(3, pixels.channels);
  EXPECT_EQ(1, pixels.height);
  EXPECT_EQ(2, pixels.width);
  EXPECT_THAT(pixels.bytes, ElementsAre(3, 255, 2, 5, 1, 4));
  EXPECT_THAT(pixels.floats, ElementsAre());
}

TEST(PictureToArrayTest, RepeatsGrey) {
  const Picture picture{2, 1, 1, {7, 9}};
  const NdArray array = PictureToArray(picture, 3, 2, 1, ChannelOrder::kBgr);
  EXPECT_THAT(array.shape, ElementsAre(3, 2, 1));
  EXPECT_THAT(array.values, ElementsAre(7, 9, 7, 9, 7, 9));
  EXPECT_THAT(PictureToArray(picture, 1, 2, 1, ChannelOrder::kRgb).values, ElementsAre(7, 9));
}

TEST(PictureToArrayTest, WeighsColoursToGrey) {
  const Picture picture{
      1, 6, 3, {0, 0, 255, 0, 255, 0, 255, 0, 0, 30, 20, 10, 255, 255, 255, 2, 1, 1}};
  const NdArray array = PictureToArray(picture, 1, 1, 6, ChannelOrder::kBgr);
  EXPECT_THAT(array.shape, ElementsAre(1, 1, 6));
  EXPECT_THAT(array.values, ElementsAre(29, 150, 76, 22, 255, 1));
}

TEST(PictureToArrayTest, ScalesValueForValueAsOpenCv) {
  const Picture picture = Made(3, 4, 1);
  EXPECT_THAT(Scaled(picture, 3, 4),
              ElementsAre(0, 101, 202, 47, 37, 149, 5, 117, 148, 15, 138, 5));
  EXPECT_THAT(Scaled(picture, 2, 2), ElementsAre(61, 109, 84, 69));
  EXPECT_THAT(Scaled(picture, 1, 1), ElementsAre(77));
  EXPECT_THAT(Scaled(picture, 3, 9),
              ElementsAre(0, 17, 62, 107, 152, 196, 142, 73, 47, 37, 56, 105, 141, 77, 13, 49, 98,
                          117, 148, 126, 67, 22, 77, 131, 86, 27, 5));
  EXPECT_THAT(Scaled(picture, 5, 7), ElementsAre(0, 36, 94, 151, 191, 102, 47, 15, 52, 113, 122,
                                                 120, 92, 75, 37, 77, 141, 77, 13, 77, 117, 104, 91,
                                                 71, 77, 82, 62, 50, 148, 100, 24, 76, 128, 52, 5));
}

TEST(PictureToArrayTest, HalvesByTheMean) {
  EXPECT_THAT(Scaled(Made(4, 6, 3), 2, 3),
              ElementsAre(72, 93, 178, 113, 114, 179, 131, 88, 109, 108, 109, 110, 126, 147, 104,
                          103, 104, 169));
}

TEST(PictureToArrayTest, ScalesLargerPicturesAsOpenCv) {
  struct Case {
    int height, width;
    int64_t colour, grey;
  };
  const Case cases[] = {{24, 32, 4654543, 1543331}, {96, 128, 74604941, 24778443},
                        {37, 29, 6491294, 2147733}, {224, 224, 304619917, 101213061},
                        {1, 64, 389084, 125500},    {48, 63, 18249450, 6080404},
                        {200, 3, 3746918, 1239914}};
  const Picture picture = Made(48, 64, 3);
  for (const Case& c : cases) {
    const NdArray colour = PictureToArray(picture, 3, c.height, c.width, ChannelOrder::kBgr);
    EXPECT_THAT(colour.shape, ElementsAre(3, c.height, c.width));
    EXPECT_EQ(c.colour, Checksum(colour)) << c.height << " x " << c.width;
    const NdArray grey = PictureToArray(picture, 1, c.height, c.width, ChannelOrder::kBgr);
    EXPECT_EQ(c.grey, Checksum(grey)) << c.height << " x " << c.width;
  }
}

// The grey value at a point of the picture, in doubles.
double Exact(const Picture& picture, double y, double x) {
  const auto pixel = [&](double row, double column) -> double {
    const int r = static_cast<int>(std::clamp<double>(row, 0, picture.height - 1));
    const int c = static_cast<int>(std::clamp<double>(column, 0, picture.width - 1));
    return picture.pixels[static_cast<size_t>(r) * picture.width + c];
  };
  const double top = std::floor(y);
  const double left = std::floor(x);
  const auto blend = [](double a, double b, double t) { return a + (b - a) * t; };
  return blend(blend(pixel(top, left), pixel(top, left + 1), x - left),
               blend(pixel(top + 1, left), pixel(top + 1, left + 1), x - left), y - top);
}

TEST(PictureToArrayTest, StaysWithin1OfExactBilinear) {
  const Picture picture = Made(23, 31, 1);
  const int sizes[][2] = {{24, 24}, {11, 50}, {97, 89}, {5, 7}, {23, 62}};
  for (const auto& [height, width] : sizes) {
    const std::vector<float> values = Scaled(picture, height, width);
    for (int i = 0; i < height * width; ++i) {
      const double y = (i / width + 0.5) * picture.height / height - 0.5;
      const double x = (i % width + 0.5) * picture.width / width - 0.5;
      ASSERT_NEAR(Exact(picture, y, x), values[i], 1.0) << height << " x " << width << " at " << i;
    }
  }
}

TEST(PictureToArrayTest, RefusesOtherChannelsAndSizes) {
  const Picture picture{1, 1, 1, {0}};
  const auto error = [&](int channels, int height, int width) {
    return ErrorAt("",
                   [&] { PictureToArray(picture, channels, height, width, ChannelOrder::kBgr); });
  };
  EXPECT_EQ("a picture can be given 1 channel (grey) or 3 (colour), got 4", error(4, 1, 1));
  EXPECT_EQ("a picture's height and width must be at least 1, got 0 x 5", error(1, 0, 5));
  EXPECT_EQ("a picture's height and width must be at least 1, got 5 x -1", error(3, 5, -1));
}

}  // namespace
}  // namespace demitasse
