// What pooling layers take of a window, and the windows and values that Caffe gets wrong.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Values = std::vector<float>;

const char* const kMasked = " bottom: 'x' top: 'y' top: 'mask'";

std::string Pooling(const std::string& param) {
  return "type: 'Pooling' pooling_param { " + param + " }";
}

// A stride above the kernel's size can bring the last window behind the input.
void ExpectThreeEmptyWindows(LayerHarness* harness) {
  SetData({2, 3, 4, 5}, &harness->bottom());
  harness->Forward();
  EXPECT_EQ((Values{2, 0, 0, 0}), Data(harness->top()));
  SetDiff({5, 6, 7, 8}, &harness->top());
  harness->Backward();
  EXPECT_EQ((Values{5, 0, 0, 0}), Diff(harness->bottom()));
}

TEST(WindowPooling, EmptyWindowsGiveZeroAndTakeNoGradient) {
  for (const Phase phase : {caffe::TRAIN, caffe::TEST}) {
    for (const std::string pool : {"MAX", "AVE", "STOCHASTIC"}) {
      SCOPED_TRACE(pool);
      LayerHarness harness(Pooling("kernel_size: 1 stride: 3 pool: " + pool), {{1, 1, 2, 2}},
                           Engine::kReference, phase);
      ExpectThreeEmptyWindows(&harness);
    }
  }
  LayerHarness masked(Pooling("kernel_size: 1 stride: 3") + kMasked, {{1, 1, 2, 2}});
  ExpectThreeEmptyWindows(&masked);
  EXPECT_EQ((Values{0, -1, -1, -1}), Data(masked.top(1)));
}

TEST(WindowPooling, AnEmptyInputGivesZero) {
  for (const std::string pool : {"MAX", "AVE", "STOCHASTIC"}) {
    LayerHarness harness(Pooling("global_pooling: true pool: " + pool), {{1, 2, 3, 0}});
    SetData({7, 7}, &harness.top());
    harness.Forward();
    EXPECT_EQ((Values{0, 0}), Data(harness.top()));
    harness.Backward();
  }
}

TEST(WindowPooling, NanIsTheLargestAndTakesTheGradient) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const std::string mask : {"", kMasked}) {
    SCOPED_TRACE(mask);
    LayerHarness harness(Pooling("kernel_size: 2 stride: 2") + mask, {{1, 1, 2, 4}});
    SetData({nan, nan, 9, 2, nan, nan, 3, nan}, &harness.bottom());
    harness.Forward();
    EXPECT_TRUE(std::isnan(harness.top().cpu_data()[0]) && std::isnan(harness.top().cpu_data()[1]));
    if (!mask.empty()) {
      EXPECT_EQ((Values{0, 7}), Data(harness.top(1)));
    }
    SetDiff({1, 2}, &harness.top());
    harness.Backward();
    EXPECT_EQ((Values{1, 0, 0, 0, 0, 0, 0, 2}), Diff(harness.bottom()));
  }
}

// Caffe begins at -FLT_MAX, which no value that is lower replaces.
TEST(WindowPooling, MinusInfinityCanBeTheLargest) {
  const float low = -std::numeric_limits<float>::infinity();
  LayerHarness harness(Pooling("kernel_size: 2") + kMasked, {{1, 1, 2, 2}});
  SetData({low, low, low, low}, &harness.bottom());
  harness.Forward();
  EXPECT_EQ(Values{low}, Data(harness.top(0)));
  EXPECT_EQ(Values{0}, Data(harness.top(1)));
}

TEST(WindowPooling, StochasticChoosesValuesAsOftenAsTheyAreLarge) {
  LayerHarness harness(Pooling("pool: STOCHASTIC kernel_size: 2 stride: 2"), {{1, 500, 2, 2}});
  Values values;
  for (int i = 0; i < 500; ++i) values.insert(values.end(), {0, 1, 0, 3});
  SetData(values, &harness.bottom());
  harness.Forward();
  const Values y = Data(harness.top());
  const auto ones = std::count(y.begin(), y.end(), 1.0f);
  EXPECT_EQ(500, ones + std::count(y.begin(), y.end(), 3.0f));
  EXPECT_NEAR(125, ones, 30);

  SetDiff(Values(500, 2), &harness.top());
  harness.Backward();
  const Values dx = Diff(harness.bottom());
  for (size_t i = 0; i < 500; ++i) {
    const Values expected = y[i] == 1 ? Values{0, 2, 0, 0} : Values{0, 0, 0, 2};
    EXPECT_EQ(expected, Values(dx.begin() + 4 * i, dx.begin() + 4 * i + 4));
  }
}

TEST(WindowPooling, StochasticChoosesWithinTheWindowWhateverTheValues) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  LayerHarness harness(Pooling("pool: STOCHASTIC kernel_h: 1 kernel_w: 2 stride_h: 1 stride_w: 2"),
                       {{1, 1, 3, 2}});
  SetData({-1, -2, 0, 0, nan, nan}, &harness.bottom());
  harness.Forward();
  const Values y = Data(harness.top());
  EXPECT_TRUE(y[0] == -1 || y[0] == -2) << y[0];
  EXPECT_EQ(0, y[1]);
  EXPECT_TRUE(std::isnan(y[2]));
  SetDiff({1, 2, 3}, &harness.top());
  harness.Backward();
  const Values dx = Diff(harness.bottom());
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(static_cast<float>(i + 1), dx[2 * i] + dx[2 * i + 1]);
}

TEST(WindowPooling, StochasticTakesTheWeightedMeanInTest) {
  const std::string prototxt = Pooling("pool: STOCHASTIC kernel_size: 2");
  LayerHarness harness(prototxt, {{1, 2, 2, 2}}, Engine::kReference, caffe::TEST);
  SetData({1, 0, 2, 1, 0, 0, 0, 0}, &harness.bottom());
  harness.Forward();
  EXPECT_EQ((Values{1.5f, 0}), Data(harness.top()));
  GradientOptions options;
  options.phase = caffe::TEST;
  options.prepare = [](LayerHarness* layer) {
    SetData({0.1f, 0.8f, 0.6f, 0.4f, 0.2f, 0.9f, 0.7f, 0.5f, 0.3f}, &layer->bottom());
  };
  CheckGradients(prototxt, {{1, 1, 3, 3}}, options);
}

}  // namespace
}  // namespace demitasse
