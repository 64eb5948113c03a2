#include <gtest/gtest.h>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;
using Values = std::vector<float>;

const char kLearned[] =
    "name: 'l' type: 'Scale' scale_param { bias_term: true filler { type: 'gaussian' } "
    "bias_filler { type: 'gaussian' } }";

std::string ScaleText(const std::string& param) {
  return "name: 'l' type: 'Scale' scale_param { " + param + " }";
}

Shape LearnedShape(const std::string& param, const Shape& bottom) {
  LayerHarness harness(ScaleText(param), {bottom});
  return harness.layer().blobs()[0]->shape();
}

TEST(ScaleLayer, LearnsAFactorPerChannelThatBeginsAsOne) {
  LayerHarness harness(ScaleText("bias_term: true"), {{1, 2, 2}});
  ASSERT_EQ(2u, harness.layer().blobs().size());
  EXPECT_EQ((Values{1, 1}), Data(*harness.layer().blobs()[0]));
  EXPECT_EQ((Values{0, 0}), Data(*harness.layer().blobs()[1]));
}

TEST(ScaleLayer, UsesTheFillers) {
  LayerHarness harness(ScaleText("bias_term: true filler { value: 3 } bias_filler { value: 4 }"),
                       {{1, 2}});
  SetData({1, 2}, &harness.bottom());
  harness.Forward();
  EXPECT_EQ((Values{7, 10}), Data(harness.top()));
}

TEST(ScaleLayer, MultipliesAndShiftsEachChannel) {
  LayerHarness harness(ScaleText("bias_term: true"), {{2, 2, 2}});
  SetData({1, 2, 3, 4, 5, 6, 7, 8}, &harness.bottom());
  SetData({10, 100}, harness.layer().blobs()[0].get());
  SetData({1, 2}, harness.layer().blobs()[1].get());
  harness.Forward();
  EXPECT_EQ((Values{11, 21, 302, 402, 51, 61, 702, 802}), Data(harness.top()));
}

TEST(ScaleLayer, LearnsTheAxesItIsTold) {
  EXPECT_EQ((Shape{2, 3}), LearnedShape("axis: 0 num_axes: 2", {2, 3, 4}));
  EXPECT_EQ((Shape{3, 4}), LearnedShape("num_axes: -1", {2, 3, 4}));
  EXPECT_EQ((Shape{4}), LearnedShape("axis: -1", {2, 3, 4}));
  EXPECT_EQ(Shape{}, LearnedShape("num_axes: 0", {2, 3, 4}));
  EXPECT_EQ(Shape{}, LearnedShape("num_axes: 0", {2}));
}

TEST(ScaleLayer, MultipliesByASecondBottom) {
  LayerHarness harness(ScaleText("axis: 0"), {{2, 2}, {2}});
  SetData({1, 2, 3, 4}, &harness.bottom(0));
  SetData({10, 100}, &harness.bottom(1));
  harness.Forward();
  EXPECT_EQ((Values{10, 20, 300, 400}), Data(harness.top()));
  EXPECT_TRUE(harness.layer().blobs().empty());
}

TEST(ScaleLayer, MultipliesByASingleValue) {
  LayerHarness harness(ScaleText(""), {{3}, {}});
  SetData({1, 2, 3}, &harness.bottom(0));
  SetData({10}, &harness.bottom(1));
  harness.Forward();
  EXPECT_EQ((Values{10, 20, 30}), Data(harness.top()));
}

TEST(ScaleLayer, LearnsABiasOfTheShapeOfTheSecondBottom) {
  LayerHarness harness(ScaleText("bias_term: true bias_filler { value: 5 }"), {{1, 2, 2}, {2, 2}});
  ASSERT_EQ(1u, harness.layer().blobs().size());
  EXPECT_EQ((Shape{2, 2}), harness.layer().blobs()[0]->shape());
  SetData({1, 2, 3, 4}, &harness.bottom(0));
  SetData({1, 0, 1, 0}, &harness.bottom(1));
  harness.Forward();
  EXPECT_EQ((Values{6, 5, 8, 5}), Data(harness.top()));
}

TEST(ScaleLayer, HasTheRightGradients) {
  CheckGradients(kLearned, {{2, 3, 2}});
  CheckGradients(kLearned, {{4, 3}});
  CheckGradients(ScaleText("num_axes: 0 bias_term: true"), {{2, 3}});
  CheckGradients(ScaleText("axis: 0 num_axes: -1 bias_term: true"), {{2, 3}});
  CheckGradients(ScaleText("axis: 0 bias_term: true"), {{2, 3}, {2}});
  CheckGradients(ScaleText(""), {{2, 3, 2}, {3, 2}});
}

TEST(ScaleLayer, AddsToTheGradientsOfItsParameters) {
  LayerHarness harness(ScaleText("bias_term: true"), {{1, 1}});
  SetData({3}, &harness.bottom());
  harness.Forward();
  SetDiff({10}, &harness.top());
  SetDiff({1}, harness.layer().blobs()[0].get());
  SetDiff({2}, harness.layer().blobs()[1].get());
  harness.layer().Backward(harness.tops(), {true}, harness.bottoms());
  EXPECT_EQ(Values{31}, Diff(*harness.layer().blobs()[0]));
  EXPECT_EQ(Values{12}, Diff(*harness.layer().blobs()[1]));
}

TEST(ScaleLayer, LeavesGradientsThatAreNotAskedFor) {
  LayerHarness harness(ScaleText("bias_term: true"), {{1, 1}, {1}});
  harness.Forward();
  SetDiff({10}, &harness.top());
  harness.layer().set_param_propagate_down(0, false);
  harness.layer().Backward(harness.tops(), {false, false}, harness.bottoms());
  EXPECT_EQ(Values{0}, Diff(*harness.layer().blobs()[0]));
  EXPECT_EQ(Values{0}, Diff(harness.bottom(0)));
  EXPECT_EQ(Values{0}, Diff(harness.bottom(1)));
}

TEST(ScaleLayer, WorksInPlace) {
  CheckInPlace(kLearned, {2, 3, 2});
  CheckInPlace(ScaleText("filler { value: 0 }"), {2, 3});
}

TEST(ScaleLayer, MultipliesByASecondBottomInPlace) {
  const std::string text = ScaleText("axis: 0") + " bottom: 'x' bottom: 'a' ";
  LayerHarness apart(text + "top: 'y'", {{2, 3}, {2}});
  LayerHarness in_place(text + "top: 'x'", {{2, 3}, {2}});
  for (LayerHarness* harness : {&apart, &in_place}) {
    harness->Forward();
    SetDiff({1, 2, 3, 4, 5, 6}, &harness->top());
    harness->Backward();
  }
  EXPECT_EQ(Data(apart.top()), Data(in_place.top()));
  EXPECT_EQ(Diff(apart.bottom(0)), Diff(in_place.bottom(0)));
  EXPECT_EQ(Diff(apart.bottom(1)), Diff(in_place.bottom(1)));
}

TEST(ScaleLayer, FollowsTheBottomsShape) {
  CheckReshape(kLearned, {{2, 3, 2}}, {{4, 3, 5}});
  CheckReshape(ScaleText(""), {{2, 3}, {3}}, {{4, 5, 2}, {5, 2}});
}

TEST(ScaleLayer, TakesEmptyBottoms) {
  LayerHarness harness(kLearned, {{0, 3, 2}});
  harness.Forward();
  harness.Backward();
  EXPECT_EQ((Values{0, 0, 0}), Diff(*harness.layer().blobs()[0]));
}

TEST(ScaleLayer, ReportsWhatIsWrong) {
  CheckErrors({
      {ScaleText("axis: 3"),
       {{2, 3, 4}},
       "layer:1:45: error: layer 'l' (Scale): axis 3 is outside the bottom's 3 axes (2 3 4 (24))"},
      {ScaleText("num_axes: -2"),
       {{2, 3, 4}},
       "layer:1:49: error: layer 'l' (Scale): num_axes must be 0 or more, or -1 for all axes from "
       "axis on, got -2"},
      {ScaleText("axis: 1 num_axes: 3"),
       {{2, 3, 4}},
       "layer:1:57: error: layer 'l' (Scale): num_axes must be at most 2 from axis 1 of the "
       "bottom's 3 axes (2 3 4 (24)), got 3"},
      {ScaleText("filler { type: 'none' }"),
       {{2, 3, 4}},
       "layer:1:54: error: layer 'l' (Scale): unknown filler type 'none' (known: bilinear, "
       "constant, gaussian, msra, positive_unitball, uniform, xavier)"},
      {ScaleText("bias_term: true bias_filler { type: 'none' }"),
       {{2, 3, 4}},
       "layer:1:75: error: layer 'l' (Scale): unknown filler type 'none' (known: bilinear, "
       "constant, gaussian, msra, positive_unitball, uniform, xavier)"},
      {ScaleText("") + " bottom: 'x' bottom: 'a' top: 'y'",
       {{2, 3, 4}, {4}},
       "layer:1:62: error: layer 'l' (Scale): bottom[1] of 4 (4) does not fit bottom[0] of 2 3 4 "
       "(24) from axis 1 on; the sizes must be equal there"},
      {ScaleText("") + " bottom: 'x' bottom: 'a' top: 'y'",
       {{2, 3}, {3, 1}},
       "layer:1:62: error: layer 'l' (Scale): bottom[1] of 3 1 (3) does not fit bottom[0] of 2 3 "
       "(6) from axis 1 on; the sizes must be equal there"},
      {ScaleText("axis: -3"),
       {{2, 3}, {2}},
       "layer:1:45: error: layer 'l' (Scale): axis -3 is outside the bottom's 2 axes (2 3 (6))"},
      {ScaleText("") + " bottom: 'x' bottom: 'a' top: 'a'",
       {{2, 3}, {3}},
       "layer:1:71: error: layer 'l' (Scale): cannot write top[0] 'a' in place over its bottom[1]; "
       "give the top a name of its own"},
      {ScaleText(""),
       {{2, 3}, {3}, {3}},
       "layer: error: layer 'l' (Scale): takes at most 2 bottom blobs, got 3"},
  });
}

std::string ErrorAfterReshape(LayerHarness* harness, const Shapes& shapes) {
  for (size_t i = 0; i < shapes.size(); ++i) harness->bottoms()[i]->Reshape(shapes[i]);
  try {
    harness->Forward();
    return "no error";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(ScaleLayer, ReportsBottomsThatNoLongerFitWhatItLearned) {
  LayerHarness learned(ScaleText("") + " bottom: 'x' top: 'y'", {{2, 3}});
  EXPECT_EQ(
      "layer:1:50: error: layer 'l' (Scale): the learned parameter of 3 (3) does not fit bottom[0] "
      "of 2 4 (8) from axis 1 on; the sizes must be equal there",
      ErrorAfterReshape(&learned, {{2, 4}}));
  LayerHarness given(ScaleText("bias_term: true") + " bottom: 'x' bottom: 'a' top: 'y'",
                     {{2, 3}, {3}});
  EXPECT_EQ(
      "layer:1:77: error: layer 'l' (Scale): bottom[1] of 4 (4) does not fit the learned bias of 3 "
      "(3); the shapes must be equal",
      ErrorAfterReshape(&given, {{2, 4}, {4}}));
}

}  // namespace
}  // namespace demitasse
