#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::FloatEq;
using testing::Pointwise;

std::string Elu(const std::string& param) {
  return "name: 'l' type: 'ELU' elu_param { " + param + " }";
}

struct Case {
  const char* param;
  float alpha;
};

const Case kCases[] = {{"", 1}, {"alpha: 0.3", 0.3f}, {"alpha: 0", 0}, {"alpha: -2", -2}};

TEST(ELULayer, BendsBelowZero) {
  for (const Case& c : kCases) {
    LayerHarness harness(Elu(c.param), {{4}});
    SetData({-1, 0, 0.5f, 3}, &harness.bottom());
    harness.Forward();
    const float power = std::exp(-1.0f);
    EXPECT_THAT(Data(harness.top()),
                Pointwise(FloatEq(), std::vector<float>{c.alpha * (power - 1), 0, 0.5f, 3}))
        << c.param;

    SetDiff({1, 2, 3, 4}, &harness.top());
    harness.Backward();
    EXPECT_THAT(Diff(harness.bottom()),
                Pointwise(FloatEq(), std::vector<float>{c.alpha * power, 2 * c.alpha, 3, 4}))
        << c.param;
  }
}

TEST(ELULayer, StaysFiniteForLargeInputs) {
  const float infinity = std::numeric_limits<float>::infinity();
  LayerHarness harness(Elu("alpha: 0.5"), {{4}});
  SetData({-infinity, -3e38f, -1e-6f, 3e38f}, &harness.bottom());
  harness.Forward();
  EXPECT_THAT(Data(harness.top()),
              Pointwise(FloatEq(), std::vector<float>{-0.5f, -0.5f, -5e-7f, 3e38f}));

  SetDiff({1, 1, 1, 1}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom()),
              Pointwise(FloatEq(), std::vector<float>{0, 0, 0.4999995f, 1}));
}

TEST(ELULayer, HasGradientsInPlaceToo) {
  for (const Case& c : kCases) {
    CheckGradients(Elu(c.param), {{2, 3, 4}});
    CheckInPlace(Elu(c.param), {2, 3, 4});
  }
  CheckReshape(Elu(""), {{2, 3}}, {{4, 5, 6}});
  CheckReshape(Elu(""), {{2, 3}}, {{0, 3}});
}

TEST(ELULayer, TakesOneBottom) {
  CheckErrors({{"name: 'l' type: 'ELU'\nbottom: 'a'\nbottom: 'b' top: 'y'",
                {{2}, {2}},
                "layer:3:9: error: layer 'l' (ELU): takes exactly 1 bottom blob, got 2: a, b"}});
}

}  // namespace
}  // namespace demitasse
