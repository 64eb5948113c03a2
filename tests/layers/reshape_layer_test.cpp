#include <gtest/gtest.h>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;

std::string ReshapeText(const std::string& param) {
  return "name: 'l' type: 'Reshape' reshape_param { " + param + " }";
}

Shape Reshaped(const std::string& param, const Shape& bottom) {
  LayerHarness harness(ReshapeText(param), {bottom});
  return harness.top().shape();
}

TEST(ReshapeLayer, TakesSizes) {
  EXPECT_EQ((Shape{4, 3, 1}), Reshaped("shape { dim: 4 dim: 3 dim: 1 }", {2, 6}));
}

TEST(ReshapeLayer, ZeroKeepsASize) {
  EXPECT_EQ((Shape{2, 3, 20}), Reshaped("shape { dim: 0 dim: 0 dim: 20 }", {2, 3, 4, 5}));
}

TEST(ReshapeLayer, MinusOneIsWhatTheOthersLeave) {
  EXPECT_EQ((Shape{2, 60}), Reshaped("shape { dim: 0 dim: -1 }", {2, 3, 4, 5}));
  EXPECT_EQ((Shape{120}), Reshaped("shape { dim: -1 }", {2, 3, 4, 5}));
  EXPECT_EQ((Shape{8, 3, 5}), Reshaped("shape { dim: -1 dim: 0 dim: 5 }", {2, 3, 4, 5}));
}

TEST(ReshapeLayer, ReplacesAxesFromAxisOn) {
  EXPECT_EQ((Shape{2, 6, 10}), Reshaped("axis: 1 shape { dim: 6 dim: 10 }", {2, 3, 4, 5}));
  EXPECT_EQ((Shape{2, 6, 2, 5}),
            Reshaped("axis: 1 num_axes: 2 shape { dim: 6 dim: 2 }", {2, 3, 4, 5}));
  EXPECT_EQ((Shape{2, 12, 5}), Reshaped("axis: 1 num_axes: 2 shape { dim: -1 }", {2, 3, 4, 5}));
  EXPECT_EQ((Shape{2, 3, 2, 2}), Reshaped("axis: 2 shape { dim: 2 dim: -1 }", {2, 3, 4}));
}

TEST(ReshapeLayer, ZeroCountsFromAxisOn) {
  EXPECT_EQ((Shape{2, 3, 20}), Reshaped("axis: 1 shape { dim: 0 dim: -1 }", {2, 3, 4, 5}));
}

TEST(ReshapeLayer, InsertsAxes) {
  EXPECT_EQ((Shape{1, 2, 3}), Reshaped("num_axes: 0 shape { dim: 1 }", {2, 3}));
  EXPECT_EQ((Shape{2, 3, 1}), Reshaped("axis: -1 shape { dim: 1 }", {2, 3}));
  EXPECT_EQ((Shape{2, 1, 3}), Reshaped("axis: -2 num_axes: 0 shape { dim: 1 }", {2, 3}));
}

TEST(ReshapeLayer, ANegativeAxisCountsFromTheEnd) {
  EXPECT_EQ((Shape{2, 3, 4, 2, 2}), Reshaped("axis: -2 shape { dim: 2 dim: 2 }", {2, 3, 4, 4}));
}

TEST(ReshapeLayer, MakesASingleValue) {
  EXPECT_EQ(Shape{}, Reshaped("shape { }", {1, 1}));
  EXPECT_EQ((Shape{1, 1}), Reshaped("shape { dim: 1 dim: -1 }", {}));
}

TEST(ReshapeLayer, TakesEmptyBottoms) {
  EXPECT_EQ((Shape{0, 12}), Reshaped("shape { dim: 0 dim: 12 }", {0, 3, 4}));
  EXPECT_EQ((Shape{5, 0}), Reshaped("shape { dim: 5 dim: -1 }", {0, 3, 4}));
}

TEST(ReshapeLayer, SharesDataAndGradient) {
  LayerHarness harness(ReshapeText("shape { dim: -1 }"), {{2, 3}});
  harness.Forward();
  EXPECT_EQ(harness.bottom().cpu_data(), harness.top().cpu_data());
  EXPECT_EQ(harness.bottom().cpu_diff(), harness.top().cpu_diff());
}

TEST(ReshapeLayer, HasTheRightGradients) {
  CheckGradients(ReshapeText("shape { dim: 3 dim: -1 }"), {{2, 3, 2}});
}

TEST(ReshapeLayer, FollowsTheBottomsShape) {
  CheckReshape(ReshapeText("shape { dim: 0 dim: -1 }"), {{2, 3, 2}}, {{5, 2, 4}});
}

TEST(ReshapeLayer, ReportsWrongDims) {
  CheckErrors({
      {ReshapeText("shape { dim: 2 dim: -2 }"),
       {{2, 3}},
       "layer:1:63: error: layer 'l' (Reshape): dim must be a size, 0 (as in the bottom) or -1 "
       "(what the others leave), got -2"},
      {ReshapeText("shape { dim: 3000000000 }"),
       {{2, 3}},
       "layer:1:56: error: layer 'l' (Reshape): dim must be a size, 0 (as in the bottom) or -1 "
       "(what the others leave), got 3000000000"},
      {ReshapeText("shape { dim: -1 dim: 2 dim: -1 }"),
       {{2, 3}},
       "layer:1:71: error: layer 'l' (Reshape): only one dim can be -1, but dim[0] and dim[2] are"},
      {ReshapeText("shape { dim: 0 dim: 0 dim: 0 }"),
       {{2, 3}},
       "layer:1:70: error: layer 'l' (Reshape): dim 0 keeps the size of the bottom's axis 2, but "
       "the bottom 2 3 (6) has only 2 axes"},
      {ReshapeText("shape { dim: 4 dim: -1 }"),
       {{2, 3}},
       "layer:1:63: error: layer 'l' (Reshape): there is no size for the dim -1: the bottom 2 3 "
       "(6) has 6 elements, the other dims make 4"},
      {ReshapeText("shape { dim: 0 dim: -1 }"),
       {{0, 3}},
       "layer:1:63: error: layer 'l' (Reshape): there is no size for the dim -1: the bottom 0 3 "
       "(0) has 0 elements, the other dims make 0"},
      {ReshapeText("shape { dim: 2 dim: 4 }"),
       {{2, 3}},
       "layer:1:43: error: layer 'l' (Reshape): the new shape 2 4 (8) must have as many elements "
       "as the bottom 2 3 (6)"},
      {ReshapeText(""), {{2, 3}}, "layer:1:27: error: layer 'l' (Reshape): shape must be given"},
      {ReshapeText("shape { dim: 2000000000 dim: 2000000000 dim: 2000000000 }"),
       {{2, 3}},
       "layer:1:43: error: layer 'l' (Reshape): a blob of 2000000000 x 2000000000 x 2000000000 is "
       "too large for any machine"},
  });
}

TEST(ReshapeLayer, ReportsWrongAxes) {
  CheckErrors({
      {ReshapeText("axis: 3 shape { dim: 1 }"),
       {{2, 3}},
       "layer:1:49: error: layer 'l' (Reshape): axis must be from -3 to 2 for a bottom of 2 axes "
       "(2 3 (6)), got 3"},
      {ReshapeText("axis: -4 shape { dim: 1 }"),
       {{2, 3}},
       "layer:1:49: error: layer 'l' (Reshape): axis must be from -3 to 2 for a bottom of 2 axes "
       "(2 3 (6)), got -4"},
      {ReshapeText("axis: 1 num_axes: 2 shape { dim: 3 }"),
       {{2, 3}},
       "layer:1:61: error: layer 'l' (Reshape): num_axes must be at most 1 from axis 1 of the "
       "bottom's 2 axes (2 3 (6)), got 2"},
      {ReshapeText("num_axes: -2 shape { dim: 6 }"),
       {{2, 3}},
       "layer:1:53: error: layer 'l' (Reshape): num_axes must be 0 or more, or -1 for all axes "
       "from axis on, got -2"},
      {"name: 'l' type: 'Reshape' bottom: 'x' top: 'x' reshape_param { shape { dim: 6 } }",
       {{2, 3}},
       "layer:1:44: error: layer 'l' (Reshape): cannot write top[0] 'x' in place over its "
       "bottom[0]; give the top a name of its own"},
  });
}

}  // namespace
}  // namespace demitasse
