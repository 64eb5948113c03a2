#include "src/io/exif.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace demitasse {
namespace {

using testing::ElementsAre;

int Orientation(const std::string& data) {
  return ExifOrientation(reinterpret_cast<const uint8_t*>(data.data()), data.size());
}

// Two entries, the second of which is the orientation.
const std::string kLittle(
    "II*\0\x08\0\0\0\x02\0"
    "\x00\x01\x04\0\x01\0\0\0\x05\0\0\0"
    "\x12\x01\x03\0\x01\0\0\0\x06\0\0\0",
    34);
const std::string kBig(
    "MM\0*\0\0\0\x08\0\x02"
    "\x01\x00\0\x04\0\0\0\x01\0\0\0\x05"
    "\x01\x12\0\x03\0\0\0\x01\0\x06\0\0",
    34);

TEST(ExifTest, FindsTheOrientation) {
  EXPECT_EQ(6, Orientation(kLittle));
  EXPECT_EQ(6, Orientation(kBig));
}

TEST(ExifTest, DamagedDataIsUpright) {
  EXPECT_EQ(1, Orientation(""));
  EXPECT_EQ(1, Orientation("nonsense and more nonsense"));
  for (size_t size = 0; size < 32; ++size) {  // the last two bytes are padding
    EXPECT_EQ(1, Orientation(kBig.substr(0, size))) << size;
  }
  std::string far = kLittle;
  far.replace(4, 4, "\xff\xff\xff\xff");
  EXPECT_EQ(1, Orientation(far));
  std::string out_of_range = kLittle;
  out_of_range[30] = 9;
  EXPECT_EQ(1, Orientation(out_of_range));
  std::string other_type = kLittle;
  other_type[24] = 4;
  EXPECT_EQ(1, Orientation(other_type));
}

// 2 x 3 pixels that say where they belong: 12 is row 1, column 2 of the upright picture.
TEST(ExifTest, SetsAllOrientationsUpright) {
  const std::vector<uint8_t> stored[] = {
      {0, 1, 2, 10, 11, 12}, {2, 1, 0, 12, 11, 10}, {12, 11, 10, 2, 1, 0}, {10, 11, 12, 0, 1, 2},
      {0, 10, 1, 11, 2, 12}, {2, 12, 1, 11, 0, 10}, {12, 2, 11, 1, 10, 0}, {10, 0, 11, 1, 12, 2}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const bool turned = orientation >= 5;
    const Picture upright =
        SetUpright({turned ? 3 : 2, turned ? 2 : 3, 1, stored[orientation - 1]}, orientation);
    EXPECT_EQ(2, upright.height) << orientation;
    EXPECT_EQ(3, upright.width) << orientation;
    EXPECT_THAT(upright.pixels, ElementsAre(0, 1, 2, 10, 11, 12)) << orientation;
  }
}

}  // namespace
}  // namespace demitasse
