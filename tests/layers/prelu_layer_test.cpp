#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

std::string PReLU(const std::string& param) {
  return "name: 'l' type: 'PReLU' prelu_param { " + param + " }";
}

const char* const kShared = "channel_shared: true";
const char* const kAnySlopes = "filler { type: 'uniform' min: -2 max: 2 }";

TEST(PReLULayer, HasASlopeForEachChannel) {
  LayerHarness harness(PReLU(""), {{1, 3, 2}});
  SetData({-1, 2, -3, 4, -5, -6}, &harness.bottom());
  EXPECT_EQ(harness.layer().blobs()[0]->shape(), std::vector<int>{3});
  EXPECT_THAT(Data(*harness.layer().blobs()[0]), ElementsAre(0.25f, 0.25f, 0.25f));

  SetData({0.5f, -2, 3}, harness.layer().blobs()[0].get());
  harness.Forward();
  EXPECT_THAT(Data(harness.top()), ElementsAre(-0.5f, 2, 6, 4, -15, -18));
}

TEST(PReLULayer, SharesOneSlope) {
  LayerHarness harness(PReLU("channel_shared: true filler { value: 0.5 }"), {{1, 2, 2}});
  SetData({-1, 2, -3, 4}, &harness.bottom());
  EXPECT_EQ(harness.layer().blobs()[0]->shape(), std::vector<int>());
  harness.Forward();
  EXPECT_THAT(Data(harness.top()), ElementsAre(-0.5f, 2, -1.5f, 4));
}

TEST(PReLULayer, AddsToTheGradientOfTheSlopes) {
  LayerHarness harness(PReLU(""), {{2, 2}});
  SetData({-1, 2, -3, 0}, &harness.bottom());
  harness.Forward();
  SetDiff({10, 20, 30, 40}, &harness.top());
  Blob* const slopes = harness.layer().blobs()[0].get();
  SetDiff({1000, 2000}, slopes);
  harness.layer().Backward(harness.tops(), {true}, harness.bottoms());
  EXPECT_THAT(Diff(*slopes), ElementsAre(900, 2000));  // 1000 - 1 * 10 - 3 * 30
  EXPECT_THAT(Diff(harness.bottom()), ElementsAre(2.5f, 20, 7.5f, 10));
}

TEST(PReLULayer, ComputesOnlyTheGradientsAskedFor) {
  LayerHarness harness(PReLU(""), {{2, 1}});
  SetData({-1, 2}, &harness.bottom());
  harness.Forward();
  SetDiff({10, 20}, &harness.top());
  SetDiff({7, 7}, &harness.bottom());
  SetDiff({0}, harness.layer().blobs()[0].get());
  harness.layer().Backward(harness.tops(), {false}, harness.bottoms());
  EXPECT_THAT(Diff(harness.bottom()), ElementsAre(7, 7));
  EXPECT_THAT(Diff(*harness.layer().blobs()[0]), ElementsAre(-10));

  harness.layer().set_param_propagate_down(0, false);
  harness.layer().Backward(harness.tops(), {true}, harness.bottoms());
  EXPECT_THAT(Diff(harness.bottom()), ElementsAre(2.5f, 20));
  EXPECT_THAT(Diff(*harness.layer().blobs()[0]), ElementsAre(-10));
}

TEST(PReLULayer, HasAFloorBelowWhichASlopeDoesNotLearn) {
  LayerHarness harness(PReLU("min_slope: 0.5"), {{1, 3}});
  SetData({0.25f, 0.5f, 0.75f}, harness.layer().blobs()[0].get());
  SetData({-4, -4, -4}, &harness.bottom());
  harness.Forward();
  EXPECT_THAT(Data(harness.top()), ElementsAre(-2, -2, -3));
  SetDiff({1, 1, 1}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom()), ElementsAre(0.5f, 0.5f, 0.75f));
  EXPECT_THAT(Diff(*harness.layer().blobs()[0]), ElementsAre(0, -4, -4));
}

TEST(PReLULayer, HasGradients) {
  for (const char* const param : {"", kShared, kAnySlopes, "min_slope: -0.5"}) {
    CheckGradients(PReLU(param), {{2, 3, 2, 4}});
    CheckGradients(PReLU(param), {{3, 4}});
    CheckGradients(PReLU(param), {{2, 2, 1, 2, 1, 2}});
  }
  CheckGradients(PReLU(kShared), {{5}});
  CheckGradients(PReLU(kShared), Shapes{{}});
}

TEST(PReLULayer, WorksInPlaceForSlopesOfAnySign) {
  CheckInPlace(PReLU(""), {2, 3, 4, 5});
  CheckInPlace(PReLU(kShared), {2, 3, 4, 5});
  CheckInPlace(PReLU(kAnySlopes), {2, 9, 4, 5});
}

TEST(PReLULayer, FollowsNewShapes) {
  CheckReshape(PReLU(""), {{2, 3, 4, 5}}, {{4, 3, 7}});
  CheckReshape(PReLU(kShared), {{2, 3, 4, 5}}, {{11}});
}

TEST(PReLULayer, TakesEmptyBottoms) {
  for (const std::vector<int>& shape : Shapes{{0, 3}, {2, 0, 5}, {2, 3, 0}}) {
    LayerHarness harness(PReLU(""), {shape});
    harness.Forward();
    harness.Backward();
    EXPECT_EQ(harness.top().size(), 0);
  }
}

TEST(PReLULayer, RejectsWhatHasNoChannels) {
  CheckErrors({
      {PReLU("") + "\nbottom: 'x'",
       {{5}},
       "layer:2:9: error: layer 'l' (PReLU): has no channels: its slopes belong to axis 1, and the "
       "bottom's shape is 5 (5); set prelu_param.channel_shared to have one slope for all"},
      {PReLU("") + "\nbottom: 'x'",
       {{}},
       "layer:2:9: error: layer 'l' (PReLU): has no channels: its slopes belong to axis 1, and the "
       "bottom's shape is (1); set prelu_param.channel_shared to have one slope for all"},
      {"name: 'l' type: 'PReLU'\nprelu_param { filler { type: 'gausian' } }",
       {{2, 3}},
       "layer:2:30: error: layer 'l' (PReLU): unknown filler type 'gausian'; did you mean "
       "'gaussian'? (known: bilinear, constant, gaussian, msra, positive_unitball, uniform, "
       "xavier)"},
  });
}

TEST(PReLULayer, RejectsAnotherNumberOfChannelsLater) {
  LayerHarness harness(PReLU(""), {{2, 3, 4}});
  harness.bottom().Reshape({2, 4, 4});
  try {
    harness.Forward();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "layer: error: layer 'l' (PReLU): has a slope for each of 3 channels, but the "
                 "bottom has 4: 2 4 4 (32)");
  }
}

}  // namespace
}  // namespace demitasse
