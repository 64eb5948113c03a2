#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

const char* const kLoss = "name: 'l' type: 'MultinomialLogisticLoss'";

LayerHarness OneSample(const std::vector<float>& p, float label) {
  LayerHarness harness(kLoss, {{1, static_cast<int>(p.size())}, {1}});
  SetData(p, &harness.bottom(0));
  SetData({label}, &harness.bottom(1));
  return harness;
}

void SetProbabilities(LayerHarness* harness) {
  Blob& p = harness->bottom(0);
  for (int64_t i = 0; i < p.size(); ++i) {
    p.mutable_cpu_data()[i] = 0.3f + 0.1f * static_cast<float>(i % 5);
  }
  for (int64_t i = 0; i < harness->bottom(1).size(); ++i) {
    harness->bottom(1).mutable_cpu_data()[i] = static_cast<float>(i * 2 % 3);
  }
}

TEST(MultinomialLogisticLossLayer, IsTheMeanNegativeLogOfGivenProbabilities) {
  LayerHarness harness(kLoss, {{2, 3}, {2}});
  SetData({0.2f, 0.3f, 0.5f, 0.25f, 0.75f, 0}, &harness.bottom(0));
  SetData({2, 0}, &harness.bottom(1));
  EXPECT_FLOAT_EQ(harness.Forward(), (std::log(2.0f) + std::log(4.0f)) / 2);
  EXPECT_TRUE(harness.top().shape().empty());
  SetDiff({3}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)), ElementsAre(0, 0, -3, -6, 0, 0));
}

TEST(MultinomialLogisticLossLayer, StaysFiniteForAProbabilityOfZeroButNotForNaN) {
  LayerHarness harness = OneSample({0, 1}, 0);
  EXPECT_FLOAT_EQ(harness.Forward(), -std::log(1e-20f));
  SetDiff({1}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)), ElementsAre(testing::FloatEq(-1e20f), 0));
  EXPECT_TRUE(std::isnan(OneSample({std::numeric_limits<float>::quiet_NaN(), 1}, 0).Forward()));
}

TEST(MultinomialLogisticLossLayer, TakesAllElementsOfASampleAsClasses) {
  LayerHarness harness(kLoss, {{1, 2, 2}, {1, 1, 1, 1}});
  SetData({0.1f, 0.2f, 0.3f, 0.5f}, &harness.bottom(0));
  SetData({3.9f}, &harness.bottom(1));
  EXPECT_FLOAT_EQ(harness.Forward(), std::log(2.0f));
}

TEST(MultinomialLogisticLossLayer, CountsWithItsWeightInTheNetsLoss) {
  LayerHarness harness(std::string(kLoss) + " top: 'loss' loss_weight: 10", {{1, 1}, {1}});
  SetData({0.5f}, &harness.bottom(0));
  SetData({0}, &harness.bottom(1));
  EXPECT_FLOAT_EQ(harness.Forward(), 10 * std::log(2.0f));
  EXPECT_THAT(Data(harness.top()), ElementsAre(testing::FloatEq(std::log(2.0f))));
}

TEST(MultinomialLogisticLossLayer, HasGradients) {
  GradientOptions options;
  options.prepare = SetProbabilities;
  CheckGradients(kLoss, {{4, 3}, {4}}, options);
  CheckGradients(kLoss, {{2, 3, 2}, {2}}, options);
  EXPECT_FALSE(OneSample({1}, 0).layer().AllowForceBackward(1));
}

TEST(MultinomialLogisticLossLayer, FollowsNewShapesAndEmptyBatches) {
  GradientOptions options;
  options.prepare = SetProbabilities;
  CheckReshape(kLoss, {{4, 3}, {4}}, {{2, 5, 2}, {2}}, options);
  EXPECT_EQ(LayerHarness(kLoss, {{0, 3}, {0}}).Forward(), 0);
}

TEST(MultinomialLogisticLossLayer, RejectsLabelsAndShapesThatDoNotFit) {
  const std::string text = "name: 'l' type: 'MultinomialLogisticLoss' bottom: 'p'\nbottom: 'label'";
  const std::string error = "layer:2:9: error: layer 'l' (MultinomialLogisticLoss): ";
  CheckErrors({
      {text,
       {{4, 3}, {3}},
       error + "needs as many samples (axis 0) in both bottoms, got 4 3 (12) and 3 (3)"},
      {text,
       {{4, 3, 2}, {4, 2}},
       error + "needs one label for each of the 4 samples of 4 3 2 (24) scores, got 8 labels"},
      {"name: 'l' type: 'MultinomialLogisticLoss'\nbottom: 'p'",
       {{4, 3}},
       error + "takes exactly 2 bottom blobs, got 1: p"},
  });
  LayerHarness harness(text, {{1, 3}, {1}});
  SetData({-1}, &harness.bottom(1));
  try {
    harness.Forward();
    FAIL() << "no error";
  } catch (const Error& caught) {
    EXPECT_EQ(caught.what(),
              error + "label -1 at index 0 is none of the 3 classes; allowed are 0 to 2");
  }
}

}  // namespace
}  // namespace demitasse
