#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;

std::string Loss(const std::string& param) {
  return "name: 'l' type: 'ContrastiveLoss' contrastive_loss_param { " + param + " }";
}

// Two features; the distance of the samples is 5 in the first pair, 0.5 in the second.
LayerHarness TwoPairs(const std::string& param, const std::vector<float>& labels) {
  LayerHarness harness(Loss(param), {{2, 2}, {2, 2}, {2}});
  SetData({3, 4, 0.3f, 0.4f}, &harness.bottom(0));
  SetData({0, 0, 0, 0}, &harness.bottom(1));
  SetData(labels, &harness.bottom(2));
  return harness;
}

TEST(ContrastiveLossLayer, DrawsSimilarPairsTogether) {
  LayerHarness harness = TwoPairs("", {1, 1});
  EXPECT_FLOAT_EQ(harness.Forward(), (25 + 0.25f) / 4);
  EXPECT_TRUE(harness.top().shape().empty());
  SetDiff({2}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)),
              Pointwise(FloatNear(1e-6f), std::vector<float>{3, 4, 0.3f, 0.4f}));
  EXPECT_THAT(Diff(harness.bottom(1)),
              Pointwise(FloatNear(1e-6f), std::vector<float>{-3, -4, -0.3f, -0.4f}));
}

TEST(ContrastiveLossLayer, DrawsOtherPairsApartUpToTheMargin) {
  LayerHarness harness = TwoPairs("margin: 2", {0, 0});
  EXPECT_FLOAT_EQ(harness.Forward(), 1.5f * 1.5f / 4);
  SetDiff({1}, &harness.top());
  harness.Backward();
  const float factor = -1.5f / 0.5001f / 2;
  EXPECT_THAT(Diff(harness.bottom(0)),
              Pointwise(FloatNear(1e-6f), std::vector<float>{0, 0, 0.3f * factor, 0.4f * factor}));
}

TEST(ContrastiveLossLayer, MeasuresSquaresInTheLegacyVersion) {
  LayerHarness harness = TwoPairs("margin: 2 legacy_version: true", {0, 0});
  EXPECT_FLOAT_EQ(harness.Forward(), 1.75f / 4);
  SetDiff({1}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)),
              Pointwise(FloatNear(1e-6f), std::vector<float>{0, 0, -0.15f, -0.2f}));
}

TEST(ContrastiveLossLayer, GivesEqualSamplesNoDirection) {
  LayerHarness harness(Loss(""), {{1, 2}, {1, 2}, {1}});
  SetData({7, 7}, &harness.bottom(0));
  SetData({7, 7}, &harness.bottom(1));
  SetData({0}, &harness.bottom(2));
  EXPECT_FLOAT_EQ(harness.Forward(), 0.5f);
  SetDiff({1}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)), Each(0));
}

TEST(ContrastiveLossLayer, TakesTheWholePartOfLabels) {
  EXPECT_FLOAT_EQ(TwoPairs("", {0.9f, -0.5f}).Forward(), 0.25f / 4);
  EXPECT_FLOAT_EQ(TwoPairs("", {-3, 1.5f}).Forward(), (25 + 0.25f) / 4);
}

TEST(ContrastiveLossLayer, LetsNaNThrough) {
  for (const float label : {0.0f, 1.0f}) {
    LayerHarness harness(Loss(""), {{1, 1}, {1, 1}, {1}});
    SetData({std::numeric_limits<float>::quiet_NaN()}, &harness.bottom(0));
    SetData({label}, &harness.bottom(2));
    EXPECT_TRUE(std::isnan(harness.Forward())) << label;
  }
}

TEST(ContrastiveLossLayer, HasGradientsForBothSamples) {
  GradientOptions options;
  options.prepare = [](LayerHarness* harness) { SetData({0, 1, 0, 1}, &harness->bottom(2)); };
  for (const char* const param :
       {"", "margin: 5", "margin: 0", "legacy_version: true", "margin: 9 legacy_version: true"}) {
    CheckGradients(Loss(param), {{4, 3}, {4, 3}, {4}}, options);
  }
  CheckGradients(Loss("margin: 5"), {{4, 3, 2}, {4, 6}, {4, 1}}, options);
  EXPECT_FALSE(TwoPairs("", {0, 0}).layer().AllowForceBackward(2));
}

TEST(ContrastiveLossLayer, FollowsNewShapesAndEmptyBatches) {
  CheckReshape(Loss("margin: 3"), {{4, 3}, {4, 3}, {4}}, {{2, 5}, {2, 5}, {2}});
  EXPECT_EQ(LayerHarness(Loss(""), {{0, 3}, {0, 3}, {0}}).Forward(), 0);
}

TEST(ContrastiveLossLayer, CountsWithItsWeightInTheNetsLoss) {
  LayerHarness harness(Loss("") + " top: 'loss' loss_weight: 0.5", {{1, 1}, {1, 1}, {1}});
  SetData({2}, &harness.bottom(0));
  SetData({0}, &harness.bottom(1));
  SetData({1}, &harness.bottom(2));
  EXPECT_FLOAT_EQ(harness.Forward(), 1);
  EXPECT_THAT(Data(harness.top()), ElementsAre(2));
}

TEST(ContrastiveLossLayer, RejectsBadParametersAndShapes) {
  const std::string text =
      "name: 'l' type: 'ContrastiveLoss' bottom: 'a' bottom: 'b' bottom: 's'\n";
  const std::string error = ": error: layer 'l' (ContrastiveLoss): ";
  CheckErrors({
      {text + "contrastive_loss_param { margin: -1 }",
       {{2, 3}, {2, 3}, {2}},
       "layer:2:34" + error + "margin must not be negative, got -1"},
      {text,
       {{2, 3}, {3, 2}, {2}},
       "layer:1:55" + error +
           "needs as many samples (axis 0) in both bottoms, got 2 3 (6) and 3 2 (6)"},
      {text,
       {{2, 3}, {2, 4}, {2}},
       "layer:1:55" + error + "needs bottoms of the same size, got 2 3 (6) and 2 4 (8)"},
      {text,
       {{2, 3}, {2, 3}, {2, 3}},
       "layer:1:67" + error + "needs one label for each of the 2 pairs, got 2 3 (6)"},
      {"name: 'l' type: 'ContrastiveLoss' bottom: 'a' bottom: 'b'",
       {{2, 3}, {2, 3}},
       "layer:1:55" + error + "takes exactly 3 bottom blobs, got 2: a, b"},
  });
}

}  // namespace
}  // namespace demitasse
