#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::FloatEq;
using testing::Pointwise;

const char* const kSigmoid = "name: 'l' type: 'Sigmoid'";

TEST(SigmoidLayer, GivesKnownNumbers) {
  LayerHarness harness(kSigmoid, {{5}});
  SetData({0, 1, -1, 20, -20}, &harness.bottom());
  harness.Forward();
  EXPECT_THAT(Data(harness.top()),
              Pointwise(FloatEq(), {0.5f, 0.7310586f, 0.2689414f, 1.0f, 2.0611537e-9f}));
}

TEST(SigmoidLayer, IsStableFarFromZero) {
  LayerHarness harness(kSigmoid, {{4}});
  SetData({1000, -1000, 3e38f, -3e38f}, &harness.bottom());
  harness.Forward();
  EXPECT_THAT(Data(harness.top()), testing::ElementsAre(1, 0, 1, 0));
  SetDiff({1, 1, 1, 1}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom()), testing::Each(0));
}

TEST(SigmoidLayer, HasGradientsInPlaceToo) {
  CheckGradients(kSigmoid, {{2, 3, 4}});
  CheckGradients(kSigmoid, Shapes{{}});
  CheckInPlace(kSigmoid, {2, 3, 4});
  CheckReshape(kSigmoid, {{2, 3}}, {{4, 5, 6}});
  EXPECT_TRUE(LayerHarness(kSigmoid, {{2}}).layer().BackwardReadsTops());
}

TEST(SigmoidLayer, TakesOneBottom) {
  CheckErrors(
      {{"name: 'l' type: 'Sigmoid'\nbottom: 'a'\nbottom: 'b' top: 'y'",
        {{2}, {2}},
        "layer:3:9: error: layer 'l' (Sigmoid): takes exactly 1 bottom blob, got 2: a, b"}});
}

}  // namespace
}  // namespace demitasse
