#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::FloatEq;
using testing::Pointwise;

std::string Power(const std::string& param) {
  return "name: 'l' type: 'Power' power_param { " + param + " }";
}

struct Case {
  const char* param;
  std::vector<float> expected;  // for x = -2, 0, 3
};

TEST(PowerLayer, RaisesAScaledAndShiftedInput) {
  const Case cases[] = {
      {"", {-2, 0, 3}},
      {"scale: 2 shift: 1", {-3, 1, 7}},
      {"power: 2 shift: 1", {1, 1, 16}},
      {"power: 3 scale: -1 shift: 1", {27, 1, -8}},
      {"power: 0 scale: 2 shift: 5", {1, 1, 1}},
      {"power: 3 scale: 0 shift: 2", {8, 8, 8}},
      {"power: -1 shift: 4", {0.5f, 0.25f, 1.0f / 7}},
      {"power: 0.5 shift: 6", {2, std::sqrt(6.0f), 3}},
  };
  for (const Case& c : cases) {
    LayerHarness harness(Power(c.param), {{3}});
    SetData({-2, 0, 3}, &harness.bottom());
    harness.Forward();
    EXPECT_THAT(Data(harness.top()), Pointwise(FloatEq(), c.expected)) << c.param;
  }
}

TEST(PowerLayer, IsConstantWhateverTheInputWithoutPowerOrScale) {
  for (const char* const param : {"power: 0", "scale: 0 shift: 1"}) {
    LayerHarness harness(Power(param), {{2}});
    SetData({std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()},
            &harness.bottom());
    harness.Forward();
    EXPECT_THAT(Data(harness.top()), ElementsAre(1, 1)) << param;
  }
}

TEST(PowerLayer, HasAGradientAtZero) {
  LayerHarness harness(Power("power: 3"), {{2}});
  SetData({0, 2}, &harness.bottom());
  harness.Forward();
  SetDiff({1, 1}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom()), ElementsAre(0, 12));
}

TEST(PowerLayer, HasGradients) {
  GradientOptions options;
  options.tolerance = 2e-2f;
  options.step = 2e-3f;
  for (const char* const param :
       {"", "scale: -2 shift: 1", "power: 0 shift: 3", "scale: 0 shift: 3", "power: 2 scale: 0.5",
        "power: 2 shift: 0.5", "power: 3 scale: -1.2 shift: 0.4", "power: -1 scale: 0.1 shift: 2",
        "power: 0.37 scale: 0.2 shift: 3"}) {
    CheckGradients(Power(param), {{2, 3, 4}}, options);
  }
}

TEST(PowerLayer, WorksInPlace) {
  for (const char* const param :
       {"", "scale: -2 shift: 1", "power: 0 shift: 3", "power: 2", "power: 3 scale: -1.2"}) {
    CheckInPlace(Power(param), {2, 3, 4});
  }
  CheckReshape(Power("power: 3"), {{2, 3}}, {{4, 5}});
}

TEST(PowerLayer, TakesOneBottom) {
  CheckErrors({{"name: 'l' type: 'Power'\nbottom: 'a'\nbottom: 'b' top: 'y'",
                {{2}, {2}},
                "layer:3:9: error: layer 'l' (Power): takes exactly 1 bottom blob, got 2: a, b"}});
}

}  // namespace
}  // namespace demitasse
