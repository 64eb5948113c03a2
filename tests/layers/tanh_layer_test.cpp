#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::FloatEq;
using testing::Pointwise;

const char* const kTanH = "name: 'l' type: 'TanH'";

TEST(TanHLayer, GivesKnownNumbers) {
  LayerHarness harness(kTanH, {{6}});
  SetData({0, 1, -1, 1e-10f, 1000, -1000}, &harness.bottom());
  harness.Forward();
  EXPECT_THAT(Data(harness.top()),
              Pointwise(FloatEq(), std::vector<float>{0, 0.7615942f, -0.7615942f, 1e-10f, 1, -1}));
}

TEST(TanHLayer, HasGradientsInPlaceToo) {
  CheckGradients(kTanH, {{2, 3, 4}});
  CheckGradients(kTanH, Shapes{{}});
  CheckInPlace(kTanH, {2, 3, 4});
  CheckReshape(kTanH, {{2, 3}}, {{4, 5, 6}});
  EXPECT_TRUE(LayerHarness(kTanH, {{2}}).layer().BackwardReadsTops());
}

TEST(TanHLayer, GivesOneTop) {
  CheckErrors({{"name: 'l' type: 'TanH' bottom: 'x'\ntop: 'a'\ntop: 'b'",
                {{2}},
                "layer:3:6: error: layer 'l' (TanH): takes exactly 1 top blob, got 2: a, b"}});
}

}  // namespace
}  // namespace demitasse
