#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;
using Values = std::vector<float>;

std::string Im2col(const std::string& param) {
  return "name: 'l' type: 'Im2col' convolution_param { " + param + " }";
}

TEST(Im2colLayer, TurnsWindowsIntoColumns) {
  LayerHarness harness(Im2col("kernel_size: 2"), {{1, 1, 2, 3}});
  SetData({1, 2, 3, 4, 5, 6}, &harness.bottom());
  harness.Forward();
  EXPECT_EQ((Shape{1, 4, 1, 2}), harness.top().shape());
  EXPECT_EQ((Values{1, 2, 2, 3, 4, 5, 5, 6}), Data(harness.top()));

  SetDiff({1, 2, 3, 4, 5, 6, 7, 8}, &harness.top());
  harness.Backward();
  EXPECT_EQ((Values{1, 5, 4, 5, 13, 8}), Diff(harness.bottom()));
}

TEST(Im2colLayer, SeesZerosInThePadding) {
  LayerHarness harness(Im2col("kernel_size: 2 pad: 1 stride: 3 dilation: 2"), {{1, 2, 3}});
  SetData({1, 2, 3, 4, 5, 6}, &harness.bottom());
  harness.Forward();
  EXPECT_EQ((Shape{1, 4, 1}), harness.top().shape());
  EXPECT_EQ((Values{0, 2, 0, 5}), Data(harness.top()));
}

TEST(Im2colLayer, GivesTheTopItsShape) {
  const struct {
    std::string param;
    Shape bottom, top;
  } cases[] = {
      {"kernel_size: 3 stride: 2 pad: 1", {2, 3, 7, 6}, {2, 27, 4, 3}},
      {"kernel_h: 3 kernel_w: 1", {2, 3, 7, 6}, {2, 9, 5, 6}},
      {"kernel_size: 3 dilation: 2 force_nd_im2col: true", {2, 3, 7, 6}, {2, 27, 3, 2}},
      {"kernel_size: 3", {2, 3, 7}, {2, 9, 5}},
      {"kernel_size: 2 kernel_size: 3 kernel_size: 1", {2, 3, 5, 6, 7}, {2, 18, 4, 4, 7}},
      {"kernel_size: 2 axis: 2", {2, 5, 3, 4, 4}, {2, 5, 12, 3, 3}},
      {"kernel_size: 2 axis: -2", {2, 5, 4}, {2, 10, 3}},
      {"kernel_size: 2", {0, 3, 4, 4}, {0, 12, 3, 3}},
      {"kernel_size: 2", {2, 0, 4, 4}, {2, 0, 3, 3}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.param);
    LayerHarness harness(Im2col(c.param), {c.bottom});
    harness.Forward();
    EXPECT_EQ(c.top, harness.top().shape());
    harness.Backward();
  }
}

TEST(Im2colLayer, HasTheRightGradients) {
  CheckGradients(Im2col("kernel_size: 3 stride: 2 pad: 1"), {{2, 2, 4, 3}});
  CheckGradients(Im2col("kernel_size: 2 dilation: 2 pad: 1"), {{1, 2, 4, 3}});
  CheckGradients(Im2col("kernel_size: 2 stride: 1 stride: 2 stride: 1"), {{1, 2, 3, 4, 2}});
  CheckGradients(Im2col("kernel_size: 2 axis: 2"), {{2, 1, 2, 4}});
}

TEST(Im2colLayer, FollowsTheBottomsShape) {
  CheckReshape(Im2col("kernel_size: 2"), {{2, 3, 4, 5}}, {{3, 2, 6}});
}

TEST(Im2colLayer, ReportsWhatIsWrong) {
  const Shapes image = {{1, 4, 5, 6}};
  CheckErrors({
      {"name: 'l' type: 'Im2col'", image,
       "layer: error: layer 'l' (Im2col): kernel_size must be given"},
      {Im2col("kernel_size: 0"), image,
       "layer:1:59: error: layer 'l' (Im2col): kernel_size must be greater than 0, got 0"},
      {Im2col("kernel_size: 6"), image,
       "layer:1:59: error: layer 'l' (Im2col): kernel 6 is larger than the padded input 5 on axis "
       "2"},
      {Im2col("kernel_size: 3 dilation: 3"), image,
       "layer:1:71: error: layer 'l' (Im2col): kernel 3 with dilation 3 spans 7 places, more than "
       "the padded input 5 on axis 2"},
      {Im2col("kernel_size: 50000 pad: 50000"), image,
       "layer:1:59: error: layer 'l' (Im2col): the top would have more than 2147483647 channels, "
       "one for each of the 4 of the bottom and each place in the kernel"},
      {Im2col("kernel_size: 1 axis: 4"), image,
       "layer:1:67: error: layer 'l' (Im2col): axis 4 is outside the bottom's 4 axes (1 4 5 6 "
       "(120))"},
      {Im2col("kernel_size: 1"),
       {{3, 4}},
       "layer: error: layer 'l' (Im2col): bottom[0] of 3 4 (12) has no spatial axis behind its "
       "channels on axis 1"},
      {Im2col("kernel_size: 1"),
       {{}},
       "layer:1:26: error: layer 'l' (Im2col): axis 1 is outside the bottom's 0 axes ((1))"},
  });
}

}  // namespace
}  // namespace demitasse
