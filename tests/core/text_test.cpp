#include "src/core/text.hpp"

#include <gtest/gtest.h>

namespace demitasse {
namespace {

TEST(Text, CatPrintsOneAfterTheOther) { EXPECT_EQ("a1b2.5", Cat("a", 1, 'b', 2.5)); }

TEST(Text, JoinPutsSeparatorsBetween) {
  EXPECT_EQ("a, b, c", Join({"a", "b", "c"}));
  EXPECT_EQ("a x b", Join({"a", "b"}, " x "));
  EXPECT_EQ("", Join({}));
}

TEST(Text, OneLineMakesTextFitToBeQuoted) {
  EXPECT_EQ("a?b?c", OneLine("a\nb\tc"));
  EXPECT_EQ(std::string(60, 'x'), OneLine(std::string(60, 'x')));
  EXPECT_EQ(std::string(60, 'x') + "...", OneLine(std::string(61, 'x')));
  // Not in the middle of a character of several bytes.
  EXPECT_EQ(std::string(59, 'x') + "...", OneLine(std::string(59, 'x') + "\xC3\xA9"));
}

TEST(Text, LayerPrefixNamesALayer) {
  EXPECT_EQ("layer 'conv1' (Convolution): ", LayerPrefix("conv1", "Convolution"));
  EXPECT_EQ("layer 'conv1': ", LayerPrefix("conv1", ""));
  EXPECT_EQ("unnamed layer (ReLU): ", LayerPrefix("", "ReLU"));
  EXPECT_EQ("unnamed layer: ", LayerPrefix("", ""));
}

TEST(Text, NearestForgivesSlipsOfTheHand) {
  const std::vector<std::string> known = {"num_output", "kernel_size", "stride"};
  EXPECT_EQ("num_output", Nearest("num_ouput", known));
  EXPECT_EQ("num_output", Nearest("num_outptu", known));
  EXPECT_EQ("kernel_size", Nearest("KernelSize", known));
  EXPECT_EQ("stride", Nearest("strides", known));
  EXPECT_EQ("", Nearest("dilation", known));
  EXPECT_EQ("", Nearest("x", {}));
}

TEST(Text, NearestGivesUpOnVeryLongWords) {
  const std::string word(101, 'a');
  EXPECT_EQ("", Nearest(word, {word}));
}

TEST(Text, DidYouMeanIsAQuestionOrNothing) {
  EXPECT_EQ("; did you mean 'ReLU'?", DidYouMean("Relu", {"ReLU", "PReLU"}));
  EXPECT_EQ("", DidYouMean("Pooling", {"ReLU", "PReLU"}));
}

}  // namespace
}  // namespace demitasse
