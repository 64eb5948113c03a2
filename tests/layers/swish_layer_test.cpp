#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::FloatEq;
using testing::FloatNear;
using testing::Pointwise;

std::string Swish(const std::string& param) {
  return "name: 'l' type: 'Swish' swish_param { " + param + " }";
}

struct Case {
  const char* param;
  std::vector<float> expected;   // for x = -1, 0, 2
  std::vector<float> gradients;  // there
};

TEST(SwishLayer, GivesKnownNumbers) {
  const Case cases[] = {
      {"", {-0.26894142f, 0, 1.76159416f}, {0.07232949f, 0.5f, 1.09078425f}},
      {"beta: 2", {-0.11920292f, 0, 1.96402758f}, {-0.09078425f, 0.5f, 1.05266461f}},
      {"beta: -1", {-0.73105858f, 0, 0.23840584f}, {0.92767051f, 0.5f, -0.09078425f}},
      {"beta: 0", {-0.5f, 0, 1}, {0.5f, 0.5f, 0.5f}},
  };
  for (const Case& c : cases) {
    LayerHarness harness(Swish(c.param), {{3}});
    SetData({-1, 0, 2}, &harness.bottom());
    harness.Forward();
    EXPECT_THAT(Data(harness.top()), Pointwise(FloatNear(1e-6f), c.expected)) << c.param;
    SetDiff({1, 1, 1}, &harness.top());
    harness.Backward();
    EXPECT_THAT(Diff(harness.bottom()), Pointwise(FloatNear(1e-6f), c.gradients)) << c.param;
  }
}

TEST(SwishLayer, StaysFiniteForLargeInputs) {
  LayerHarness harness(Swish("beta: 10"), {{4}});
  SetData({-3e38f, -20, 20, 3e38f}, &harness.bottom());
  harness.Forward();
  EXPECT_THAT(Data(harness.top()), Pointwise(FloatEq(), std::vector<float>{0, 0, 20, 3e38f}));

  SetDiff({1, 1, 1, 1}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom()), Pointwise(FloatEq(), std::vector<float>{0, 0, 1, 1}));
}

TEST(SwishLayer, HasGradientsInPlaceToo) {
  for (const char* const param : {"", "beta: 1.7", "beta: -0.5", "beta: 0"}) {
    CheckGradients(Swish(param), {{2, 3, 4}});
    CheckInPlace(Swish(param), {2, 3, 4});
  }
  CheckReshape(Swish(""), {{2, 3}}, {{4, 5, 6}});
  CheckReshape(Swish(""), {{2, 3}}, {{0, 3}});
}

TEST(SwishLayer, TakesOneBottom) {
  CheckErrors({{"name: 'l' type: 'Swish'\nbottom: 'a'\nbottom: 'b' top: 'y'",
                {{2}, {2}},
                "layer:3:9: error: layer 'l' (Swish): takes exactly 1 bottom blob, got 2: a, b"}});
}

}  // namespace
}  // namespace demitasse
