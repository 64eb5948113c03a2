// The drawn digits.
#include "tools/digits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace demitasse {
namespace {

constexpr size_t kPixels = size_t{kDigitSide} * kDigitSide;

std::vector<DrawnDigit> DrawDigits(uint64_t seed, int count) {
  std::vector<DrawnDigit> digits;
  for (int i = 0; i < count; ++i) digits.push_back(DrawDigit(seed, static_cast<uint64_t>(i)));
  return digits;
}

int64_t SquaredDistance(const DrawnDigit& a, const DrawnDigit& b) {
  int64_t sum = 0;
  for (size_t i = 0; i < kPixels; ++i) {
    const int difference = a.pixels[i] - b.pixels[i];
    sum += difference * difference;
  }
  return sum;
}

TEST(DigitsTest, GoThroughTheTenInTurn) {
  const std::vector<DrawnDigit> digits = DrawDigits(1, 25);
  for (int i = 0; i < 25; ++i) {
    EXPECT_EQ(i % 10, digits[static_cast<size_t>(i)].label);
    EXPECT_EQ(kPixels, digits[static_cast<size_t>(i)].pixels.size());
  }
}

// The sum that every machine must come to; it changes when the way to draw does.
TEST(DigitsTest, AreTheSameOnEveryMachine) {
  uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const DrawnDigit& digit : DrawDigits(1, 500)) {
    for (const uint8_t pixel : digit.pixels) hash = (hash ^ pixel) * 0x100000001b3;
  }
  EXPECT_EQ(0x8bd7eb78d6e4374aU, hash);
}

TEST(DigitsTest, DependOnSeedAndNumberAlone) {
  EXPECT_EQ(DrawDigits(7, 30)[20].pixels, DrawDigit(7, 20).pixels);
  EXPECT_NE(DrawDigit(7, 20).pixels, DrawDigit(8, 20).pixels);
  EXPECT_NE(DrawDigit(7, 20).pixels, DrawDigit(7, 30).pixels);
  EXPECT_NE(DrawDigit(7, 30).pixels, DrawDigit(8, 20).pixels);
  EXPECT_EQ(DrawDigit(~uint64_t{0}, 3).pixels.size(), kPixels);
}

TEST(DigitsTest, AreWhiteOnBlackInTheMiddle) {
  for (const DrawnDigit& digit : DrawDigits(2, 500)) {
    EXPECT_GE(*std::max_element(digit.pixels.begin(), digit.pixels.end()), 100);
    const double mean = std::accumulate(digit.pixels.begin(), digit.pixels.end(), 0.0) / kPixels;
    EXPECT_GT(mean, 4);
    EXPECT_LT(mean, 110);
    for (size_t i = 0; i < kDigitSide; ++i) {
      EXPECT_LT(digit.pixels[i], 150);                         // the top row
      EXPECT_LT(digit.pixels[kPixels - kDigitSide + i], 150);  // the bottom row
    }
  }
}

TEST(DigitsTest, AreLegibleEnoughForTheNearestNeighbour) {
  const std::vector<DrawnDigit> known = DrawDigits(3, 1500);
  const std::vector<DrawnDigit> held_out = DrawDigits(4, 200);
  const auto right = std::count_if(held_out.begin(), held_out.end(), [&](const DrawnDigit& digit) {
    const auto nearest =
        std::min_element(known.begin(), known.end(), [&](const DrawnDigit& a, const DrawnDigit& b) {
          return SquaredDistance(a, digit) < SquaredDistance(b, digit);
        });
    return nearest->label == digit.label;
  });
  EXPECT_GE(right, 170);
}

}  // namespace
}  // namespace demitasse
