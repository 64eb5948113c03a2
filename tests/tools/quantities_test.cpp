#include "tools/quantities.hpp"

#include <gtest/gtest.h>

namespace demitasse {
namespace {

TEST(QuantitiesTest, WritesDimensions) {
  EXPECT_EQ("3x224x225", DimensionsText(std::vector<int>{3, 224, 225}));
  EXPECT_EQ("", DimensionsText(std::vector<int>{}));
  EXPECT_EQ("3", PerAxisText(std::vector<int>{3, 3}));
  EXPECT_EQ("3x5", PerAxisText(std::vector<int>{3, 5}));
  EXPECT_EQ("7", PerAxisText(std::vector<int64_t>{7}));
}

TEST(QuantitiesTest, SeparatesThousands) {
  EXPECT_EQ("0", WholeText(0));
  EXPECT_EQ("999", WholeText(999));
  EXPECT_EQ("1,000", WholeText(1000));
  EXPECT_EQ("102,764,544", WholeText(102764544));
  EXPECT_EQ("-12,345", WholeText(-12345));
  EXPECT_EQ("-123", WholeText(-123));
}

TEST(QuantitiesTest, RoundsToThreeDigits) {
  EXPECT_EQ("999", RoundedText(999));
  EXPECT_EQ("1 K", RoundedText(1000));
  EXPECT_EQ("12.3 K", RoundedText(12345));
  EXPECT_EQ("999 K", RoundedText(999499));
  EXPECT_EQ("1 M", RoundedText(999500));
  EXPECT_EQ("9.22 E", RoundedText(INT64_MAX));
}

TEST(QuantitiesTest, CountsBytesInPowersOf1024) {
  EXPECT_EQ("0 B", BytesText(0));
  EXPECT_EQ("999 B", BytesText(999));
  EXPECT_EQ("1000 B", BytesText(1000));
  EXPECT_EQ("1 KB", BytesText(1024));
  EXPECT_EQ("32 KB", BytesText(32768));
  EXPECT_EQ("1.5 GB", BytesText(int64_t{3} << 29));
}

}  // namespace
}  // namespace demitasse
