#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cfloat>
#include <cmath>
#include <limits>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::FloatEq;
using testing::FloatNear;
using testing::Pointwise;

std::string Loss(const std::string& fields) {
  return "name: 'l' type: 'SoftmaxWithLoss' " + fields;
}

// Scores of 2 samples, 2 classes and 3 places, all 0: the loss of each place is log(2).
LayerHarness EvenScores(const std::string& fields, const std::vector<float>& labels) {
  LayerHarness harness(Loss(fields), {{2, 2, 3}, {2, 3}});
  SetData(std::vector<float>(12, 0), &harness.bottom(0));
  SetData(labels, &harness.bottom(1));
  return harness;
}

void SetLabels(LayerHarness* harness) {
  float* const labels = harness->bottom(1).mutable_cpu_data();
  for (int64_t i = 0; i < harness->bottom(1).size(); ++i) labels[i] = static_cast<float>(i * 2 % 3);
}

TEST(SoftmaxWithLossLayer, IsTheMeanNegativeLogProbability) {
  LayerHarness harness(Loss("bottom: 'x' bottom: 'label' top: 'loss' top: 'p'"), {{2, 3}, {2}});
  SetData({1, 2, 3, 0, 0, 0}, &harness.bottom(0));
  SetData({2, 0}, &harness.bottom(1));
  EXPECT_FLOAT_EQ(harness.Forward(), (0.40760596f + 1.0986123f) / 2);
  EXPECT_TRUE(harness.top(0).shape().empty());
  EXPECT_EQ(harness.top(1).shape(), (std::vector<int>{2, 3}));
  EXPECT_THAT(Data(harness.top(1)),
              Pointwise(FloatNear(1e-6f),
                        {0.09003057f, 0.24472847f, 0.66524096f, 1.0f / 3, 1.0f / 3, 1.0f / 3}));

  SetDiff({2}, &harness.top(0));
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)),
              Pointwise(FloatNear(1e-6f), {0.09003057f, 0.24472847f, 0.66524096f - 1, 1.0f / 3 - 1,
                                           1.0f / 3, 1.0f / 3}));
}

TEST(SoftmaxWithLossLayer, DividesAsNormalizationSays) {
  const float sum = 4 * std::log(2.0f);  // 2 of 6 places are ignored
  const std::pair<const char*, float> cases[] = {
      {"", sum / 4},
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
    LayerHarness harness = EvenScores("loss_param { ignore_label: 255 " + std::string(param) + " }",
                                      {0, 1, 255, 255, 0, 1});
    EXPECT_FLOAT_EQ(harness.Forward(), expected) << param;
  }
}

TEST(SoftmaxWithLossLayer, GivesIgnoredPlacesNoGradient) {
  LayerHarness harness = EvenScores("loss_param { ignore_label: -1 }", {0, 1, -1, -1, -1, -1});
  harness.Forward();
  SetDiff({1}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)),
              ElementsAre(-0.25f, 0.25f, 0, 0.25f, -0.25f, 0, 0, 0, 0, 0, 0, 0));
}

TEST(SoftmaxWithLossLayer, IsZeroWithoutAnyValidLabel) {
  LayerHarness harness = EvenScores("loss_param { ignore_label: 9 }", std::vector<float>(6, 9));
  EXPECT_EQ(harness.Forward(), 0);
  SetDiff({1}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)), Each(0));
  EXPECT_EQ(LayerHarness(Loss(""), {{0, 3}, {0}}).Forward(), 0);
}

TEST(SoftmaxWithLossLayer, StaysFiniteForAProbabilityOfZeroButNotForNaN) {
  LayerHarness harness(Loss(""), {{1, 2}, {1}});
  SetData({1000, -1000}, &harness.bottom(0));
  SetData({1}, &harness.bottom(1));
  EXPECT_FLOAT_EQ(harness.Forward(), -std::log(FLT_MIN));
  SetData({std::numeric_limits<float>::quiet_NaN(), 0}, &harness.bottom(0));
  EXPECT_TRUE(std::isnan(harness.Forward()));
}

TEST(SoftmaxWithLossLayer, HasGradients) {
  GradientOptions options;
  options.prepare = SetLabels;
  for (const char* const param :
       {"", "normalization: NONE", "ignore_label: 1", "ignore_label: 0 normalization: FULL"}) {
    CheckGradients(Loss("loss_param { " + std::string(param) + " }"), {{4, 3}, {4}}, options);
    CheckGradients(Loss("loss_param { " + std::string(param) + " }"), {{2, 3, 2, 2}, {2, 1, 2, 2}},
                   options);
  }
  CheckGradients(Loss("softmax_param { axis: -1 }"), {{2, 4, 3}, {2, 4}}, options);
}

TEST(SoftmaxWithLossLayer, FollowsNewShapes) {
  GradientOptions options;
  options.prepare = SetLabels;
  CheckReshape(Loss("top: 'loss' top: 'p'"), {{4, 3}, {4}}, {{2, 5, 3}, {2, 3}}, options);
}

TEST(SoftmaxWithLossLayer, CutsOffFractionsOfLabels) {
  LayerHarness harness(Loss(""), {{1, 2}, {1}});
  SetData({std::log(4.0f), 0}, &harness.bottom(0));
  SetData({0.9f}, &harness.bottom(1));
  EXPECT_FLOAT_EQ(harness.Forward(), -std::log(0.8f));
}

TEST(SoftmaxWithLossLayer, RejectsLabelsThatAreNoClasses) {
  const std::pair<float, const char*> cases[] = {
      {3, "label 3 at index 2 is none of the 3 classes; allowed are 0 to 2"},
      {-1, "label -1 at index 2 is none of the 3 classes; allowed are 0 to 2"},
      {1e20f, "label 1e+20 at index 2 is none of the 3 classes; allowed are 0 to 2"},
      {std::numeric_limits<float>::quiet_NaN(),
       "label nan at index 2 is none of the 3 classes; allowed are 0 to 2"},
  };
  for (const auto& [label, message] : cases) {
    LayerHarness harness(Loss("bottom: 'x' bottom: 'label'"), {{4, 3}, {4}});
    SetData({0, 1, label, 2}, &harness.bottom(1));
    try {
      harness.Forward();
      ADD_FAILURE() << "no error for " << label;
    } catch (const Error& error) {
      EXPECT_EQ(error.what(),
                "layer:1:55: error: layer 'l' (SoftmaxWithLoss): " + std::string(message));
      EXPECT_EQ(error.kind(), ErrorKind::kInput);
    }
  }
}

TEST(SoftmaxWithLossLayer, RejectsShapesThatDoNotMatch) {
  const std::string text = "name: 'l' type: 'SoftmaxWithLoss' bottom: 'x'\nbottom: 'label' ";
  const std::string error = "layer:2:9: error: layer 'l' (SoftmaxWithLoss): ";
  CheckErrors({
      {text,
       {{4, 3}, {5}},
       error + "needs as many samples (axis 0) in both bottoms, got 4 3 (12) and 5 (5)"},
      {text,
       {{4, 3, 2}, {4}},
       error + "needs one label for each of the 8 places of 4 3 2 (24) scores with the classes on "
               "axis 1, got 4 labels"},
      {text + "softmax_param { axis: 2 }",
       {{4, 3}, {4}},
       "layer:2:39: error: layer 'l' (SoftmaxWithLoss): axis 2 is outside the bottom's 2 axes "
       "(4 3 (12))"},
  });
}

}  // namespace
}  // namespace demitasse
