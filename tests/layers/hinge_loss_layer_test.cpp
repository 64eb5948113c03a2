#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

const char* const kL1 = "name: 'l' type: 'HingeLoss'";
const char* const kL2 = "name: 'l' type: 'HingeLoss' hinge_loss_param { norm: L2 }";

// The hinges are 0.5, 3, 0 and 0, 1, 0.
LayerHarness TwoSamples(const char* text) {
  LayerHarness harness(text, {{2, 3}, {2}});
  SetData({0.5f, 2, -2, -1, 0, 7}, &harness.bottom(0));
  SetData({0, 2}, &harness.bottom(1));
  return harness;
}

void SetLabels(LayerHarness* harness) {
  float* const labels = harness->bottom(1).mutable_cpu_data();
  for (int64_t i = 0; i < harness->bottom(1).size(); ++i) labels[i] = static_cast<float>(i * 2 % 3);
}

TEST(HingeLossLayer, IsTheSumOfHingesPerSample) {
  LayerHarness harness = TwoSamples(kL1);
  EXPECT_FLOAT_EQ(harness.Forward(), 4.5f / 2);
  EXPECT_TRUE(harness.top().shape().empty());
  SetDiff({2}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)), ElementsAre(-1, 1, 0, 0, 1, 0));
}

TEST(HingeLossLayer, SquaresHingesForL2) {
  LayerHarness harness = TwoSamples(kL2);
  EXPECT_FLOAT_EQ(harness.Forward(), 10.25f / 2);
  SetDiff({2}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)), ElementsAre(-1, 6, 0, 0, 2, 0));
}

TEST(HingeLossLayer, TakesAllElementsOfASampleAsClasses) {
  LayerHarness harness(kL1, {{1, 2, 2}, {1, 1}});
  SetData({-1, -1, -1, 1}, &harness.bottom(0));
  SetData({3}, &harness.bottom(1));
  EXPECT_EQ(harness.Forward(), 0);
  SetData({2}, &harness.bottom(1));
  EXPECT_EQ(harness.Forward(), 4);
}

TEST(HingeLossLayer, CountsWithItsWeightInTheNetsLoss) {
  LayerHarness harness(std::string(kL1) + " top: 'loss' loss_weight: 3", {{1, 1}, {1}});
  SetData({-1}, &harness.bottom(0));
  SetData({0}, &harness.bottom(1));
  EXPECT_EQ(harness.Forward(), 6);
  EXPECT_THAT(Data(harness.top()), ElementsAre(2));
}

TEST(HingeLossLayer, HasGradients) {
  GradientOptions options;
  options.prepare = [](LayerHarness* harness) {
    SetLabels(harness);
    for (int64_t i = 0; i < harness->bottom().size(); ++i) {
      float& x = harness->bottom().mutable_cpu_data()[i];
      if (std::abs(std::abs(x) - 1) < 0.02f) x += 0.1f;  // corners at 1 and -1
    }
  };
  for (const char* const text : {kL1, kL2}) {
    CheckGradients(text, {{4, 3}, {4}}, options);
    CheckGradients(text, {{2, 3, 2}, {2}}, options);
  }
  EXPECT_FALSE(TwoSamples(kL1).layer().AllowForceBackward(1));
}

TEST(HingeLossLayer, FollowsNewShapesAndEmptyBatches) {
  GradientOptions options;
  options.prepare = SetLabels;
  CheckReshape(kL2, {{4, 3}, {4}}, {{2, 5, 2}, {2}}, options);
  EXPECT_EQ(LayerHarness(kL1, {{0, 3}, {0}}).Forward(), 0);
}

TEST(HingeLossLayer, LetsNaNThrough) {
  LayerHarness harness = TwoSamples(kL1);
  harness.bottom().mutable_cpu_data()[1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(harness.Forward()));
}

TEST(HingeLossLayer, RejectsLabelsAndShapesThatDoNotFit) {
  const std::string text = "name: 'l' type: 'HingeLoss' bottom: 'x'\nbottom: 'label'";
  const std::string error = "layer:2:9: error: layer 'l' (HingeLoss): ";
  CheckErrors({
      {text,
       {{4, 3}, {3}},
       error + "needs as many samples (axis 0) in both bottoms, got 4 3 (12) and 3 (3)"},
      {text,
       {{4, 3}, {4, 2}},
       error + "needs one label for each of the 4 samples of 4 3 (12) scores, got 8 labels"},
      {text,
       {{1, 0}, {1}},
       error + "label -0.401392 at index 0 is none of the 0 classes; there are no classes"},
      {"name: 'l' type: 'HingeLoss'\nbottom: 'x'",
       {{4, 3}},
       error + "takes exactly 2 bottom blobs, got 1: x"},
  });
  LayerHarness harness(text, {{2, 3}, {2}});
  SetData({0, 3}, &harness.bottom(1));
  try {
    harness.Forward();
    FAIL() << "no error";
  } catch (const Error& caught) {
    EXPECT_EQ(caught.what(),
              error + "label 3 at index 1 is none of the 3 classes; allowed are 0 to 2");
  }
}

}  // namespace
}  // namespace demitasse
