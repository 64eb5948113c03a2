#include "layers/common/window_crop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/io/io_test_files.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

// 80 rows, 100 columns.
Picture Empty() { return Picture{80, 100, 1, std::vector<uint8_t>(8000)}; }

Window At(int x1, int y1, int x2, int y2) {
  Window window;
  window.x1 = x1;
  window.y1 = y1;
  window.x2 = x2;
  window.y2 = y2;
  return window;
}

// x, y, width, height, scaled width, scaled height, left, top
std::vector<int> Placed(const Window& window, const CropOptions& options, bool mirror = false) {
  const WindowCrop crop = PlaceWindow(window, Empty(), options, mirror);
  return {crop.x,    crop.y,  crop.width, crop.height, crop.scaled_width, crop.scaled_height,
          crop.left, crop.top};
}

TEST(WindowCrop, WarpsTheWindowAsItIs) {
  EXPECT_THAT(Placed(At(10, 20, 29, 49), {227, 0, false}),
              ElementsAre(10, 20, 20, 30, 227, 227, 0, 0));
  EXPECT_THAT(Placed(At(0, 0, 99, 79), {5, 0, false}), ElementsAre(0, 0, 100, 80, 5, 5, 0, 0));
}

TEST(WindowCrop, AddsSurroundings) {
  EXPECT_THAT(Placed(At(10, 20, 29, 49), {227, 16, false}),
              ElementsAre(8, 18, 25, 35, 227, 227, 0, 0));
}

TEST(WindowCrop, TakesASquare) {
  EXPECT_THAT(Placed(At(10, 20, 29, 49), {227, 16, true}),
              ElementsAre(3, 18, 35, 35, 227, 227, 0, 0));
}

TEST(WindowCrop, LeavesWhatIsBeyondThePictureEmpty) {
  const CropOptions options{227, 16, false};
  EXPECT_THAT(Placed(At(0, 0, 9, 9), options), ElementsAre(0, 0, 12, 12, 210, 210, 17, 17));
  EXPECT_THAT(Placed(At(0, 0, 9, 9), options, true), ElementsAre(0, 0, 12, 12, 210, 210, 0, 17));
  EXPECT_THAT(Placed(At(90, 70, 99, 79), options), ElementsAre(89, 69, 11, 11, 192, 192, 0, 0));
  EXPECT_THAT(Placed(At(90, 70, 99, 79), options, true),
              ElementsAre(89, 69, 11, 11, 192, 192, 35, 0));
}

TEST(WindowCrop, KeepsHugeWindowsWithinBounds) {
  constexpr int kMost = 0x7fffffff;
  const WindowCrop crop = PlaceWindow(At(-kMost, 0, kMost, 79), Empty(), {227, 113, true}, false);
  EXPECT_EQ(0, crop.x);
  EXPECT_EQ(100, crop.width);
  EXPECT_EQ(0, crop.scaled_width);
}

TEST(WindowCrop, RefusesWindowsThatShowNothing) {
  const auto error_of = [](const Window& window, int context_pad) {
    return ErrorAt("", [&] { PlaceWindow(window, Empty(), {20, context_pad, false}, false); });
  };
  EXPECT_EQ("the window from (5, 5) to (4, 5) is empty, the picture has 100 columns and 80 rows",
            error_of(At(5, 5, 4, 5), 1));
  EXPECT_EQ(
      "the window from (0, 80) to (4, 85) is beyond the picture, which has 100 columns and 80 rows",
      error_of(At(0, 80, 4, 85), 1));
  EXPECT_EQ(
      "the window from (-1, 0) to (4, 5) is beyond the picture, which has 100 columns and 80 rows",
      error_of(At(-1, 0, 4, 5), 0));
  EXPECT_EQ("no error", error_of(At(-1, 0, 4, 5), 1));
}

TEST(WindowCrop, CutsOutAndScales) {
  const Picture picture{2, 3, 1, {1, 2, 3, 4, 5, 6}};
  EXPECT_THAT(CutOut(picture, {1, 0, 2, 2, 2, 2, 0, 0}).pixels, ElementsAre(2, 3, 5, 6));
  EXPECT_THAT(CutOut(picture, {1, 0, 2, 2, 1, 1, 0, 0}).pixels, ElementsAre(4));
  const Picture colour{1, 2, 3, {1, 2, 3, 4, 5, 6}};
  EXPECT_THAT(CutOut(colour, {1, 0, 1, 1, 1, 1, 0, 0}).pixels, ElementsAre(4, 5, 6));
}

}  // namespace
}  // namespace demitasse
