#include <gtest/gtest.h>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;
using Values = std::vector<float>;

TEST(ConcatLayer, JoinsChannelsOfUnequalNumber) {
  LayerHarness harness("type: 'Concat'", {{2, 1, 2}, {2, 2, 2}});
  SetData({1, 2, 3, 4}, &harness.bottom(0));
  SetData({5, 6, 7, 8, 9, 10, 11, 12}, &harness.bottom(1));
  harness.Forward();
  EXPECT_EQ((Shape{2, 3, 2}), harness.top().shape());
  EXPECT_EQ((Values{1, 2, 5, 6, 7, 8, 3, 4, 9, 10, 11, 12}), Data(harness.top()));
}

TEST(ConcatLayer, JoinsAlongTheGivenAxis) {
  for (const char* const param : {"axis: 0", "axis: -2", "concat_dim: 0"}) {
    SCOPED_TRACE(param);
    LayerHarness harness(std::string("type: 'Concat' concat_param { ") + param + " }",
                         {{1, 2}, {2, 2}});
    SetData({1, 2}, &harness.bottom(0));
    SetData({3, 4, 5, 6}, &harness.bottom(1));
    harness.Forward();
    EXPECT_EQ((Shape{3, 2}), harness.top().shape());
    EXPECT_EQ((Values{1, 2, 3, 4, 5, 6}), Data(harness.top()));
  }
}

TEST(ConcatLayer, HandsGradientsBack) {
  LayerHarness harness("type: 'Concat'", {{2, 1}, {2, 2}});
  harness.Forward();
  SetDiff({1, 2, 3, 4, 5, 6}, &harness.top());
  harness.Backward();
  EXPECT_EQ((Values{1, 4}), Diff(harness.bottom(0)));
  EXPECT_EQ((Values{2, 3, 5, 6}), Diff(harness.bottom(1)));
}

TEST(ConcatLayer, ComputesOnlyTheGradientsAskedFor) {
  LayerHarness harness("type: 'Concat'", {{1, 1}, {1, 1}});
  harness.Forward();
  SetDiff({5, 6}, &harness.top());
  harness.layer().Backward(harness.tops(), {false, true}, harness.bottoms());
  EXPECT_EQ(Values{0}, Diff(harness.bottom(0)));
  EXPECT_EQ(Values{6}, Diff(harness.bottom(1)));
}

TEST(ConcatLayer, SharesASingleBottom) {
  LayerHarness harness("type: 'Concat'", {{2, 3}});
  harness.Forward();
  EXPECT_EQ((Shape{2, 3}), harness.top().shape());
  EXPECT_EQ(harness.bottom().cpu_data(), harness.top().cpu_data());
  EXPECT_EQ(harness.bottom().cpu_diff(), harness.top().cpu_diff());
}

TEST(ConcatLayer, HasTheRightGradients) {
  CheckGradients("type: 'Concat'", {{2, 3, 2}, {2, 1, 2}, {2, 2, 2}});
  CheckGradients("type: 'Concat' concat_param { axis: -1 }", {{2, 3}, {2, 1}});
  CheckGradients("type: 'Concat'", {{2, 3}});
}

TEST(ConcatLayer, FollowsTheBottomsShape) {
  CheckReshape("type: 'Concat'", {{2, 3}, {2, 1}}, {{4, 2}, {4, 5}});
  CheckReshape("type: 'Concat'", {{2, 3}}, {{4, 5}});
}

TEST(ConcatLayer, TakesEmptyBottoms) {
  LayerHarness harness("type: 'Concat'", {{2, 0}, {2, 1}});
  SetData({1, 2}, &harness.bottom(1));
  harness.Forward();
  EXPECT_EQ((Values{1, 2}), Data(harness.top()));
}

TEST(ConcatLayer, ReportsWhatIsWrong) {
  CheckErrors({
      {"name: 'l' type: 'Concat' bottom: 'a' bottom: 'b' top: 'y'",
       {{2, 3, 4}, {2, 3, 5}},
       "layer:1:46: error: layer 'l' (Concat): bottom[1] 'b' of 2 3 5 (30) does not fit bottom[0] "
       "'a' of 2 3 4 (24): all axes but axis 1 must be equal"},
      {"name: 'l' type: 'Concat'",
       {{2, 3}, {2, 3}, {2, 3, 1}},
       "layer: error: layer 'l' (Concat): bottom[2] of 2 3 1 (6) does not fit bottom[0] of 2 3 "
       "(6): all axes but axis 1 must be equal"},
      {"name: 'l' type: 'Concat' concat_param { axis: 2 }",
       {{2, 3}},
       "layer:1:47: error: layer 'l' (Concat): axis 2 is outside the bottom's 2 axes (2 3 (6))"},
      {"name: 'l' type: 'Concat' concat_param { axis: -3 }",
       {{2, 3}},
       "layer:1:47: error: layer 'l' (Concat): axis -3 is outside the bottom's 2 axes (2 3 (6))"},
      {"name: 'l' type: 'Concat' concat_param { concat_dim: 4294967295 }",
       {{2, 3}},
       "layer:1:53: error: layer 'l' (Concat): axis 4294967295 is outside the bottom's 2 axes (2 3 "
       "(6))"},
      {"name: 'l' type: 'Concat' concat_param { axis: 1 concat_dim: 1 }",
       {{2, 3}},
       "layer:1:61: error: layer 'l' (Concat): give either axis or concat_dim, its older name, not "
       "both"},
      {"name: 'l' type: 'Concat'",
       {{0, 2000000000}, {0, 2000000000}},
       "layer: error: layer 'l' (Concat): the top would have 4000000000 elements on axis 1, more "
       "than 2147483647"},
      {"name: 'l' type: 'Concat' bottom: 'a' bottom: 'b' top: 'a'",
       {{2, 3}, {2, 3}},
       "layer:1:55: error: layer 'l' (Concat): cannot write top[0] 'a' in place over its "
       "bottom[0]; give the top a name of its own"},
  });
}

}  // namespace
}  // namespace demitasse
