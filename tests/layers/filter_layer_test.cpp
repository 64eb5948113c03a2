#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/net/net_fixture.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

const std::string kOne = "name: 'l' type: 'Filter' bottom: 'x' bottom: 's' top: 'y'";
const std::string kTwo =
    "name: 'l' type: 'Filter' bottom: 'x' bottom: 'z' bottom: 's' top: 'y' top: 'w'";

// Selects every second item.
GradientOptions SelectOddItems() {
  GradientOptions options;
  options.prepare = [](LayerHarness* harness) {
    Blob* const selector = harness->bottoms().back();
    for (int64_t i = 0; i < selector->size(); ++i) {
      selector->mutable_cpu_data()[i] = static_cast<float>(i % 2);
    }
  };
  return options;
}

TEST(FilterLayer, PassesSelectedItemsOnAndTheirGradientsBack) {
  LayerHarness harness(kTwo, {{4, 2}, {4}, {4}});
  SetData({1, 2, 3, 4, 5, 6, 7, 8}, &harness.bottom(0));
  SetData({10, 20, 30, 40}, &harness.bottom(1));
  SetData({0, 1, 0, -0.5f}, &harness.bottom(2));
  harness.Forward();
  EXPECT_THAT(harness.top(0).shape(), ElementsAre(2, 2));
  EXPECT_THAT(Data(harness.top(0)), ElementsAre(3, 4, 7, 8));
  EXPECT_THAT(harness.top(1).shape(), ElementsAre(2));
  EXPECT_THAT(Data(harness.top(1)), ElementsAre(20, 40));

  SetDiff({1, 2, 3, 4}, &harness.top(0));
  SetDiff({5, 6}, &harness.top(1));
  SetDiff({9, 9, 9, 9, 9, 9, 9, 9}, &harness.bottom(0));
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)), ElementsAre(0, 0, 1, 2, 0, 0, 3, 4));
  EXPECT_THAT(Diff(harness.bottom(1)), ElementsAre(0, 5, 0, 6));
}

TEST(FilterLayer, HasTheShapesForAllItemsBeforeItRuns) {
  LayerHarness harness(kTwo, {{4, 2}, {4, 3}, {4, 1, 1}});
  EXPECT_THAT(harness.top(0).shape(), ElementsAre(4, 2));
  EXPECT_THAT(harness.top(1).shape(), ElementsAre(4, 3));
}

TEST(FilterLayer, GivesEmptyTopsIfNothingIsSelected) {
  LayerHarness harness(kOne, {{2, 3}, {2}});
  SetData({0, 0}, &harness.bottom(1));
  harness.Forward();
  EXPECT_THAT(harness.top().shape(), ElementsAre(0, 3));
  SetDiff({9, 9, 9, 9, 9, 9}, &harness.bottom(0));
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)), ElementsAre(0, 0, 0, 0, 0, 0));
}

TEST(FilterLayer, SelectsAnewInEveryForward) {
  LayerHarness harness(kOne, {{3}, {3}});
  SetData({1, 2, 3}, &harness.bottom(0));
  for (const std::vector<float>& selector :
       {std::vector<float>{1, 0, 0}, {1, 1, 1}, {0, 0, 0}, {0, 1, 1}}) {
    SetData(selector, &harness.bottom(1));
    harness.Forward();
    std::vector<float> expected;
    for (size_t i = 0; i < 3; ++i) {
      if (selector[i] != 0) expected.push_back(static_cast<float>(i + 1));
    }
    EXPECT_EQ(expected, Data(harness.top()));
  }
}

TEST(FilterLayer, HasGradientsButNotOfTheSelector) {
  LayerHarness harness(kOne, {{2}, {2}});
  EXPECT_TRUE(harness.layer().BottomIsIndex(1));
  EXPECT_FALSE(harness.layer().AllowForceBackward(1));
  CheckGradients(kOne, {{4, 3}, {4}}, SelectOddItems());
  CheckGradients(kTwo, {{3, 2, 2}, {3}, {3, 1}}, SelectOddItems());
  CheckReshape(kTwo, {{4, 2}, {4, 3}, {4}}, {{6}, {6, 0}, {6, 1}}, SelectOddItems());
  CheckReshape(kOne, {{4, 2}, {4}}, {{0, 2}, {0}}, SelectOddItems());
}

// Layers behind it work on as many items as there are this time.
TEST(FilterLayer, IsFollowedByTheLayersBehind) {
  NetOptions options;
  options.force_backward = true;
  const auto net =
      MakeNet(InputText("x", "4, 2") + InputText("s", "4") + LayerText("f: Filter x s -> y") +
                  LayerText("p: Power y -> z", "power_param { scale: 2 }") +
                  LayerText("loss: Reduction z -> loss", "loss_weight: 1"),
              options);
  SetData({1, 2, 3, 4, 5, 6, 7, 8}, net->blob_by_name("x").get());
  SetData({1, 0, 0, 1}, net->blob_by_name("s").get());
  EXPECT_EQ(36, net->ForwardBackward());
  EXPECT_THAT(Data(*net->blob_by_name("z")), ElementsAre(2, 4, 14, 16));
  EXPECT_THAT(Diff(*net->blob_by_name("x")), ElementsAre(2, 2, 0, 0, 0, 0, 2, 2));

  SetData({0, 0, 0, 0}, net->blob_by_name("s").get());
  EXPECT_EQ(0, net->ForwardBackward());
  EXPECT_THAT(Diff(*net->blob_by_name("x")), ElementsAre(0, 0, 0, 0, 0, 0, 0, 0));
}

TEST(FilterLayer, RefusesBlobsThatDoNotFit) {
  const std::string head = "name: 'l' type: 'Filter' bottom: 'x'\nbottom: 's'\n";
  const std::string error = "error: layer 'l' (Filter): ";
  CheckErrors({
      {head + "top: 'y'",
       {{4, 2}, {3}},
       "layer:1:34: " + error +
           "bottom[0] 'x' of 4 2 (8) does not fit the selector, bottom[1] 's' of 3 (3): axis 0 "
           "must be equal"},
      {head + "top: 'y'",
       {{}, {1}},
       "layer:1:34: " + error +
           "bottom[0] 'x' of (1) does not fit the selector, bottom[1] 's' of 1 (1): axis 0 must "
           "be equal"},
      {head + "top: 'y'",
       {{4, 2}, {4, 2}},
       "layer:2:9: " + error +
           "the selector, bottom[1] 's', needs one value for each item, all on axis 0, got 4 2 "
           "(8)"},
      {head + "top: 'y' top: 'z'",
       {{4, 2}, {4}},
       "layer:3:15: " + error +
           "needs one top for each bottom but the last, the selector; got 2 bottoms and 2 tops"},
      {head + "bottom: 't' top: 'z'",
       {{4, 2}, {4}, {4}},
       "layer:2:9: " + error +
           "needs one top for each bottom but the last, the selector; got 3 bottoms and 1 top"},
      {"name: 'l' type: 'Filter'\nbottom: 'x' top: 'y'",
       {{4, 2}},
       "layer:2:9: " + error + "takes at least 2 bottom blobs, got 1: x"},
  });
}

}  // namespace
}  // namespace demitasse
