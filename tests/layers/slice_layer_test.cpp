#include <gtest/gtest.h>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;
using Values = std::vector<float>;

std::string SliceInto(int tops, const std::string& param) {
  std::string text = "name: 'l' type: 'Slice' bottom: 'x' slice_param { " + param + " }";
  for (int i = 0; i < tops; ++i) text += " top: 'y" + std::to_string(i) + "'";
  return text;
}

TEST(SliceLayer, CutsEqualParts) {
  LayerHarness harness(SliceInto(2, ""), {{2, 4}});
  SetData({1, 2, 3, 4, 5, 6, 7, 8}, &harness.bottom());
  harness.Forward();
  EXPECT_EQ((Shape{2, 2}), harness.top(0).shape());
  EXPECT_EQ((Values{1, 2, 5, 6}), Data(harness.top(0)));
  EXPECT_EQ((Values{3, 4, 7, 8}), Data(harness.top(1)));
}

TEST(SliceLayer, CutsAtThePoints) {
  LayerHarness harness(SliceInto(3, "slice_point: 1 slice_point: 3"), {{1, 4, 2}});
  SetData({1, 2, 3, 4, 5, 6, 7, 8}, &harness.bottom());
  harness.Forward();
  EXPECT_EQ((Values{1, 2}), Data(harness.top(0)));
  EXPECT_EQ((Values{3, 4, 5, 6}), Data(harness.top(1)));
  EXPECT_EQ((Values{7, 8}), Data(harness.top(2)));
}

TEST(SliceLayer, CutsAlongTheGivenAxis) {
  for (const char* const param : {"axis: 0", "axis: -2", "slice_dim: 0"}) {
    SCOPED_TRACE(param);
    LayerHarness harness(SliceInto(2, param), {{2, 2}});
    SetData({1, 2, 3, 4}, &harness.bottom());
    harness.Forward();
    EXPECT_EQ((Values{1, 2}), Data(harness.top(0)));
    EXPECT_EQ((Values{3, 4}), Data(harness.top(1)));
  }
}

TEST(SliceLayer, JoinsTheGradients) {
  LayerHarness harness(SliceInto(2, "slice_point: 1"), {{2, 3}});
  harness.Forward();
  SetDiff({1, 4}, &harness.top(0));
  SetDiff({2, 3, 5, 6}, &harness.top(1));
  harness.Backward();
  EXPECT_EQ((Values{1, 2, 3, 4, 5, 6}), Diff(harness.bottom()));
}

TEST(SliceLayer, SharesTheBottomWithASingleTop) {
  LayerHarness harness(SliceInto(1, ""), {{2, 3}});
  harness.Forward();
  EXPECT_EQ((Shape{2, 3}), harness.top().shape());
  EXPECT_EQ(harness.bottom().cpu_data(), harness.top().cpu_data());
  EXPECT_EQ(harness.bottom().cpu_diff(), harness.top().cpu_diff());
}

TEST(SliceLayer, HasTheRightGradients) {
  CheckGradients(SliceInto(3, ""), {{2, 3, 2}});
  CheckGradients(SliceInto(2, "axis: -1 slice_point: 1"), {{2, 3}});
  CheckGradients(SliceInto(1, ""), {{2, 3}});
}

TEST(SliceLayer, FollowsTheBottomsShape) {
  CheckReshape(SliceInto(2, ""), {{2, 4}}, {{5, 6}});
  CheckReshape(SliceInto(2, "slice_point: 2"), {{2, 4}}, {{1, 3}});
}

TEST(SliceLayer, TakesEmptyBottoms) {
  LayerHarness harness(SliceInto(2, ""), {{0, 4}});
  harness.Forward();
  harness.Backward();
  EXPECT_EQ((Shape{0, 2}), harness.top(1).shape());
}

TEST(SliceLayer, ReportsWhatIsWrong) {
  CheckErrors({
      {SliceInto(2, "axis: 1"),
       {{2, 3}},
       "layer:1:37: error: layer 'l' (Slice): cannot cut axis 1 of size 3 into 2 equal parts; give "
       "slice_point, or another number of tops"},
      {SliceInto(3, "slice_point: 1"),
       {{2, 3}},
       "layer:1:64: error: layer 'l' (Slice): needs one slice_point less than there are tops, or "
       "none for equal parts; got 1 for 3 tops"},
      {SliceInto(2, "slice_point: 1 slice_point: 2"),
       {{2, 3}},
       "layer:1:79: error: layer 'l' (Slice): needs one slice_point less than there are tops, or "
       "none for equal parts; got 2 for 2 tops"},
      {SliceInto(2, "slice_point: 0"),
       {{2, 3}},
       "layer:1:64: error: layer 'l' (Slice): slice_point must be 1 or more, got 0"},
      {SliceInto(3, "slice_point: 2 slice_point: 2"),
       {{2, 3}},
       "layer:1:79: error: layer 'l' (Slice): each slice_point must be greater than the one "
       "before, got 2 after 2"},
      {SliceInto(3, "slice_point: 2 slice_point: 3"),
       {{2, 3}},
       "layer:1:79: error: layer 'l' (Slice): slice_point must be less than the bottom's size of 3 "
       "on axis 1, got 3"},
      {SliceInto(2, "slice_point: 4294967295"),
       {{2, 3}},
       "layer:1:64: error: layer 'l' (Slice): slice_point must be less than the bottom's size of 3 "
       "on axis 1, got 4294967295"},
      {SliceInto(1, "axis: 2"),
       {{2, 3}},
       "layer:1:57: error: layer 'l' (Slice): axis 2 is outside the bottom's 2 axes (2 3 (6))"},
      {SliceInto(1, "slice_dim: 2"),
       {{2, 3}},
       "layer:1:62: error: layer 'l' (Slice): axis 2 is outside the bottom's 2 axes (2 3 (6))"},
      {SliceInto(1, "axis: 1 slice_dim: 1"),
       {{2, 3}},
       "layer:1:70: error: layer 'l' (Slice): give either axis or slice_dim, its older name, not "
       "both"},
      {"name: 'l' type: 'Slice' bottom: 'x' top: 'x' top: 'y'",
       {{2, 4}},
       "layer:1:42: error: layer 'l' (Slice): cannot write top[0] 'x' in place over its bottom[0]; "
       "give the top a name of its own"},
  });
}

}  // namespace
}  // namespace demitasse
