#include <gtest/gtest.h>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Values = std::vector<float>;

TEST(SilenceLayer, HasNoTops) {
  LayerHarness harness("type: 'Silence' bottom: 'a' bottom: 'b'", {{2}, {3}});
  EXPECT_TRUE(harness.tops().empty());
  EXPECT_EQ(0, harness.Forward());
}

TEST(SilenceLayer, GivesTheGradientZeroWhereItIsAskedFor) {
  LayerHarness harness("type: 'Silence' bottom: 'a' bottom: 'b'", {{2}, {1}});
  SetDiff({5, 6}, &harness.bottom(0));
  SetDiff({7}, &harness.bottom(1));
  harness.layer().Backward({}, {true, false}, harness.bottoms());
  EXPECT_EQ((Values{0, 0}), Diff(harness.bottom(0)));
  EXPECT_EQ(Values{7}, Diff(harness.bottom(1)));
}

TEST(SilenceLayer, TakesAnyShapes) {
  const std::string silence = "type: 'Silence' bottom: 'a' bottom: 'b'";
  CheckGradients(silence, {{2}, {3}});
  CheckReshape(silence, {{2}, {3}}, {{4, 5}, {0}});
}

TEST(SilenceLayer, ReportsWhatIsWrong) {
  CheckErrors({
      {"name: 'l' type: 'Silence'",
       {},
       "layer: error: layer 'l' (Silence): takes at least 1 bottom blob, got 0"},
      {"name: 'l' type: 'Silence' bottom: 'x' top: 'y'",
       {{2}},
       "layer:1:44: error: layer 'l' (Silence): takes exactly 0 top blobs, got 1: y"},
  });
}

}  // namespace
}  // namespace demitasse
