#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::FloatEq;
using testing::Pointwise;

const char* const kBnll = "name: 'l' type: 'BNLL'";

TEST(BNLLLayer, GivesKnownNumbers) {
  LayerHarness harness(kBnll, {{4}});
  SetData({-1, 0, 1, 20}, &harness.bottom());
  harness.Forward();
  EXPECT_THAT(
      Data(harness.top()),
      Pointwise(FloatEq(), std::vector<float>{0.31326169f, std::log(2.0f), 1.31326169f, 20}));

  SetDiff({1, 2, 1, 3}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom()),
              Pointwise(FloatEq(), std::vector<float>{0.26894142f, 1, 0.73105858f, 3}));
}

TEST(BNLLLayer, StaysFiniteForLargeInputs) {
  LayerHarness harness(kBnll, {{5}});
  SetData({-3e38f, -200, -30, 200, 3e38f}, &harness.bottom());
  harness.Forward();
  const float tiny = std::exp(-30.0f);
  EXPECT_THAT(Data(harness.top()),
              Pointwise(FloatEq(), std::vector<float>{0, 0, tiny, 200, 3e38f}));

  SetDiff({1, 1, 1, 1, 1}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom()), Pointwise(FloatEq(), std::vector<float>{0, 0, tiny, 1, 1}));
}

TEST(BNLLLayer, PassesNaNOn) {
  LayerHarness harness(kBnll, {{1}});
  SetData({std::numeric_limits<float>::quiet_NaN()}, &harness.bottom());
  harness.Forward();
  EXPECT_TRUE(std::isnan(harness.top().cpu_data()[0]));
}

TEST(BNLLLayer, HasGradientsInPlaceToo) {
  CheckGradients(kBnll, {{2, 3, 4}});
  CheckInPlace(kBnll, {2, 3, 4});
  CheckReshape(kBnll, {{2, 3}}, {{4, 5, 6}});
  CheckReshape(kBnll, {{2, 3}}, {{0, 3}});
}

TEST(BNLLLayer, TakesOneBottom) {
  CheckErrors({{"name: 'l' type: 'BNLL'\nbottom: 'a'\nbottom: 'b' top: 'y'",
                {{2}, {2}},
                "layer:3:9: error: layer 'l' (BNLL): takes exactly 1 bottom blob, got 2: a, b"}});
}

}  // namespace
}  // namespace demitasse
