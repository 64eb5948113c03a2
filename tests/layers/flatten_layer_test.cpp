#include <gtest/gtest.h>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;

Shape Flattened(const std::string& param, const Shape& bottom) {
  LayerHarness harness("type: 'Flatten' flatten_param { " + param + " }", {bottom});
  return harness.top().shape();
}

TEST(FlattenLayer, JoinsAllAxesBehindTheFirst) {
  EXPECT_EQ((Shape{2, 60}), Flattened("", {2, 3, 4, 5}));
  EXPECT_EQ((Shape{2, 3}), Flattened("", {2, 3}));
  EXPECT_EQ((Shape{2, 0}), Flattened("", {2, 3, 0}));
}

TEST(FlattenLayer, JoinsTheGivenAxes) {
  EXPECT_EQ((Shape{120}), Flattened("axis: 0", {2, 3, 4, 5}));
  EXPECT_EQ((Shape{2, 3, 20}), Flattened("axis: 2", {2, 3, 4, 5}));
  EXPECT_EQ((Shape{2, 12, 5}), Flattened("axis: 1 end_axis: 2", {2, 3, 4, 5}));
  EXPECT_EQ((Shape{6, 4, 5}), Flattened("axis: -4 end_axis: -3", {2, 3, 4, 5}));
}

TEST(FlattenLayer, SharesDataAndGradient) {
  LayerHarness harness("type: 'Flatten'", {{2, 3, 4}});
  harness.Forward();
  EXPECT_EQ(harness.bottom().cpu_data(), harness.top().cpu_data());
  EXPECT_EQ(harness.bottom().cpu_diff(), harness.top().cpu_diff());
}

TEST(FlattenLayer, HasTheRightGradients) { CheckGradients("type: 'Flatten'", {{2, 3, 2}}); }

TEST(FlattenLayer, FollowsTheBottomsShape) {
  CheckReshape("type: 'Flatten'", {{2, 3, 2}}, {{5, 4, 3}});
}

TEST(FlattenLayer, ReportsWhatIsWrong) {
  CheckErrors({
      {"name: 'l' type: 'Flatten'",
       {{2}},
       "layer: error: layer 'l' (Flatten): axis 1 is outside the bottom's 1 axes (2 (2))"},
      {"name: 'l' type: 'Flatten' flatten_param { axis: -4 }",
       {{2, 3, 4}},
       "layer:1:49: error: layer 'l' (Flatten): axis -4 is outside the bottom's 3 axes (2 3 4 "
       "(24))"},
      {"name: 'l' type: 'Flatten' flatten_param { end_axis: 3 }",
       {{2, 3, 4}},
       "layer:1:53: error: layer 'l' (Flatten): axis 3 is outside the bottom's 3 axes (2 3 4 "
       "(24))"},
      {"name: 'l' type: 'Flatten' flatten_param { axis: 2 end_axis: 1 }",
       {{2, 3, 4}},
       "layer:1:61: error: layer 'l' (Flatten): end_axis must not lie before axis; in a bottom of "
       "3 axes they are 1 and 2"},
      {"name: 'l' type: 'Flatten' bottom: 'x' top: 'x'",
       {{2, 3, 4}},
       "layer:1:44: error: layer 'l' (Flatten): cannot write top[0] 'x' in place over its "
       "bottom[0]; give the top a name of its own"},
  });
}

}  // namespace
}  // namespace demitasse
