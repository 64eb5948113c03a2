#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

std::string Accuracy(const std::string& param) {
  return "name: 'l' type: 'Accuracy' bottom: 'x' bottom: 'label' accuracy_param { " + param + " }";
}

float Share(const std::string& param, const Shapes& shapes, const std::vector<float>& scores,
            const std::vector<float>& labels) {
  LayerHarness harness(Accuracy(param), shapes);
  SetData(scores, &harness.bottom(0));
  SetData(labels, &harness.bottom(1));
  harness.Forward();
  EXPECT_TRUE(harness.top().shape().empty());
  return harness.top().cpu_data()[0];
}

TEST(AccuracyLayer, IsTheShareOfLabelsWithTheHighestScore) {
  const std::vector<float> scores = {1, 2, 3, 9, 8, 7, 4, 6, 5, 1, 0, -1};
  EXPECT_EQ(Share("", {{4, 3}, {4}}, scores, {2, 0, 0, 2}), 0.5f);
  EXPECT_EQ(Share("top_k: 2", {{4, 3}, {4}}, scores, {1, 1, 0, 2}), 0.5f);
  EXPECT_EQ(Share("top_k: 3", {{4, 3}, {4}}, scores, {0, 2, 0, 2}), 1);
}

TEST(AccuracyLayer, CountsATieAgainstTheLabel) {
  const std::vector<float> scores = {5, 5, 1};
  EXPECT_EQ(Share("", {{1, 3}, {1}}, scores, {0}), 0);
  EXPECT_EQ(Share("", {{1, 3}, {1}}, scores, {1}), 0);
  EXPECT_EQ(Share("top_k: 2", {{1, 3}, {1}}, scores, {1}), 1);
}

TEST(AccuracyLayer, CountsNaNAsWrong) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(Share("", {{2, 2}, {2}}, {nan, nan, nan, 1}, {0, 1}), 0);
}

TEST(AccuracyLayer, WorksOnEveryPlaceAlongAnyAxis) {
  const std::vector<float> scores = {1, 0, 0, 1, 0, 0, 1, 1};
  EXPECT_EQ(Share("axis: 1", {{2, 2, 2}, {2, 2}}, scores, {0, 1, 1, 0}), 0.75f);
  EXPECT_EQ(Share("axis: -1", {{2, 2, 2}, {2, 2}}, scores, {0, 1, 1, 0}), 0.5f);
  EXPECT_EQ(Share("axis: 0", {{2, 4}, {4}}, scores, {0, 1, 1, 1}), 0.5f);
}

TEST(AccuracyLayer, LeavesOutIgnoredLabels) {
  const std::vector<float> scores = {1, 0, 1, 0, 1, 0};
  EXPECT_EQ(Share("ignore_label: 255", {{3, 2}, {3}}, scores, {0, 255, 1}), 0.5f);
  EXPECT_EQ(Share("ignore_label: 1", {{3, 2}, {3}}, scores, {0, 1, 1}), 1);
  EXPECT_EQ(Share("ignore_label: 1", {{3, 2}, {3}}, scores, {1, 1, 1}), 0);
  EXPECT_EQ(Share("", {{0, 2}, {0}}, {}, {}), 0);
}

TEST(AccuracyLayer, GivesTheAccuracyOfEachClassInASecondTop) {
  LayerHarness harness(Accuracy("") + " top: 'all' top: 'classes'", {{4, 3}, {4}});
  SetData({1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0}, &harness.bottom(0));
  SetData({0, 1, 1, 0}, &harness.bottom(1));
  harness.Forward();
  EXPECT_THAT(Data(harness.top(0)), ElementsAre(0.75f));
  EXPECT_THAT(Data(harness.top(1)), ElementsAre(1, 0.5f, 0));
}

TEST(AccuracyLayer, TakesNoMemoryForClassesThatNobodyAsksAbout) {
  LayerHarness harness("type: 'Accuracy'", {{0, std::numeric_limits<int>::max()}, {0}});
  harness.Forward();
  EXPECT_EQ(Data(harness.top()), std::vector<float>{0});
}

TEST(AccuracyLayer, HasNoGradientAndIsNoLoss) {
  LayerHarness harness(Accuracy(""), {{2, 2}, {2}});
  EXPECT_FALSE(harness.layer().AllowForceBackward(0));
  EXPECT_FALSE(harness.layer().AllowForceBackward(1));
  EXPECT_EQ(harness.layer().loss(0), 0);
}

TEST(AccuracyLayer, FollowsNewShapes) {
  GradientOptions options;
  options.prepare = [](LayerHarness* harness) {
    Blob& labels = harness->bottom(1);
    SetData(std::vector<float>(static_cast<size_t>(labels.size()), 1), &labels);
  };
  CheckReshape(Accuracy(""), {{5, 3}, {5}}, {{2, 4, 3}, {2, 3}}, options);
}

TEST(AccuracyLayer, RejectsBadParametersAndShapes) {
  const std::string head = "name: 'l' type: 'Accuracy' bottom: 'x' bottom: 'label'\n";
  const std::string error = "layer:2:25: error: layer 'l' (Accuracy): ";
  CheckErrors({
      {head + "accuracy_param { top_k: 0 }",
       {{2, 3}, {2}},
       error + "top_k must be 1 or more, got 0"},
      {head + "accuracy_param { top_k: 4 }",
       {{2, 3}, {2}},
       error + "top_k must not be above the number of classes (3), got 4"},
      {head + "accuracy_param { axis:  2 }",
       {{2, 3}, {2}},
       error + "axis 2 is outside the bottom's 2 axes (2 3 (6))"},
      {head,
       {{2, 3, 5}, {2}},
       "layer:1:48: error: layer 'l' (Accuracy): needs one label for each of the 10 places of 2 3 "
       "5 (30) scores with the classes on axis 1, got 2 labels"},
  });
}

TEST(AccuracyLayer, RejectsLabelsThatAreNoClasses) {
  LayerHarness harness(Accuracy(""), {{1, 3}, {1}});
  SetData({3}, &harness.bottom(1));
  try {
    harness.Forward();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "layer:1:48: error: layer 'l' (Accuracy): label 3 at index 0 is none of the 3 "
                 "classes; allowed are 0 to 2");
  }
}

}  // namespace
}  // namespace demitasse
