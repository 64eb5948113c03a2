#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;

std::string Loss(const std::string& param) {
  return "name: 'l' type: 'SigmoidCrossEntropyLoss' loss_param { " + param + " }";
}

// 2 samples of 3 scores, all 0: the loss of each is log(2).
LayerHarness EvenScores(const std::string& param, const std::vector<float>& targets) {
  LayerHarness harness(Loss(param), {{2, 3}, {2, 3}});
  SetData(std::vector<float>(6, 0), &harness.bottom(0));
  SetData(targets, &harness.bottom(1));
  return harness;
}

void SetTargets(LayerHarness* harness) {
  Blob& targets = harness->bottom(1);
  for (int64_t i = 0; i < targets.size(); ++i) {
    targets.mutable_cpu_data()[i] = static_cast<float>(i % 5) / 4;
  }
}

TEST(SigmoidCrossEntropyLossLayer, IsTheCrossEntropyPerSample) {
  LayerHarness harness(Loss(""), {{1, 3}, {1, 3}});
  SetData({std::log(3.0f), std::log(3.0f), -std::log(3.0f)}, &harness.bottom(0));  // s = 3/4, 1/4
  SetData({1, 0, 0.5f}, &harness.bottom(1));
  const float expected =
      -std::log(0.75f) - std::log(0.25f) - 0.5f * (std::log(0.25f) + std::log(0.75f));
  EXPECT_FLOAT_EQ(harness.Forward(), expected);
  EXPECT_TRUE(harness.top().shape().empty());
  SetDiff({2}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)),
              Pointwise(FloatNear(1e-6f), std::vector<float>{-0.5f, 1.5f, -0.5f}));
}

TEST(SigmoidCrossEntropyLossLayer, DividesAsNormalizationSays) {
  const float sum = 4 * std::log(2.0f);  // 2 of 6 targets are ignored
  const std::pair<const char*, float> cases[] = {
      {"", sum / 2},
      {"normalization: FULL", sum / 6},
      {"normalization: VALID", sum / 4},
      {"normalization: BATCH_SIZE", sum / 2},
      {"normalization: NONE", sum},
      {"normalize: true", sum / 4},
      {"normalize: false", sum / 2},
      {"normalize: false normalization: FULL", sum / 6},
      {"normalize: true normalization: NONE", sum},
  };
  for (const auto& [param, expected] : cases) {
    LayerHarness harness =
        EvenScores("ignore_label: -1 " + std::string(param), {0, 1, -1, -1, 1, 0});
    EXPECT_FLOAT_EQ(harness.Forward(), expected) << param;
    SetDiff({1}, &harness.top());
    harness.Backward();
    const float slope = expected / std::log(2.0f) / 8;  // 1 / (2 D)
    EXPECT_THAT(Diff(harness.bottom(0)),
                Pointwise(FloatNear(1e-6f), std::vector<float>{slope, -slope, 0, 0, -slope, slope}))
        << param;
  }
}

TEST(SigmoidCrossEntropyLossLayer, IgnoresTargetsByTheirWholePart) {
  LayerHarness harness = EvenScores("ignore_label: 0 normalization: VALID", {0, 0.9f, 1, 1, 1, 0});
  EXPECT_FLOAT_EQ(harness.Forward(), std::log(2.0f));
  SetDiff({1}, &harness.top());
  harness.Backward();
  EXPECT_THAT(
      Diff(harness.bottom(0)),
      Pointwise(FloatNear(1e-6f), std::vector<float>{0, 0, -1.0f / 6, -1.0f / 6, -1.0f / 6, 0}));
}

TEST(SigmoidCrossEntropyLossLayer, IsZeroWithoutAnyValidTarget) {
  LayerHarness harness = EvenScores("ignore_label: 9 normalize: true", std::vector<float>(6, 9));
  EXPECT_EQ(harness.Forward(), 0);
  SetDiff({1}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)), Each(0));
  EXPECT_EQ(LayerHarness(Loss(""), {{0, 3}, {0, 3}}).Forward(), 0);
}

TEST(SigmoidCrossEntropyLossLayer, StaysFiniteForLargeScores) {
  LayerHarness harness(Loss(""), {{1, 4}, {1, 4}});
  SetData({1e30f, -1e30f, 1000, -1000}, &harness.bottom(0));
  SetData({1, 0, 0, 1}, &harness.bottom(1));
  EXPECT_FLOAT_EQ(harness.Forward(), 2000);
  SetDiff({1}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)), ElementsAre(0, 0, 1, -1));
}

TEST(SigmoidCrossEntropyLossLayer, CountsWithItsWeightInTheNetsLoss) {
  LayerHarness harness(Loss("") + " top: 'loss' loss_weight: 2", {{1}, {1}});
  SetData({0}, &harness.bottom(0));
  SetData({1}, &harness.bottom(1));
  EXPECT_FLOAT_EQ(harness.Forward(), 2 * std::log(2.0f));
  EXPECT_THAT(Data(harness.top()), ElementsAre(testing::FloatEq(std::log(2.0f))));
}

TEST(SigmoidCrossEntropyLossLayer, HasGradients) {
  GradientOptions options;
  options.prepare = SetTargets;
  for (const char* const param : {"", "normalization: FULL", "ignore_label: 1 normalize: true"}) {
    CheckGradients(Loss(param), {{4, 3}, {4, 3}}, options);
    CheckGradients(Loss(param), {{2, 3, 2}, {2, 6}}, options);
  }
  LayerHarness harness(Loss(""), {{1}, {1}});
  EXPECT_FALSE(harness.layer().AllowForceBackward(1));
  EXPECT_FALSE(harness.layer().BottomIsIndex(1));
}

TEST(SigmoidCrossEntropyLossLayer, FollowsNewShapes) {
  GradientOptions options;
  options.prepare = SetTargets;
  CheckReshape(Loss("normalization: FULL"), {{4, 3}, {4, 3}}, {{2, 5, 2}, {2, 10}}, options);
}

TEST(SigmoidCrossEntropyLossLayer, RejectsShapesThatDoNotMatch) {
  const std::string text = "name: 'l' type: 'SigmoidCrossEntropyLoss' bottom: 'x'\nbottom: 't' ";
  const std::string error = ": error: layer 'l' (SigmoidCrossEntropyLoss): ";
  CheckErrors({
      {text,
       {{4, 3}, {3, 4}},
       "layer:2:9" + error +
           "needs as many samples (axis 0) in both bottoms, got 4 3 (12) and 3 4 (12)"},
      {text,
       {{4, 3}, {4}},
       "layer:2:9" + error + "needs bottoms of the same size, got 4 3 (12) and 4 (4)"},
      {text + "top: 'loss' top: 'p'",
       {{4, 3}, {4, 3}},
       "layer:2:30" + error + "takes exactly 1 top blob, got 2: loss, p"},
  });
}

}  // namespace
}  // namespace demitasse
