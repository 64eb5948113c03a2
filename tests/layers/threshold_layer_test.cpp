#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

std::string Threshold(const std::string& param) {
  return "name: 'l' type: 'Threshold' threshold_param { " + param + " }";
}

std::vector<float> Output(const std::string& param) {
  LayerHarness harness(Threshold(param), {{6}});
  SetData({-2, 0, 0.5f, 0.75f, std::numeric_limits<float>::infinity(),
           std::numeric_limits<float>::quiet_NaN()},
          &harness.bottom());
  harness.Forward();
  return Data(harness.top());
}

TEST(ThresholdLayer, IsOneAboveTheThreshold) {
  EXPECT_THAT(Output(""), ElementsAre(0, 0, 1, 1, 1, 0));
  EXPECT_THAT(Output("threshold: 0.5"), ElementsAre(0, 0, 0, 1, 1, 0));
  EXPECT_THAT(Output("threshold: -3"), ElementsAre(1, 1, 1, 1, 1, 0));
}

TEST(ThresholdLayer, HasNoGradient) {
  LayerHarness harness(Threshold(""), {{2}});
  EXPECT_FALSE(harness.layer().AllowForceBackward(0));
}

TEST(ThresholdLayer, WorksInPlaceAndFollowsNewShapes) {
  CheckInPlace(Threshold("threshold: 0.3"), {2, 3, 4});
  CheckReshape(Threshold(""), {{2, 3}}, {{4, 5, 6}});
  CheckReshape(Threshold(""), {{2, 3}}, {{0, 3}});
}

TEST(ThresholdLayer, TakesOneBottom) {
  CheckErrors(
      {{"name: 'l' type: 'Threshold'\nbottom: 'a'\nbottom: 'b' top: 'y'",
        {{2}, {2}},
        "layer:3:9: error: layer 'l' (Threshold): takes exactly 1 bottom blob, got 2: a, b"}});
}

}  // namespace
}  // namespace demitasse
