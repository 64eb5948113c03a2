#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

const char* const kAbsVal = "name: 'l' type: 'AbsVal'";

TEST(AbsValLayer, DropsTheSign) {
  const float infinity = std::numeric_limits<float>::infinity();
  LayerHarness harness(kAbsVal, {{6}});
  SetData({-2, -0.0f, 0, 0.5f, -infinity, 3}, &harness.bottom());
  harness.Forward();
  EXPECT_THAT(Data(harness.top()), ElementsAre(2, 0, 0, 0.5f, infinity, 3));

  SetDiff({1, 2, 3, 4, 5, 6}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom()), ElementsAre(-1, 0, 0, 4, -5, 6));
}

TEST(AbsValLayer, HasGradientsInPlaceToo) {
  CheckGradients(kAbsVal, {{2, 3, 4}});
  CheckInPlace(kAbsVal, {2, 3, 4});
  CheckReshape(kAbsVal, {{2, 3}}, {{4, 5, 6}});
  CheckReshape(kAbsVal, {{2, 3}}, {{0, 3}});
}

TEST(AbsValLayer, TakesOneBottom) {
  CheckErrors({{"name: 'l' type: 'AbsVal'\nbottom: 'a'\nbottom: 'b' top: 'y'",
                {{2}, {2}},
                "layer:3:9: error: layer 'l' (AbsVal): takes exactly 1 bottom blob, got 2: a, b"}});
}

}  // namespace
}  // namespace demitasse
