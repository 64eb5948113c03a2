#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

const std::string kReindex = "name: 'l' type: 'BatchReindex' bottom: 'x'\nbottom: 'i' top: 'y'";

// Leaves the first item out and repeats others.
GradientOptions WithIndices() {
  GradientOptions options;
  options.prepare = [](LayerHarness* harness) {
    const int items = harness->bottom(0).shape(0);
    Blob& indices = harness->bottom(1);
    for (int i = 0; i < indices.shape(0); ++i) {
      indices.mutable_cpu_data()[i] = static_cast<float>(1 + i % (items - 1));
    }
  };
  return options;
}

TEST(BatchReindexLayer, PicksItemsByIndex) {
  LayerHarness harness(kReindex, {{3, 2}, {5}});
  SetData({1, 2, 3, 4, 5, 6}, &harness.bottom(0));
  SetData({2, 2, 0, 2.75f, -0.0f}, &harness.bottom(1));
  harness.Forward();
  EXPECT_THAT(harness.top().shape(), ElementsAre(5, 2));
  EXPECT_THAT(Data(harness.top()), ElementsAre(5, 6, 5, 6, 1, 2, 5, 6, 1, 2));
}

TEST(BatchReindexLayer, AddsTheGradientsOfCopies) {
  LayerHarness harness(kReindex, {{3}, {4}});
  SetData({2, 0, 2, 2}, &harness.bottom(1));
  harness.Forward();
  SetDiff({1, 10, 100, 1000}, &harness.top());
  SetDiff({7, 7, 7}, &harness.bottom(0));
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)), ElementsAre(10, 0, 1101));
}

TEST(BatchReindexLayer, MayPickNothing) {
  LayerHarness harness(kReindex, {{2, 2}, {0}});
  harness.Forward();
  EXPECT_THAT(harness.top().shape(), ElementsAre(0, 2));
  SetDiff({7, 7, 7, 7}, &harness.bottom(0));
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)), ElementsAre(0, 0, 0, 0));
}

TEST(BatchReindexLayer, HasGradientsButNotOfTheIndices) {
  LayerHarness harness(kReindex, {{2}, {2}});
  EXPECT_TRUE(harness.layer().BottomIsIndex(1));
  EXPECT_FALSE(harness.layer().AllowForceBackward(1));
  CheckGradients(kReindex, {{3, 2, 2}, {5}}, WithIndices());
  CheckReshape(kReindex, {{3, 2}, {5}}, {{4, 3, 2}, {2}}, WithIndices());
  CheckReshape(kReindex, {{3, 2}, {5}}, {{4, 0}, {2}}, WithIndices());
}

TEST(BatchReindexLayer, RefusesShapesThatDoNotFit) {
  const std::string error = "error: layer 'l' (BatchReindex): ";
  CheckErrors({
      {kReindex,
       {{3, 2}, {2, 1}},
       "layer:2:9: " + error + "the indices, bottom[1] 'i', must have exactly 1 axis, got 2 1 (2)"},
      {kReindex,
       {{}, {2}},
       "layer:1:40: " + error + "bottom[0] 'x' is a single value and has no items"},
  });
}

TEST(BatchReindexLayer, RefusesIndicesThatAreNoItems) {
  struct Case {
    int items;
    float index;
    std::string error;
  };
  const Case cases[] = {
      {3, 3, "index 3 at position 1 is none of the 3 items of bottom[0] 'x'; allowed are 0 to 2"},
      {3, -1, "index -1 at position 1 is none of the 3 items of bottom[0] 'x'; allowed are 0 to 2"},
      {3, 1e20f,
       "index 1e+20 at position 1 is none of the 3 items of bottom[0] 'x'; allowed are 0 to 2"},
      {3, std::numeric_limits<float>::quiet_NaN(),
       "index nan at position 1 is none of the 3 items of bottom[0] 'x'; allowed are 0 to 2"},
      {0, 0,
       "index 0 at position 0 is none of the 0 items of bottom[0] 'x'; there are no items of "
       "bottom[0] 'x'"},
  };
  for (const Case& c : cases) {
    LayerHarness harness(kReindex, {{c.items, 2}, {2}});
    SetData({0, c.index}, &harness.bottom(1));
    try {
      harness.Forward();
      ADD_FAILURE() << "no error for " << c.index;
    } catch (const Error& error) {
      EXPECT_EQ("layer:2:9: error: layer 'l' (BatchReindex): " + c.error, error.what());
    }
  }
}

}  // namespace
}  // namespace demitasse
