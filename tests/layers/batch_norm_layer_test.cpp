#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::FloatNear;
using testing::Pointwise;
using Values = std::vector<float>;

const char kPlain[] = "name: 'l' type: 'BatchNorm'";
const char kGlobal[] = "name: 'l' type: 'BatchNorm' batch_norm_param { use_global_stats: true }";

// Two channels: 1, 2, 3, 6 (mean 3, variance 3.5) and 0, 0, 0, 4 (mean 1, variance 3).
const Values kInput = {1, 2, 0, 0, 3, 6, 0, 4};
const std::vector<int> kInputShape = {2, 2, 2};

void SetStatistics(const Values& mean, const Values& variance, float factor, Layer* layer) {
  SetData(mean, layer->blobs()[0].get());
  SetData(variance, layer->blobs()[1].get());
  SetData({factor}, layer->blobs()[2].get());
}

void ExpectNear(const Values& expected, const Values& values) {
  EXPECT_THAT(values, Pointwise(FloatNear(1e-5f), expected));
}

TEST(BatchNormLayer, NormalizesEachChannelByTheBatchInTraining) {
  LayerHarness harness(kPlain, {kInputShape});
  SetData(kInput, &harness.bottom());
  harness.Forward();
  const float a = 1 / std::sqrt(3.5f + 1e-5f);
  const float b = 1 / std::sqrt(3 + 1e-5f);
  ExpectNear({-2 * a, -a, -b, -b, 0, 3 * a, -b, 3 * b}, Data(harness.top()));
}

TEST(BatchNormLayer, KeepsRunningSumsOfMeanAndUnbiasedVariance) {
  LayerHarness harness("type: 'BatchNorm' batch_norm_param { moving_average_fraction: 0.5 }",
                       {kInputShape});
  SetStatistics({10, 20}, {30, 40}, 2, &harness.layer());
  SetData(kInput, &harness.bottom());
  harness.Forward();
  ExpectNear({5 + 3, 10 + 1}, Data(*harness.layer().blobs()[0]));
  ExpectNear({15 + 3.5f * 4 / 3, 20 + 4}, Data(*harness.layer().blobs()[1]));
  ExpectNear({2}, Data(*harness.layer().blobs()[2]));
}

TEST(BatchNormLayer, PassesEverythingOnBeforeStatisticsWereKept) {
  LayerHarness harness(kGlobal, {kInputShape});
  SetData(kInput, &harness.bottom());
  harness.Forward();
  EXPECT_EQ(kInput, Data(harness.top()));
}

TEST(BatchNormLayer, ASingleValuePerChannelHasTheVarianceZero) {
  LayerHarness harness(kPlain, {{1, 2}});
  SetData({4, 5}, &harness.bottom());
  harness.Forward();
  EXPECT_EQ((Values{0, 0}), Data(harness.top()));
  EXPECT_EQ((Values{4, 5}), Data(*harness.layer().blobs()[0]));
  EXPECT_EQ((Values{0, 0}), Data(*harness.layer().blobs()[1]));
}

TEST(BatchNormLayer, NormalizesByTheKeptStatisticsInTest) {
  LayerHarness harness(kPlain, {kInputShape}, Engine::kReference, caffe::TEST);
  SetStatistics({2, 4}, {18, 32}, 2, &harness.layer());
  SetData(kInput, &harness.bottom());
  harness.Forward();
  ExpectNear({0, 1.0f / 3, -0.5f, -0.5f, 2.0f / 3, 5.0f / 3, -0.5f, 0.5f}, Data(harness.top()));
  EXPECT_EQ((Values{2, 4}), Data(*harness.layer().blobs()[0]));
  EXPECT_EQ(Values{2}, Data(*harness.layer().blobs()[2]));
}

TEST(BatchNormLayer, UseGlobalStatsDecidesInEitherPhase) {
  LayerHarness global(kGlobal, {{1, 1}});
  SetStatistics({0}, {1}, 1, &global.layer());
  SetData({4}, &global.bottom());
  global.Forward();
  ExpectNear({4 / std::sqrt(1 + 1e-5f)}, Data(global.top()));
  EXPECT_EQ(Values{1}, Data(*global.layer().blobs()[2]));

  LayerHarness batch("type: 'BatchNorm' batch_norm_param { use_global_stats: false }", {{1, 1}},
                     Engine::kReference, caffe::TEST);
  SetData({4}, &batch.bottom());
  batch.Forward();
  EXPECT_EQ(Values{0}, Data(batch.top()));
  EXPECT_EQ(Values{1}, Data(*batch.layer().blobs()[2]));
}

TEST(BatchNormLayer, ABottomOfOneAxisIsOneChannel) {
  LayerHarness harness(kPlain, {{4}});
  SetData({1, 2, 3, 6}, &harness.bottom());
  harness.Forward();
  EXPECT_EQ(std::vector<int>{1}, harness.layer().blobs()[0]->shape());
  EXPECT_EQ(Values{3}, Data(*harness.layer().blobs()[0]));
  EXPECT_FLOAT_EQ(3 / std::sqrt(3.5f + 1e-5f), harness.top().cpu_data()[3]);
}

TEST(BatchNormLayer, KeepsTheSolverFromItsStatistics) {
  LayerHarness harness("type: 'BatchNorm' param { lr_mult: 0 decay_mult: 0 }", {{1, 2}});
  const LayerParameter& param = harness.layer().layer_param();
  ASSERT_EQ(3, param.param_size());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(0, param.param(i).lr_mult());
    EXPECT_FALSE(harness.layer().ParameterHasGradient(i));
  }
}

TEST(BatchNormLayer, HasTheRightGradients) {
  CheckGradients(kPlain, {{3, 2, 2, 2}});
  CheckGradients(kPlain, {{4, 3}});
  CheckGradients(kPlain, {{5}});
  GradientOptions global;
  global.prepare = [](LayerHarness* harness) {
    SetStatistics({1, -1}, {2, 8}, 2, &harness->layer());
  };
  CheckGradients(kGlobal, {{3, 2, 2}}, global);
}

TEST(BatchNormLayer, TheGradientSurvivesALayerThatWorksInPlaceBehind) {
  LayerHarness apart(kPlain, {{3, 2}});
  LayerHarness changed(kPlain, {{3, 2}});
  for (LayerHarness* harness : {&apart, &changed}) {
    harness->Forward();
    if (harness == &changed) SetData(Values(6, 0), &harness->top());
    SetDiff({1, 2, 3, 4, 5, 7}, &harness->top());
    harness->Backward();
  }
  EXPECT_EQ(Diff(apart.bottom()), Diff(changed.bottom()));
}

TEST(BatchNormLayer, WorksInPlace) {
  CheckInPlace(kPlain, {3, 2, 2});
  CheckInPlace(kGlobal, {3, 2, 2});
}

TEST(BatchNormLayer, FollowsTheBottomsShape) { CheckReshape(kPlain, {{3, 2, 2}}, {{5, 2, 4, 2}}); }

TEST(BatchNormLayer, AnEmptyBatchLeavesTheStatistics) {
  LayerHarness harness(kPlain, {{0, 2, 3}});
  SetStatistics({1, 2}, {3, 4}, 5, &harness.layer());
  harness.Forward();
  harness.Backward();
  EXPECT_EQ((Values{1, 2}), Data(*harness.layer().blobs()[0]));
  EXPECT_EQ(Values{5}, Data(*harness.layer().blobs()[2]));
}

TEST(BatchNormLayer, ReportsWhatIsWrong) {
  CheckErrors({
      {"name: 'l' type: 'BatchNorm' batch_norm_param { eps: -1 }",
       {{1, 2}},
       "layer:1:53: error: layer 'l' (BatchNorm): eps must not be negative, got -1"},
      {"name: 'l' type: 'BatchNorm' batch_norm_param { moving_average_fraction: 1.5 }",
       {{1, 2}},
       "layer:1:73: error: layer 'l' (BatchNorm): moving_average_fraction must be from 0 to 1, got "
       "1.5"},
      {"name: 'l' type: 'BatchNorm' batch_norm_param { moving_average_fraction: -0.5 }",
       {{1, 2}},
       "layer:1:73: error: layer 'l' (BatchNorm): moving_average_fraction must be from 0 to 1, got "
       "-0.5"},
      {"name: 'l' type: 'BatchNorm' param { lr_mult: 0 } param { lr_mult: 0.5 }",
       {{1, 2}},
       "layer:1:67: error: layer 'l' (BatchNorm): the statistics of BatchNorm are not learned: "
       "lr_mult of param[1] must be 0, got 0.5; write lr_mult: 0 or leave param out"},
      {"name: 'l' type: 'BatchNorm' param { decay_mult: 0 }",
       {{1, 2}},
       "layer:1:29: error: layer 'l' (BatchNorm): the statistics of BatchNorm are not learned: "
       "lr_mult of param[0] must be 0, got 1; write lr_mult: 0 or leave param out"},
      {"name: 'l' type: 'BatchNorm'",
       {{}},
       "layer: error: layer 'l' (BatchNorm): needs a bottom of at least one axis"},
  });
}

TEST(BatchNormLayer, ReportsAnotherNumberOfChannels) {
  LayerHarness harness("name: 'l' type: 'BatchNorm' bottom: 'x' top: 'y'", {{1, 2}});
  harness.bottom().Reshape({1, 3});
  try {
    harness.Forward();
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(
        "layer:1:37: error: layer 'l' (BatchNorm): was set up for 2 channels, got a bottom of 1 3 "
        "(3)",
        error.what());
  }
}

}  // namespace
}  // namespace demitasse
