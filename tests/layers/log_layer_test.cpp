#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::FloatEq;
using testing::FloatNear;
using testing::Pointwise;

std::string Log(const std::string& param) {
  return "name: 'l' type: 'Log' log_param { " + param + " }";
}

struct Case {
  const char* param;
  std::vector<float> expected;   // for x = 0.25, 1, 8
  std::vector<float> gradients;  // there
};

TEST(LogLayer, TakesTheLogarithmToABase) {
  const float two = std::log(2.0f);
  const Case cases[] = {
      {"", {-2 * two, 0, 3 * two}, {4, 1, 0.125f}},
      {"base: -1 scale: 2", {-two, two, 4 * two}, {4, 1, 0.125f}},
      {"base: 2", {-2, 0, 3}, {4 / two, 1 / two, 0.125f / two}},
      {"base: 0.5", {2, 0, -3}, {-4 / two, -1 / two, -0.125f / two}},
      {"base: 2 scale: 4 shift: 3",
       {2, std::log2(7.0f), std::log2(35.0f)},
       {1 / two, 4 / 7.0f / two, 4 / 35.0f / two}},
      {"base: 2 scale: 0 shift: 4", {2, 2, 2}, {0, 0, 0}},
  };
  for (const Case& c : cases) {
    LayerHarness harness(Log(c.param), {{3}});
    SetData({0.25f, 1, 8}, &harness.bottom());
    harness.Forward();
    EXPECT_THAT(Data(harness.top()), Pointwise(FloatNear(1e-6f), c.expected)) << c.param;
    SetDiff({1, 1, 1}, &harness.top());
    harness.Backward();
    EXPECT_THAT(Diff(harness.bottom()), Pointwise(FloatEq(), c.gradients)) << c.param;
  }
}

TEST(LogLayer, KeepsToArithmeticOutsideOfItsDomain) {
  LayerHarness harness(Log(""), {{2}});
  SetData({0, -1}, &harness.bottom());
  harness.Forward();
  EXPECT_EQ(-std::numeric_limits<float>::infinity(), harness.top().cpu_data()[0]);
  EXPECT_TRUE(std::isnan(harness.top().cpu_data()[1]));
}

TEST(LogLayer, HasGradients) {
  GradientOptions options;
  options.step = 2e-3f;
  options.prepare = [](LayerHarness* harness) {
    float* const x = harness->bottom().mutable_cpu_data();
    for (int64_t i = 0; i < harness->bottom().size(); ++i) x[i] = 0.5f + std::abs(x[i]);
  };
  for (const char* const param :
       {"", "base: 2", "base: 3 shift: 1", "base: 0.5 scale: 2 shift: -0.3"}) {
    CheckGradients(Log(param), {{2, 3, 4}}, options);
  }
  CheckReshape(Log(""), {{2, 3}}, {{4, 5, 6}}, options);
  CheckReshape(Log(""), {{2, 3}}, {{0, 3}}, options);
}

TEST(LogLayer, WorksInPlace) {
  CheckInPlace(Log("shift: 10"), {2, 3, 4});
  CheckInPlace(Log("base: 2 scale: 0.5 shift: 10"), {2, 3, 4});

  LayerHarness harness(Log("") + " bottom: 'x' top: 'x'", {{2}});
  SetData({1, 4}, &harness.bottom());
  harness.Forward();
  SetDiff({1, 1}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom()), ElementsAre(1, 0.25f));
}

TEST(LogLayer, RefusesBadParameters) {
  const std::string head = "name: 'l' type: 'Log'\n";
  const std::string error = "layer:2:19: error: layer 'l' (Log): ";
  CheckErrors({
      {head + "log_param { base: -3 }",
       {{2}},
       error + "base must be a number above 0, or -1 for e, got -3"},
      {head + "log_param { base: 1 }", {{2}}, error + "base must not be 1, whose powers are all 1"},
  });
}

}  // namespace
}  // namespace demitasse
