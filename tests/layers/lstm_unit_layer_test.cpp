#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Values = std::vector<float>;

const std::string kUnit =
    "name: 'l' type: 'LSTMUnit' bottom: 'c0' bottom: 'a' bottom: 'cont' top: 'c' top: 'h'";

void ExpectNear(const Values& expected, const Values& actual) {
  ASSERT_EQ(expected.size(), actual.size());
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(expected[i], actual[i], 1e-6) << i;
}

TEST(LSTMUnitLayer, GivesKnownNumbers) {
  LayerHarness harness(kUnit, {{1, 2, 1}, {1, 2, 4}, {1, 2}});
  SetData({2, 2}, &harness.bottom(0));
  // sigmoid(ln 3) = 3/4, sigmoid(0) = 1/2, tanh(ln 2) = 3/5
  SetData({0, 1.0986123f, 0, 0.6931472f, 0, 1.0986123f, 0, 0.6931472f}, &harness.bottom(1));
  SetData({1, 0}, &harness.bottom(2));
  harness.Forward();
  EXPECT_EQ((std::vector<int>{1, 2, 1}), harness.top(0).shape());
  EXPECT_EQ((std::vector<int>{1, 2, 1}), harness.top(1).shape());
  ExpectNear({1.8f, 0.3f}, Data(harness.top(0)));              // 3/4 * 2 + 1/2 * 3/5, 1/2 * 3/5
  ExpectNear({0.4734030f, 0.1456563f}, Data(harness.top(1)));  // tanh(c) / 2
}

TEST(LSTMUnitLayer, MultipliesTheForgetGateByCont) {
  LayerHarness harness(kUnit, {{1, 1, 1}, {1, 1, 4}, {1, 1}});
  SetData({2}, &harness.bottom(0));
  SetData({0, 0, 0, 0}, &harness.bottom(1));
  SetData({-3}, &harness.bottom(2));
  harness.Forward();
  ExpectNear({-3}, Data(harness.top(0)));
  SetDiff({1}, &harness.top(0));
  SetDiff({0}, &harness.top(1));
  harness.Backward();
  ExpectNear({-1.5f}, Diff(harness.bottom(0)));
  // The gradient of the forget gate's input is 2 * f * (1 - f) with f = -1.5, as Caffe has it.
  ExpectNear({0, -7.5f, 0, 0.5f}, Diff(harness.bottom(1)));
}

TEST(LSTMUnitLayer, HasTheRightGradients) {
  GradientOptions options;
  options.prepare = [](LayerHarness* harness) { SetData({1, 0, 1}, &harness->bottom(2)); };
  CheckGradients(kUnit, {{1, 3, 2}, {1, 3, 8}, {1, 3}}, options);
}

TEST(LSTMUnitLayer, HasNoGradientOfCont) {
  LayerHarness harness(kUnit, {{1, 1, 1}, {1, 1, 4}, {1, 1}});
  EXPECT_TRUE(harness.layer().AllowForceBackward(0));
  EXPECT_TRUE(harness.layer().AllowForceBackward(1));
  EXPECT_FALSE(harness.layer().AllowForceBackward(2));
}

TEST(LSTMUnitLayer, ComputesTheGradientsThatAreWanted) {
  LayerHarness harness(kUnit, {{1, 1, 1}, {1, 1, 4}, {1, 1}});
  harness.Forward();
  SetDiff({1}, &harness.top(0));
  SetDiff({1}, &harness.top(1));
  harness.Backward();
  const Values c_diff = Diff(harness.bottom(0)), a_diff = Diff(harness.bottom(1));
  for (const bool first : {true, false}) {
    SetDiff({9}, &harness.bottom(0));
    SetDiff({9, 9, 9, 9}, &harness.bottom(1));
    harness.layer().Backward(harness.tops(), {first, !first, false}, harness.bottoms());
    EXPECT_EQ(first ? c_diff : Values(1, 9), Diff(harness.bottom(0)));
    EXPECT_EQ(first ? Values(4, 9) : a_diff, Diff(harness.bottom(1)));
  }
}

TEST(LSTMUnitLayer, FollowsTheBottomsShape) {
  CheckReshape(kUnit, {{1, 3, 2}, {1, 3, 8}, {1, 3}}, {{1, 4, 5}, {1, 4, 20}, {1, 4}});
  LayerHarness empty(kUnit, {{1, 0, 2}, {1, 0, 8}, {1, 0}});
  empty.Forward();
  empty.Backward();
  EXPECT_EQ((std::vector<int>{1, 0, 2}), empty.top(1).shape());
}

TEST(LSTMUnitLayer, ReportsWhatIsWrong) {
  const std::string layer = ": error: layer 'l' (LSTMUnit): ";
  CheckErrors({
      {kUnit,
       {{2, 3, 2}, {1, 3, 8}, {1, 3}},
       "layer:1:36" + layer + "bottom[0] 'c0' of 2 3 2 (12) must be 1 x streams x units"},
      {kUnit,
       {{1, 3}, {1, 3, 8}, {1, 3}},
       "layer:1:36" + layer + "bottom[0] 'c0' of 1 3 (3) must be 1 x streams x units"},
      {kUnit,
       {{1, 3, 2}, {1, 3, 6}, {1, 3}},
       "layer:1:49" + layer +
           "bottom[1] 'a' of 1 3 6 (18) must be 1 x streams x 4 * units, with "
           "the 3 streams and 2 units of bottom[0] 'c0'"},
      {kUnit,
       {{1, 3, 2}, {1, 3, 8}, {1, 4}},
       "layer:1:61" + layer +
           "bottom[2] 'cont' of 1 4 (4) must be 1 x streams, with the 3 streams "
           "and 2 units of bottom[0] 'c0'"},
      {"name: 'l' type: 'LSTMUnit' bottom: 'c0' bottom: 'a' top: 'c' top: 'h'",
       {{1, 3, 2}, {1, 3, 8}},
       "layer:1:49" + layer + "takes exactly 3 bottom blobs, got 2: c0, a"},
  });
}

}  // namespace
}  // namespace demitasse
