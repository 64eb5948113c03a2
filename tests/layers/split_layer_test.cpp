#include <gtest/gtest.h>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Values = std::vector<float>;

const char kThreeTops[] = "type: 'Split' bottom: 'x' top: 'a' top: 'b' top: 'c'";

TEST(SplitLayer, SharesTheBottomsData) {
  LayerHarness harness(kThreeTops, {{2, 3}});
  harness.Forward();
  for (const Blob* top : harness.tops()) {
    EXPECT_EQ((std::vector<int>{2, 3}), top->shape());
    EXPECT_EQ(harness.bottom().cpu_data(), top->cpu_data());
  }
}

TEST(SplitLayer, AddsTheGradients) {
  LayerHarness harness(kThreeTops, {{2}});
  harness.Forward();
  SetDiff({1, 2}, &harness.top(0));
  SetDiff({10, 20}, &harness.top(1));
  SetDiff({100, 200}, &harness.top(2));
  harness.Backward();
  EXPECT_EQ((Values{111, 222}), Diff(harness.bottom()));
  EXPECT_EQ((Values{1, 2}), Diff(harness.top(0)));
}

TEST(SplitLayer, CopiesTheGradientOfASingleTop) {
  LayerHarness harness("type: 'Split' bottom: 'x' top: 'a'", {{2}});
  harness.Forward();
  SetDiff({1, 2}, &harness.top());
  harness.Backward();
  EXPECT_EQ((Values{1, 2}), Diff(harness.bottom()));
}

TEST(SplitLayer, ATopWithoutGradientAddsNothing) {
  LayerHarness harness(kThreeTops, {{2}});
  harness.Forward();
  SetDiff({7, 7}, &harness.bottom());
  SetDiff({1, 2}, &harness.top(1));
  harness.Backward();
  EXPECT_EQ((Values{1, 2}), Diff(harness.bottom()));
}

TEST(SplitLayer, WithoutAnyGradientItIsZero) {
  LayerHarness harness(kThreeTops, {{2}});
  harness.Forward();
  SetDiff({7, 7}, &harness.bottom());
  harness.Backward();
  EXPECT_EQ((Values{0, 0}), Diff(harness.bottom()));
}

TEST(SplitLayer, HasTheRightGradients) { CheckGradients(kThreeTops, {{2, 3}}); }

TEST(SplitLayer, FollowsTheBottomsShape) { CheckReshape(kThreeTops, {{2, 3}}, {{4, 5}}); }

TEST(SplitLayer, ReportsWhatIsWrong) {
  CheckErrors({
      {"name: 'l' type: 'Split' bottom: 'x' top: 'x' top: 'y'",
       {{2}},
       "layer:1:42: error: layer 'l' (Split): cannot write top[0] 'x' in place over its bottom[0]; "
       "give the top a name of its own"},
      {"name: 'l' type: 'Split' bottom: 'x' bottom: 'z' top: 'y'",
       {{2}, {2}},
       "layer:1:45: error: layer 'l' (Split): takes exactly 1 bottom blob, got 2: x, z"},
  });
}

}  // namespace
}  // namespace demitasse
