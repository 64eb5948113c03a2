#include <gtest/gtest.h>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;
using Values = std::vector<float>;

TEST(DummyDataLayer, IsZeroWithoutAFiller) {
  LayerHarness harness("type: 'DummyData' top: 'a' dummy_data_param { shape { dim: 2 dim: 2 } }",
                       {});
  EXPECT_EQ((Shape{2, 2}), harness.top().shape());
  EXPECT_EQ(Values(4, 0), Data(harness.top()));
}

TEST(DummyDataLayer, FillsEachTopByItsFiller) {
  LayerHarness harness(
      "type: 'DummyData' top: 'a' top: 'b' dummy_data_param { shape { dim: 2 } shape { dim: 3 } "
      "data_filler { value: 1 } data_filler { value: 2 } }",
      {});
  EXPECT_EQ(Values(2, 1), Data(harness.top(0)));
  EXPECT_EQ(Values(3, 2), Data(harness.top(1)));
}

TEST(DummyDataLayer, TakesTheOlderFormOfShapes) {
  LayerHarness harness(
      "type: 'DummyData' top: 'a' top: 'b' dummy_data_param { num: 2 num: 1 channels: 3 height: 4 "
      "width: 5 width: 6 data_filler { value: 3 } }",
      {});
  EXPECT_EQ((Shape{2, 3, 4, 5}), harness.top(0).shape());
  EXPECT_EQ((Shape{1, 3, 4, 6}), harness.top(1).shape());
  EXPECT_EQ(Values(72, 3), Data(harness.top(1)));
}

TEST(DummyDataLayer, FillsConstantsOnlyOnce) {
  LayerHarness harness(
      "type: 'DummyData' top: 'a' dummy_data_param { shape { dim: 2 } data_filler { value: 1 } }",
      {});
  SetData({5, 6}, &harness.top());
  harness.Forward();
  EXPECT_EQ((Values{5, 6}), Data(harness.top()));
}

TEST(DummyDataLayer, FillsRandomTopsInEveryForwardPass) {
  LayerHarness harness(
      "type: 'DummyData' top: 'a' top: 'b' dummy_data_param { shape { dim: 8 } "
      "data_filler { type: 'uniform' min: 2 max: 3 } data_filler { value: 1 } }",
      {});
  harness.Forward();
  const Values first = Data(harness.top(0));
  harness.Forward();
  EXPECT_NE(first, Data(harness.top(0)));
  for (const float value : Data(harness.top(0))) {
    EXPECT_GE(value, 2);
    EXPECT_LE(value, 3);
  }
  EXPECT_EQ(Values(8, 1), Data(harness.top(1)));
}

TEST(DummyDataLayer, FillsWhatTheCallerReshaped) {
  LayerHarness harness(
      "type: 'DummyData' top: 'a' dummy_data_param { shape { dim: 1 } "
      "data_filler { type: 'uniform' min: 2 max: 3 } }",
      {});
  harness.top().Reshape({4});
  harness.Forward();
  for (const float value : Data(harness.top())) EXPECT_GE(value, 2);
}

TEST(DummyDataLayer, ReportsWrongShapes) {
  CheckErrors({
      {"name: 'l' type: 'DummyData' top: 'a'",
       {},
       "layer: error: layer 'l' (DummyData): shape must be given once for all tops or once for "
       "each, got 0 for 1 top"},
      {"name: 'l' type: 'DummyData' top: 'a' dummy_data_param { shape { dim: 1 } num: 1 }",
       {},
       "layer:1:57: error: layer 'l' (DummyData): give either shape or the older num, channels, "
       "height and width, not both"},
      {"name: 'l' type: 'DummyData' top: 'a' dummy_data_param { num: 1 channels: 1 width: 1 }",
       {},
       "layer:1:38: error: layer 'l' (DummyData): height must be given once for all tops or once "
       "for each, got 0 for 1 top"},
      {"name: 'l' type: 'DummyData' top: 'a' "
       "dummy_data_param { num: 1 num: 2 channels: 1 height: 1 width: 1 }",
       {},
       "layer:1:69: error: layer 'l' (DummyData): num must be given once for all tops or once for "
       "each, got 2 for 1 top"},
      {"name: 'l' type: 'DummyData' top: 'a' "
       "dummy_data_param { num: 1 channels: 1 height: 4000000000 width: 1 }",
       {},
       "layer:1:84: error: layer 'l' (DummyData): height must be from 0 to 2147483647, got "
       "4000000000"},
      {"name: 'l' type: 'DummyData' top: 'a' dummy_data_param { shape { dim: -2 } }",
       {},
       "layer:1:70: error: layer 'l' (DummyData): a dimension must be from 0 to 2147483647, got "
       "-2"},
      {"name: 'l' type: 'DummyData' top: 'a' "
       "dummy_data_param { shape { dim: 1 } shape { dim: 1 } }",
       {},
       "layer:1:74: error: layer 'l' (DummyData): shape must be given once for all tops or once "
       "for each, got 2 for 1 top"},
  });
}

TEST(DummyDataLayer, ReportsWrongFillersBeforeItRuns) {
  CheckErrors({
      {"name: 'l' type: 'DummyData' top: 'a' "
       "dummy_data_param { shape { dim: 1 } data_filler { type: 'uniforn' } }",
       {},
       "layer:1:94: error: layer 'l' (DummyData): unknown filler type 'uniforn'; did you mean "
       "'uniform'? (known: bilinear, constant, gaussian, msra, positive_unitball, uniform, "
       "xavier)"},
      {"name: 'l' type: 'DummyData' top: 'a' top: 'b' top: 'c' "
       "dummy_data_param { shape { dim: 1 } data_filler { value: 1 } data_filler { value: 2 } }",
       {},
       "layer:1:117: error: layer 'l' (DummyData): data_filler must be given once for all tops or "
       "once for each, got 2 for 3 tops"},
  });
}

}  // namespace
}  // namespace demitasse
