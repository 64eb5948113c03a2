#include <gtest/gtest.h>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

const char* const kClip = "name: 'l' type: 'Clip' clip_param { min: -0.5 max: 1 }";

TEST(ClipLayer, GivesKnownNumbers) {
  LayerHarness harness(kClip, {{5}});
  SetData({-2, -0.5f, 0.25f, 1, 3}, &harness.bottom());
  harness.Forward();
  EXPECT_EQ(Data(harness.top()), (std::vector<float>{-0.5f, -0.5f, 0.25f, 1, 1}));

  SetDiff({1, 2, 3, 4, 5}, &harness.top());
  harness.Backward();
  EXPECT_EQ(Diff(harness.bottom()), (std::vector<float>{0, 2, 3, 4, 0}));
}

TEST(ClipLayer, HasGradientsInPlaceToo) {
  CheckGradients(kClip, {{2, 3}});
  CheckInPlace(kClip, {2, 3, 4});
  CheckReshape(kClip, {{2, 3}}, {{4, 5, 6}});
}

TEST(ClipLayer, RefusesBadParameters) {
  CheckErrors({
      {"name: 'l' type: 'Clip'",
       {{2}},
       "layer: error: layer 'l' (Clip): needs its range: clip_param { min: ... max: ... }"},
      {"name: 'l' type: 'Clip'\nclip_param { min: 2 max: 1 }",
       {{2}},
       "layer:2:19: error: layer 'l' (Clip): min must not be above max, got 2 and 1"},
      {"name: 'l' type: 'Clip'\nclip_param { min: 2 }",
       {{2}},
       "layer:2:1: error: layer 'l' (Clip): 'max' is missing in clip_param"},
  });
}

}  // namespace
}  // namespace demitasse
