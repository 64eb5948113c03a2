#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Values = std::vector<float>;

std::string Lrn(const std::string& param) {
  return "name: 'l' type: 'LRN' lrn_param { " + param + " }";
}

void ExpectNear(const Values& expected, const Values& actual) {
  ASSERT_EQ(expected.size(), actual.size());
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(expected[i], actual[i], 1e-6) << i;
}

TEST(LRNLayer, DividesByTheSquaresOfTheChannelsAround) {
  LayerHarness harness(Lrn("local_size: 3 alpha: 6 beta: 0.5 k: 2"), {{1, 4, 1, 1}});
  SetData({1, 2, -3, 0}, &harness.bottom());
  harness.Forward();
  // 2 + 6 / 3 * (sums 1 + 4, 1 + 4 + 9, 4 + 9 + 0, 9 + 0)
  ExpectNear({1 / std::sqrt(12.0f), 2 / std::sqrt(30.0f), -3 / std::sqrt(28.0f), 0},
             Data(harness.top()));
}

TEST(LRNLayer, DividesByTheSquaresOfThePlacesAround) {
  LayerHarness harness(Lrn("norm_region: WITHIN_CHANNEL local_size: 3 alpha: 18 beta: 1 k: 5"),
                       {{1, 2, 1, 3}});
  SetData({1, 2, 3, -1, 0, 0}, &harness.bottom());
  harness.Forward();
  // 1 + 18 / 9 * sums: k does not count, places outside do
  ExpectNear({1 / 11.0f, 2 / 29.0f, 3 / 27.0f, -1 / 3.0f, 0, 0}, Data(harness.top()));
}

TEST(LRNLayer, HasTheValuesOfAlexNetAsDefaults) {
  LayerHarness defaults("type: 'LRN'", {{2, 9, 2, 3}});
  LayerHarness given(Lrn("local_size: 5 alpha: 1 beta: 0.75 k: 1 norm_region: ACROSS_CHANNELS"),
                     {{2, 9, 2, 3}});
  defaults.Forward();
  given.Forward();
  EXPECT_EQ(Data(given.top()), Data(defaults.top()));
  const Values x = Data(defaults.bottom());
  double squares = 0;
  for (int c = 0; c < 3; ++c) squares += double{x[6 * c]} * x[6 * c];
  EXPECT_NEAR(x[0] * std::pow(1 + squares / 5, -0.75), Data(defaults.top())[0], 1e-6);
}

TEST(LRNLayer, HasTheRightGradients) {
  for (const std::string region : {"ACROSS_CHANNELS", "WITHIN_CHANNEL"}) {
    for (const std::string param :
         {"local_size: 3 alpha: 2", "local_size: 5 alpha: 1 beta: 0.6 k: 2",
          "local_size: 15 alpha: 5 beta: 1", "local_size: 1", "beta: 0", "alpha: 0"}) {
      for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
        GradientOptions options;
        options.engine = engine;
        CheckGradients(Lrn("norm_region: " + region + " " + param), {{2, 7, 3, 4}}, options);
      }
    }
  }
}

// A layer behind may have overwritten the top.
TEST(LRNLayer, GradientNeedsNoTop) {
  for (const std::string region : {"ACROSS_CHANNELS", "WITHIN_CHANNEL"}) {
    LayerHarness harness(Lrn("norm_region: " + region), {{1, 6, 3, 3}});
    harness.Forward();
    SetDiff(Values(54, 1), &harness.top());
    harness.Backward();
    const Values gradient = Diff(harness.bottom());
    SetData(Values(54, -100), &harness.top());
    harness.Backward();
    EXPECT_EQ(gradient, Diff(harness.bottom()));
  }
}

TEST(LRNLayer, FollowsTheBottomsShape) {
  CheckReshape(Lrn(""), {{2, 7, 3, 4}}, {{1, 30, 8, 5}});
  CheckReshape(Lrn("norm_region: WITHIN_CHANNEL"), {{2, 7, 3, 4}}, {{1, 3, 8, 5}});
}

TEST(LRNLayer, TakesEmptyBottoms) {
  for (const std::string region : {"ACROSS_CHANNELS", "WITHIN_CHANNEL"}) {
    LayerHarness harness(Lrn("norm_region: " + region), {{2, 0, 3, 4}});
    harness.Forward();
    harness.Backward();
    EXPECT_EQ((std::vector<int>{2, 0, 3, 4}), harness.top().shape());
  }
}

TEST(LRNLayer, ReportsWhatIsWrong) {
  const Shapes image = {{1, 4, 5, 6}};
  CheckErrors({
      {Lrn("local_size: 4"), image,
       "layer:1:47: error: layer 'l' (LRN): local_size must be odd, so that x is in the middle, "
       "got 4"},
      {Lrn("local_size: 0"), image,
       "layer:1:47: error: layer 'l' (LRN): local_size must be greater than 0, got 0"},
      {Lrn("local_size: 4294967295"), image,
       "layer:1:47: error: layer 'l' (LRN): local_size must be at most 2147483647, got "
       "4294967295"},
      {Lrn(""),
       {{4, 5, 6}},
       "layer: error: layer 'l' (LRN): bottom[0] of 4 5 6 (120) must have 4 axes: num, channels, "
       "height, width"},
      {Lrn("") + " bottom: 'x' top: 'x'", image,
       "layer:1:55: error: layer 'l' (LRN): cannot write top[0] 'x' in place over its bottom[0]; "
       "give the top a name of its own"},
      {Lrn("") + " bottom: 'x' top: 'y' top: 'z'", image,
       "layer:1:64: error: layer 'l' (LRN): takes exactly 1 top blob, got 2: y, z"},
  });
}

}  // namespace
}  // namespace demitasse
