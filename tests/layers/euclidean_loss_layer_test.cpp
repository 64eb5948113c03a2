#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

const char* const kLoss = "name: 'l' type: 'EuclideanLoss'";

TEST(EuclideanLossLayer, IsHalfTheMeanSquaredDistance) {
  LayerHarness harness(kLoss, {{2, 2}, {2, 2}});
  SetData({1, 2, 3, 4}, &harness.bottom(0));
  SetData({0, 2, 5, 1}, &harness.bottom(1));
  EXPECT_FLOAT_EQ(harness.Forward(), 3.5f);  // (1 + 0 + 4 + 9) / (2 * 2)
  EXPECT_TRUE(harness.top().shape().empty());
  EXPECT_THAT(Data(harness.top()), ElementsAre(3.5f));

  SetDiff({2}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)), ElementsAre(1, 0, -2, 3));
  EXPECT_THAT(Diff(harness.bottom(1)), ElementsAre(-1, 0, 2, -3));
}

TEST(EuclideanLossLayer, CountsWithItsWeightInTheNetsLoss) {
  EXPECT_EQ(LayerHarness(kLoss, {{2}, {2}}).layer().loss(0), 1);
  LayerHarness harness(std::string(kLoss) + " top: 'loss' loss_weight: 0.5", {{1, 2}, {1, 2}});
  SetData({1, 1}, &harness.bottom(0));
  SetData({0, 0}, &harness.bottom(1));
  EXPECT_FLOAT_EQ(harness.Forward(), 0.5f);
  EXPECT_THAT(Data(harness.top()), ElementsAre(1));
}

TEST(EuclideanLossLayer, HasGradientsForBothBottoms) {
  CheckGradients(kLoss, {{3, 2, 4}, {3, 2, 4}});
  CheckGradients(kLoss, {{3, 8}, {3, 2, 4}});
  CheckReshape(kLoss, {{3, 4}, {3, 4}}, {{5, 2, 2}, {5, 4}});
}

TEST(EuclideanLossLayer, ComputesOnlyTheGradientsAskedFor) {
  LayerHarness harness(kLoss, {{1, 1}, {1, 1}});
  SetData({3}, &harness.bottom(0));
  SetData({1}, &harness.bottom(1));
  harness.Forward();
  SetDiff({1}, &harness.top());
  SetDiff({7}, &harness.bottom(0));
  harness.layer().Backward(harness.tops(), {false, true}, harness.bottoms());
  EXPECT_THAT(Diff(harness.bottom(0)), ElementsAre(7));
  EXPECT_THAT(Diff(harness.bottom(1)), ElementsAre(-2));
}

TEST(EuclideanLossLayer, IsZeroForAnEmptyBatch) {
  EXPECT_EQ(LayerHarness(kLoss, {{0, 3}, {0, 3}}).Forward(), 0);
}

TEST(EuclideanLossLayer, RejectsBottomsThatDoNotMatch) {
  const std::string text = "name: 'l' type: 'EuclideanLoss' bottom: 'a'\nbottom: 'b'";
  CheckErrors({
      {text,
       {{3, 4}, {4, 3}},
       "layer:2:9: error: layer 'l' (EuclideanLoss): needs as many samples (axis 0) in both "
       "bottoms, got 3 4 (12) and 4 3 (12)"},
      {text,
       {{3, 4}, {3, 5}},
       "layer:2:9: error: layer 'l' (EuclideanLoss): needs bottoms of the same size, got 3 4 (12) "
       "and 3 5 (15)"},
      {"name: 'l' type: 'EuclideanLoss'\nbottom: 'a'",
       {{3, 4}},
       "layer:2:9: error: layer 'l' (EuclideanLoss): takes exactly 2 bottom blobs, got 1: a"},
  });
}

}  // namespace
}  // namespace demitasse
