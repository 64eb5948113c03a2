#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/blocked_layout.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Values = std::vector<float>;

const Shapes kTwo = {{2, 3}, {2, 3}};
const Shapes kThreeAxes = {{2, 3, 2}, {2, 3, 2}};
const Shapes kThree = {{2, 3, 2}, {2, 3, 2}, {2, 3, 2}};

// What the layer makes of these bottoms.
Values Eltwise(const std::string& param, const std::vector<Values>& bottoms) {
  LayerHarness harness("type: 'Eltwise' eltwise_param { " + param + " }",
                       Shapes(bottoms.size(), {static_cast<int>(bottoms[0].size())}));
  for (size_t i = 0; i < bottoms.size(); ++i) {
    SetData(bottoms[i], &harness.bottom(static_cast<int>(i)));
  }
  harness.Forward();
  return Data(harness.top());
}

TEST(EltwiseLayer, MaximumLeavesCoefficientsOut) {
  LayerHarness harness("type: 'Eltwise' eltwise_param { operation: MAX coeff: 1 coeff: -5 }",
                       {{2}, {2}});
  SetData({1, 4}, &harness.bottom(0));
  SetData({3, 2}, &harness.bottom(1));
  harness.Forward();
  EXPECT_EQ((std::vector<float>{3, 4}), Data(harness.top()));
}

TEST(EltwiseLayer, Adds) {
  EXPECT_EQ((Values{111, 222}), Eltwise("", {{1, 2}, {10, 20}, {100, 200}}));
}

TEST(EltwiseLayer, AddsWithCoefficients) {
  EXPECT_EQ((Values{-29.5f, -59}),
            Eltwise("coeff: 0.5 coeff: -3 coeff: 0", {{1, 2}, {10, 20}, {100, 200}}));
}

TEST(EltwiseLayer, Multiplies) {
  EXPECT_EQ((Values{6, -40}), Eltwise("operation: PROD", {{1, 2}, {2, 4}, {3, -5}}));
}

TEST(EltwiseLayer, TakesTheMaximum) {
  EXPECT_EQ((Values{3, 4, 0}), Eltwise("operation: MAX", {{1, 2, -1}, {2, 4, 0}, {3, -5, -2}}));
}

// The gradients of the bottoms for the top's gradient 1, 2, 3, ...
std::vector<Values> Gradients(const std::string& param, const std::vector<Values>& bottoms) {
  const int size = static_cast<int>(bottoms[0].size());
  LayerHarness harness("type: 'Eltwise' eltwise_param { " + param + " }",
                       Shapes(bottoms.size(), {size}));
  Values top_diff;
  for (int i = 0; i < size; ++i) top_diff.push_back(static_cast<float>(i + 1));
  for (size_t i = 0; i < bottoms.size(); ++i) {
    SetData(bottoms[i], &harness.bottom(static_cast<int>(i)));
  }
  harness.Forward();
  SetDiff(top_diff, &harness.top());
  harness.Backward();
  std::vector<Values> gradients;
  for (const Blob* bottom : harness.bottoms()) gradients.push_back(Diff(*bottom));
  return gradients;
}

TEST(EltwiseLayer, BetweenEqualMaximaTheGradientIsTheSecondBottoms) {
  EXPECT_EQ((std::vector<Values>{{0, 2}, {1, 0}, {0, 0}}),
            Gradients("operation: MAX", {{7, 8}, {7, 6}, {7, 8}}));
}

TEST(EltwiseLayer, ALaterMaximumMustBeGreater) {
  EXPECT_EQ((std::vector<Values>{{0, 0}, {0, 2}, {1, 0}}),
            Gradients("operation: MAX", {{1, 1}, {2, 3}, {4, 3}}));
}

TEST(EltwiseLayer, StableProductGradientsAreRightAtZero) {
  EXPECT_EQ((std::vector<Values>{{15}, {0}, {0}}), Gradients("operation: PROD", {{0}, {3}, {5}}));
}

TEST(EltwiseLayer, UnstableProductGradientsDivide) {
  const auto gradients =
      Gradients("operation: PROD stable_prod_grad: false", {{2, 0}, {3, 3}, {5, 5}});
  EXPECT_FLOAT_EQ(15, gradients[0][0]);
  EXPECT_FLOAT_EQ(10, gradients[1][0]);
  EXPECT_FLOAT_EQ(6, gradients[2][0]);
  EXPECT_TRUE(std::isnan(gradients[0][1]));
}

TEST(EltwiseLayer, HasTheRightGradients) {
  CheckGradients("type: 'Eltwise'", kThree);
  CheckGradients("type: 'Eltwise' eltwise_param { coeff: 0.5 coeff: -2 coeff: 1 }", kThree);
  CheckGradients("type: 'Eltwise' eltwise_param { operation: PROD }", kThree);
  CheckGradients("type: 'Eltwise' eltwise_param { operation: MAX }", kThree);
}

TEST(EltwiseLayer, AddsInPlace) {
  CheckInPlaceOverFirst("type: 'Eltwise' eltwise_param { coeff: 2 coeff: -3 }", kTwo);
}

// The sum of two batches of 2 x 3 x 2 values in these layouts (null: plain).
std::unique_ptr<LayerHarness> SumIn(const std::shared_ptr<const BlockedLayout>& a,
                                    const std::shared_ptr<const BlockedLayout>& b) {
  auto harness = std::make_unique<LayerHarness>("type: 'Eltwise'", kThreeAxes);
  for (int i = 0; i < 2; ++i) {
    const auto& layout = i == 0 ? a : b;
    if (layout == nullptr) continue;
    const Values values = Data(harness->bottom(i));
    float* const stored = harness->bottom(i).data()->Overwrite(layout);
    std::fill_n(stored, layout->stored_size(), 0.0f);
    for (size_t j = 0; j < values.size(); ++j) {
      stored[layout->StoredIndex(static_cast<int64_t>(j))] = values[j];
    }
  }
  harness->Forward();
  return harness;
}

TEST(EltwiseLayer, AddsInTheLayoutOfAllBottoms) {
  const auto layout = std::make_shared<BlockedLayout>(2, 3, 2, 2);
  const auto plain = SumIn(nullptr, nullptr);
  const auto blocked = SumIn(layout, layout);
  ASSERT_NE(nullptr, blocked->top().data()->layout());
  EXPECT_TRUE(blocked->top().data()->layout()->Equals(*layout));
  EXPECT_EQ(Data(plain->top()), Data(blocked->top()));
}

TEST(EltwiseLayer, AddsBottomsOfDifferentLayouts) {
  const auto layout = std::make_shared<BlockedLayout>(2, 3, 2, 2);
  const auto plain = SumIn(nullptr, nullptr);
  EXPECT_EQ(Data(plain->top()), Data(SumIn(layout, nullptr)->top()));
  EXPECT_EQ(Data(plain->top()), Data(SumIn(nullptr, layout)->top()));
}

TEST(EltwiseLayer, ReadsItsTopsInBackwardOnlyToDivide) {
  LayerHarness sum("type: 'Eltwise'", kTwo);
  EXPECT_FALSE(sum.layer().BackwardReadsTops());
  LayerHarness divided("type: 'Eltwise' eltwise_param { operation: PROD stable_prod_grad: false }",
                       kTwo);
  EXPECT_TRUE(divided.layer().BackwardReadsTops());
}

TEST(EltwiseLayer, FollowsTheBottomsShape) {
  CheckReshape("type: 'Eltwise' eltwise_param { operation: MAX }", kTwo, {{4, 5}, {4, 5}});
}

TEST(EltwiseLayer, TakesEmptyBottoms) {
  for (const char* const operation : {"SUM", "PROD", "MAX"}) {
    LayerHarness harness(
        std::string("type: 'Eltwise' eltwise_param { operation: ") + operation + " }",
        {{0, 3}, {0, 3}});
    harness.Forward();
    harness.Backward();
    EXPECT_EQ(0, harness.top().size());
  }
}

TEST(EltwiseLayer, ReportsWhatIsWrong) {
  CheckErrors({
      {"name: 'l' type: 'Eltwise' bottom: 'a' top: 'y'",
       {{2}},
       "layer:1:35: error: layer 'l' (Eltwise): takes at least 2 bottom blobs, got 1: a"},
      {"name: 'l' type: 'Eltwise' bottom: 'a' bottom: 'b' top: 'y'",
       {{2, 3}, {2, 4}},
       "layer:1:47: error: layer 'l' (Eltwise): bottom[1] 'b' is 2 4 (8), but bottom[0] 'a' is 2 3 "
       "(6); all bottoms must have one shape"},
      {"name: 'l' type: 'Eltwise'",
       {{2}, {2}, {2, 1}},
       "layer: error: layer 'l' (Eltwise): bottom[2] is 2 1 (2), but bottom[0] is 2 (2); all "
       "bottoms must have one shape"},
      {"name: 'l' type: 'Eltwise' eltwise_param { coeff: 1 }",
       {{2}, {2}},
       "layer:1:50: error: layer 'l' (Eltwise): coeff must be given once for each bottom or not at "
       "all, got 1 for 2 bottoms"},
      {"name: 'l' type: 'Eltwise' eltwise_param { coeff: 1 coeff: 2 coeff: 3 }",
       {{2}, {2}},
       "layer:1:68: error: layer 'l' (Eltwise): coeff must be given once for each bottom or not at "
       "all, got 3 for 2 bottoms"},
      {"name: 'l' type: 'Eltwise' eltwise_param { operation: PROD coeff: 1 coeff: 2 }",
       {{2}, {2}},
       "layer:1:66: error: layer 'l' (Eltwise): coeff is for operation SUM, not for PROD"},
      {"name: 'l' type: 'Eltwise' bottom: 'a' bottom: 'b' top: 'a' "
       "eltwise_param { operation: MAX }",
       {{2}, {2}},
       "layer:1:56: error: layer 'l' (Eltwise): cannot write top[0] 'a' in place over its "
       "bottom[0]; give the top a name of its own"},
      {"name: 'l' type: 'Eltwise' bottom: 'a' bottom: 'b' top: 'b'",
       {{2}, {2}},
       "layer:1:56: error: layer 'l' (Eltwise): cannot write top[0] 'b' in place over its "
       "bottom[1]; give the top a name of its own"},
  });
}

}  // namespace
}  // namespace demitasse
