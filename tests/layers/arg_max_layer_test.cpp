#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

std::string ArgMax(const std::string& param) {
  return "name: 'l' type: 'ArgMax'\nargmax_param { " + param + " }";
}

std::vector<float> Output(const std::string& param, const std::vector<int>& shape,
                          const std::vector<float>& x) {
  LayerHarness harness(ArgMax(param), {shape});
  SetData(x, &harness.bottom());
  harness.Forward();
  return Data(harness.top());
}

TEST(ArgMaxLayer, SearchesWholeSamples) {
  const std::vector<float> x = {3, 9, 1, 7, -1, -2, -4, -3};
  EXPECT_THAT(Output("", {2, 2, 2}, x), ElementsAre(1, 0));
  EXPECT_THAT(Output("top_k: 3", {2, 4}, x), ElementsAre(1, 3, 0, 0, 1, 3));
  EXPECT_THAT(Output("top_k: 2 out_max_val: true", {2, 4}, x),
              ElementsAre(1, 3, 9, 7, 0, 1, -1, -2));
  EXPECT_THAT(Output("", {8}, x), ElementsAre(0, 0, 0, 0, 0, 0, 0, 0));
}

TEST(ArgMaxLayer, SearchesAlongAnAxis) {
  const std::vector<float> x = {1, 6, 5, 2, 3, 4, 9, 8, 7, 0, 1, 2};  // 2 x 3 x 2
  EXPECT_THAT(Output("axis: 1", {2, 3, 2}, x), ElementsAre(1, 0, 0, 0));
  EXPECT_THAT(Output("axis: 1 top_k: 2", {2, 3, 2}, x), ElementsAre(1, 0, 2, 2, 0, 0, 1, 2));
  EXPECT_THAT(Output("axis: -1 out_max_val: true", {2, 3, 2}, x), ElementsAre(6, 5, 4, 9, 7, 2));
  EXPECT_THAT(Output("axis: 0 out_max_val: true top_k: 2", {2, 2}, {1, 2, 3, 0}),
              ElementsAre(3, 2, 1, 0));
}

TEST(ArgMaxLayer, HasCaffesTopShapes) {
  struct Case {
    const char* param;
    std::vector<int> bottom;
    std::vector<int> top;
  };
  const Case cases[] = {
      {"", {5}, {5, 1, 1}},
      {"top_k: 2", {5, 3}, {5, 1, 2}},
      {"top_k: 2 out_max_val: true", {5, 3, 4}, {5, 2, 2}},
      {"top_k: 7", {5, 3, 4, 2}, {5, 1, 7, 1}},
      {"out_max_val: true", {5, 3, 4, 2, 2}, {5, 2, 1, 1, 1}},
      {"axis: 0", {5}, {1}},
      {"axis: -2 top_k: 2 out_max_val: true", {5, 3, 4}, {5, 2, 4}},
      {"top_k: 2", {0, 3}, {0, 1, 2}},
      {"axis: 1 top_k: 2", {4, 3, 0}, {4, 2, 0}},
  };
  for (const Case& c : cases) {
    LayerHarness harness(ArgMax(c.param), {c.bottom});
    harness.Forward();
    EXPECT_EQ(c.top, harness.top().shape()) << c.param;
  }
}

TEST(ArgMaxLayer, PutsTheLastOfEqualValuesFirst) {
  EXPECT_THAT(Output("top_k: 3", {1, 5}, {2, 7, 0, 7, 2}), ElementsAre(3, 1, 4));
  EXPECT_THAT(Output("top_k: 2", {1, 2}, {0.0f, -0.0f}), ElementsAre(1, 0));
}

TEST(ArgMaxLayer, CountsNaNAsTheLargest) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_THAT(Output("top_k: 5", {1, 5}, {nan, infinity, nan, -infinity, 0}),
              ElementsAre(2, 0, 1, 4, 3));
}

// As Caffe does it: a partial sort of (value, index).
TEST(ArgMaxLayer, FindsManyOfMany) {
  const int samples = 40;
  const int size = 1000;
  for (const size_t top_k : {1u, 10u, 1000u}) {
    LayerHarness harness(ArgMax("top_k: " + std::to_string(top_k)), {{samples, size}});
    float* const x = harness.bottom().mutable_cpu_data();
    for (int64_t i = 0; i < harness.bottom().size(); ++i) x[i] = static_cast<int>(20 * x[i]);
    harness.Forward();
    std::vector<float> expected;
    for (int sample = 0; sample < samples; ++sample) {
      std::vector<std::pair<float, int>> pairs;
      for (int i = 0; i < size; ++i) pairs.emplace_back(x[sample * size + i], i);
      std::sort(pairs.begin(), pairs.end(), std::greater<>());
      for (size_t k = 0; k < top_k; ++k) expected.push_back(static_cast<float>(pairs[k].second));
    }
    EXPECT_EQ(expected, Data(harness.top()));
  }
}

TEST(ArgMaxLayer, FollowsNewShapesAndHasNoGradient) {
  LayerHarness harness(ArgMax("top_k: 2"), {{2, 3}});
  EXPECT_FALSE(harness.layer().AllowForceBackward(0));
  CheckReshape(ArgMax("top_k: 2"), {{2, 3}}, {{4, 5, 6}});
  CheckReshape(ArgMax("axis: 1 top_k: 2"), {{2, 3}}, {{4, 5, 6}});
}

TEST(ArgMaxLayer, RefusesBadParameters) {
  const std::string error = "error: layer 'l' (ArgMax): ";
  CheckErrors({
      {ArgMax("top_k: 0"),
       {{2, 3}},
       "layer:2:23: " + error + "top_k must be greater than 0, got 0"},
      {ArgMax("top_k: 4000000000"),
       {{2, 3}},
       "layer:2:23: " + error + "top_k must be at most 2147483647, got 4000000000"},
      {ArgMax("top_k: 7"),
       {{2, 3, 2}},
       "layer:2:23: " + error +
           "top_k must be at most the number of values in a sample of 2 3 2 (12), 6, got 7"},
      {ArgMax("top_k: 4 axis: 1"),
       {{2, 3, 5}},
       "layer:2:23: " + error +
           "top_k must be at most the number of values on axis 1 of 2 3 5 (30), 3, got 4"},
      {ArgMax(""),
       {{2, 0}},
       "layer:2:1: " + error +
           "top_k must be at most the number of values in a sample of 2 0 (0), 0, got 1"},
      {ArgMax("axis: 2"),
       {{2, 3}},
       "layer:2:22: " + error + "axis 2 is outside the bottom's 2 axes (2 3 (6))"},
      {ArgMax("") + " bottom: 'x'",
       {{}},
       "layer:2:27: " + error + "needs a bottom of at least 1 axis, that of the samples"},
  });
}

}  // namespace
}  // namespace demitasse
