#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::FloatEq;
using testing::Pointwise;

std::string Exp(const std::string& param) {
  return "name: 'l' type: 'Exp' exp_param { " + param + " }";
}

struct Case {
  const char* param;
  std::vector<float> expected;  // for x = -1, 0, 2
};

const Case kCases[] = {
    {"", {std::exp(-1.0f), 1, std::exp(2.0f)}},
    {"base: -1 shift: 2", {std::exp(1.0f), std::exp(2.0f), std::exp(4.0f)}},
    {"base: 2", {0.5f, 1, 4}},
    {"base: 0.5 scale: 2", {4, 1, 0.0625f}},
    {"base: 2 scale: 3 shift: 1", {0.25f, 2, 128}},
    {"base: 3 scale: 0 shift: -1", {1 / 3.0f, 1 / 3.0f, 1 / 3.0f}},
    {"base: 1 scale: 7", {1, 1, 1}},
};

TEST(ExpLayer, RaisesTheBase) {
  for (const Case& c : kCases) {
    LayerHarness harness(Exp(c.param), {{3}});
    SetData({-1, 0, 2}, &harness.bottom());
    harness.Forward();
    EXPECT_THAT(Data(harness.top()), Pointwise(FloatEq(), c.expected)) << c.param;
  }
}

TEST(ExpLayer, StaysFiniteWhereTheResultIs) {
  LayerHarness harness(Exp("shift: 100"), {{1}});  // exp(100) is beyond float
  SetData({-99}, &harness.bottom());
  harness.Forward();
  EXPECT_FLOAT_EQ(std::exp(1.0f), harness.top().cpu_data()[0]);
}

TEST(ExpLayer, HasGradientsInPlaceToo) {
  GradientOptions options;
  options.step = 2e-3f;
  for (const char* const param :
       {"", "base: 2 shift: 1", "base: 0.5 scale: 2", "scale: 0.5 shift: -0.3", "base: 1"}) {
    CheckGradients(Exp(param), {{2, 3, 4}}, options);
    CheckInPlace(Exp(param), {2, 3, 4});
  }
  CheckReshape(Exp("base: 3"), {{2, 3}}, {{4, 5, 6}});
  CheckReshape(Exp("base: 3"), {{2, 3}}, {{0, 3}});
}

TEST(ExpLayer, RefusesBadParameters) {
  const std::string head = "name: 'l' type: 'Exp'\n";
  const std::string error = "layer:2:19: error: layer 'l' (Exp): ";
  CheckErrors({
      {head + "exp_param { base: 0 }",
       {{2}},
       error + "base must be a number above 0, or -1 for e, got 0"},
      {head + "exp_param { base: -2 }",
       {{2}},
       error + "base must be a number above 0, or -1 for e, got -2"},
      {head + "exp_param { base: inf }",
       {{2}},
       error + "base must be a number above 0, or -1 for e, got inf"},
  });
}

}  // namespace
}  // namespace demitasse
