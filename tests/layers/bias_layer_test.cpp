#include <gtest/gtest.h>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;
using Values = std::vector<float>;

std::string BiasText(const std::string& param) {
  return "name: 'l' type: 'Bias' bias_param { " + param + " }";
}

TEST(BiasLayer, LearnsAValuePerChannelThatBeginsAsZero) {
  LayerHarness harness(BiasText(""), {{1, 2, 2}});
  ASSERT_EQ(1u, harness.layer().blobs().size());
  EXPECT_EQ((Values{0, 0}), Data(*harness.layer().blobs()[0]));
}

TEST(BiasLayer, AddsToEachChannel) {
  LayerHarness harness(BiasText("filler { value: 5 }"), {{2, 2, 2}});
  SetData({1, 2, 3, 4, 5, 6, 7, 8}, &harness.bottom());
  harness.layer().blobs()[0]->mutable_cpu_data()[1] = 10;
  harness.Forward();
  EXPECT_EQ((Values{6, 7, 13, 14, 10, 11, 17, 18}), Data(harness.top()));
}

TEST(BiasLayer, LearnsTheAxesItIsTold) {
  LayerHarness two(BiasText("axis: 0 num_axes: 2"), {{2, 3, 4}});
  EXPECT_EQ((Shape{2, 3}), two.layer().blobs()[0]->shape());
  LayerHarness scalar(BiasText("num_axes: 0"), {{2, 3, 4}});
  EXPECT_EQ(Shape{}, scalar.layer().blobs()[0]->shape());
}

TEST(BiasLayer, AddsASecondBottom) {
  LayerHarness harness(BiasText("axis: 0"), {{2, 2}, {2}});
  SetData({1, 2, 3, 4}, &harness.bottom(0));
  SetData({10, 100}, &harness.bottom(1));
  harness.Forward();
  EXPECT_EQ((Values{11, 12, 103, 104}), Data(harness.top()));
  EXPECT_TRUE(harness.layer().blobs().empty());
}

TEST(BiasLayer, HasTheRightGradients) {
  CheckGradients(BiasText(""), {{2, 3, 2}});
  CheckGradients(BiasText("num_axes: 0"), {{2, 3}});
  CheckGradients(BiasText("axis: -2"), {{2, 3, 2}, {3}});
}

TEST(BiasLayer, AddsToTheGradientOfItsParameter) {
  LayerHarness harness(BiasText(""), {{2, 1}});
  harness.Forward();
  SetDiff({10, 20}, &harness.top());
  SetDiff({1}, harness.layer().blobs()[0].get());
  harness.layer().Backward(harness.tops(), {true}, harness.bottoms());
  EXPECT_EQ(Values{31}, Diff(*harness.layer().blobs()[0]));
  EXPECT_EQ((Values{10, 20}), Diff(harness.bottom()));
}

TEST(BiasLayer, WorksInPlace) { CheckInPlace(BiasText("filler { type: 'gaussian' }"), {2, 3, 2}); }

TEST(BiasLayer, FollowsTheBottomsShape) {
  CheckReshape(BiasText(""), {{2, 3, 2}}, {{4, 3, 5}});
  CheckReshape(BiasText(""), {{2, 3}, {3}}, {{4, 5, 2}, {5, 2}});
}

TEST(BiasLayer, ReportsWhatIsWrong) {
  CheckErrors({
      {BiasText("axis: -4"),
       {{2, 3, 4}},
       "layer:1:43: error: layer 'l' (Bias): axis -4 is outside the bottom's 3 axes (2 3 4 (24))"},
      {BiasText("num_axes: 3"),
       {{2, 3, 4}},
       "layer:1:47: error: layer 'l' (Bias): num_axes must be at most 2 from axis 1 of the "
       "bottom's 3 axes (2 3 4 (24)), got 3"},
      {BiasText("filler { type: 'none' }"),
       {{2, 3, 4}},
       "layer:1:52: error: layer 'l' (Bias): unknown filler type 'none' (known: bilinear, "
       "constant, gaussian, msra, positive_unitball, uniform, xavier)"},
      {BiasText("") + " bottom: 'x' bottom: 'b' top: 'y'",
       {{2, 3, 4}, {2}},
       "layer:1:60: error: layer 'l' (Bias): bottom[1] of 2 (2) does not fit bottom[0] of 2 3 4 "
       "(24) from axis 1 on; the sizes must be equal there"},
  });
}

}  // namespace
}  // namespace demitasse
