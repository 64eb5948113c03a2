#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;
using Values = std::vector<float>;

std::string Deconvolution(const std::string& param) {
  return "type: 'Deconvolution' convolution_param { weight_filler { type: 'gaussian' std: 0.5 } "
         "bias_filler { type: 'gaussian' } " +
         param + " }";
}

TEST(DeconvolutionLayer, SpreadsEachValueOverAWindow) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    LayerHarness harness(Deconvolution("num_output: 1 kernel_size: 2"), {{1, 1, 2, 2}}, engine);
    SetData({1, 2, 3, 4}, &harness.bottom());
    SetData({1, 10, 100, 1000}, harness.layer().blobs()[0].get());
    SetData({0.5f}, harness.layer().blobs()[1].get());
    harness.Forward();
    EXPECT_EQ((Shape{1, 1, 3, 3}), harness.top().shape());
    EXPECT_EQ((Values{1.5f, 12.5f, 20.5f, 103.5f, 1234.5f, 2040.5f, 300.5f, 3400.5f, 4000.5f}),
              Data(harness.top()));
  }
}

TEST(DeconvolutionLayer, UpsamplesWithABilinearFiller) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    LayerHarness harness(
        "type: 'Deconvolution' convolution_param { num_output: 2 group: 2 kernel_size: 4 stride: 2 "
        "pad: 1 bias_term: false weight_filler { type: 'bilinear' } }",
        {{1, 2, 1, 3}}, engine);
    ASSERT_EQ(1u, harness.layer().blobs().size());
    SetData({4, 8, 12, 0, 16, 0}, &harness.bottom());
    harness.Forward();
    EXPECT_EQ((Shape{1, 2, 2, 6}), harness.top().shape());
    const Values row = {2.25f, 3.75f, 5.25f, 6.75f, 8.25f, 6.75f};
    const Values other = {0, 3, 9, 9, 3, 0};
    Values expected;
    for (const Values* values : {&row, &row, &other, &other}) {
      expected.insert(expected.end(), values->begin(), values->end());
    }
    EXPECT_EQ(expected, Data(harness.top()));
  }
}

TEST(DeconvolutionLayer, HasWeightsPerInputAndOutputOfTheGroup) {
  LayerHarness harness(Deconvolution("num_output: 6 kernel_h: 3 kernel_w: 2 group: 2"),
                       {{2, 4, 5, 5}});
  ASSERT_EQ(2u, harness.layer().blobs().size());
  EXPECT_EQ((Shape{4, 3, 3, 2}), harness.layer().blobs()[0]->shape());
  EXPECT_EQ(Shape{6}, harness.layer().blobs()[1]->shape());
}

TEST(DeconvolutionLayer, GivesTheTopItsShape) {
  const struct {
    std::string param;
    Shape bottom, top;
  } cases[] = {
      {"num_output: 4 kernel_size: 3", {2, 3, 8, 7}, {2, 4, 10, 9}},
      {"num_output: 4 kernel_size: 3 stride: 2 pad: 1", {2, 3, 9, 8}, {2, 4, 17, 15}},
      {"num_output: 4 kernel_size: 3 dilation: 2", {2, 3, 8, 7}, {2, 4, 12, 11}},
      {"num_output: 4 kernel_size: 1 stride: 3", {2, 3, 4, 1}, {2, 4, 10, 1}},
      {"num_output: 4 kernel_size: 2 stride: 3 stride: 2", {2, 3, 4, 5}, {2, 4, 11, 10}},
      {"num_output: 4 kernel_size: 3 stride: 2", {2, 3, 9}, {2, 4, 19}},
      {"num_output: 4 kernel_size: 2", {2, 3, 5, 6, 7}, {2, 4, 6, 7, 8}},
      {"num_output: 4 kernel_size: 3 axis: 2", {2, 5, 3, 8, 7}, {2, 5, 4, 10, 9}},
      {"num_output: 4 kernel_size: 3", {0, 3, 8, 7}, {0, 4, 10, 9}},
      {"num_output: 4 kernel_size: 3", {1, 3, 0, 7}, {1, 4, 2, 9}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.param);
    LayerHarness harness(Deconvolution(c.param), {c.bottom});
    harness.Forward();
    EXPECT_EQ(c.top, harness.top().shape());
  }
}

TEST(DeconvolutionLayer, HasTheRightGradients) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    GradientOptions options;
    options.engine = engine;
    for (const char* const param : {
             "num_output: 3 kernel_size: 3 stride: 2 pad: 1",
             "num_output: 2 kernel_size: 1 bias_term: false",
             "num_output: 4 kernel_size: 3 group: 2 dilation: 2 pad: 2",
             "num_output: 2 kernel_h: 2 kernel_w: 3 stride_h: 3 stride_w: 1 pad_w: 1",
         }) {
      CheckGradients(Deconvolution(param), {{2, 2, 3, 2}}, options);
    }
    CheckGradients(Deconvolution("num_output: 3 kernel_size: 3 pad: 1"), {{2, 2, 4}}, options);
    CheckGradients(Deconvolution("num_output: 2 kernel_size: 2"), {{1, 2, 2, 1, 2}}, options);
    CheckGradients(Deconvolution("num_output: 2 kernel_size: 2") +
                       " bottom: 'a' bottom: 'b' top: 'c' top: 'd'",
                   {{1, 2, 2, 3}, {1, 2, 2, 3}}, options);
  }
}

TEST(DeconvolutionLayer, FollowsTheBottomsShape) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    GradientOptions options;
    options.engine = engine;
    CheckReshape(Deconvolution("num_output: 8 kernel_size: 3 stride: 2"), {{2, 8, 5, 4}},
                 {{3, 8, 7, 9}}, options);
  }
}

TEST(DeconvolutionLayer, LeavesFrozenParametersAlone) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    LayerHarness harness(Deconvolution("num_output: 2 kernel_size: 1"), {{1, 2, 2, 2}}, engine);
    harness.Forward();
    SetDiff(Values(8, 1), &harness.top());
    SetDiff(Values(2, 5), harness.layer().blobs()[1].get());
    harness.layer().set_param_propagate_down(0, false);
    harness.layer().Backward(harness.tops(), {false}, harness.bottoms());
    EXPECT_EQ(Values(4, 0), Diff(*harness.layer().blobs()[0]));
    EXPECT_EQ(Values(2, 9), Diff(*harness.layer().blobs()[1]));
    EXPECT_EQ(Values(8, 0), Diff(harness.bottom()));
  }
}

TEST(DeconvolutionLayer, TheFilesEngineMakesNoDifference) {
  LayerHarness asked(Deconvolution("num_output: 16 kernel_size: 3 engine: CAFFE"), {{1, 16, 8, 8}});
  LayerHarness plain(Deconvolution("num_output: 16 kernel_size: 3"), {{1, 16, 8, 8}});
  asked.Forward();
  plain.Forward();
  EXPECT_EQ(plain.layer().Implementation(), asked.layer().Implementation());
}

TEST(DeconvolutionLayer, ReportsABottomOfAnotherKindThanAtSetUp) {
  LayerHarness harness("name: 'l' " + Deconvolution("num_output: 3 kernel_size: 1"),
                       {{1, 2, 3, 3}});
  harness.bottom().Reshape({1, 3, 3, 3});
  try {
    harness.Forward();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(
        "layer: error: layer 'l' (Deconvolution): bottom[0] of 1 3 3 3 (27) has 3 channels on axis "
        "1, the weights are for 2",
        error.what());
  }
}

TEST(DeconvolutionLayer, ReportsWhatIsWrong) {
  const auto layer = [](const std::string& param) {
    return "name: 'l' type: 'Deconvolution' convolution_param { " + param + " }";
  };
  const Shapes image = {{1, 4, 5, 6}};
  CheckErrors({
      {layer("kernel_size: 3"), image,
       "layer:1:33: error: layer 'l' (Deconvolution): num_output must be given"},
      {layer("num_output: 2"), image,
       "layer:1:33: error: layer 'l' (Deconvolution): kernel_size must be given"},
      {layer("num_output: 2 kernel_size: 3 stride: 0"), image,
       "layer:1:90: error: layer 'l' (Deconvolution): stride must be greater than 0, got 0"},
      {layer("num_output: 6 kernel_size: 1 group: 4"), image,
       "layer:1:89: error: layer 'l' (Deconvolution): num_output 6 is not a multiple of group 4"},
      {layer("num_output: 6 kernel_size: 1 group: 3"), image,
       "layer:1:89: error: layer 'l' (Deconvolution): the 4 channels of bottom[0] are not a "
       "multiple of group 3"},
      {layer("num_output: 2 kernel_size: 3 pad: 4 pad: 3"), image,
       "layer:1:87: error: layer 'l' (Deconvolution): the top would have -1 elements on axis 2: "
       "stride 1 * (5 of the bottom - 1) + 3 that the kernel spans - 2 * pad 4; it needs at least "
       "1"},
      {layer("num_output: 2 kernel_size: 1 stride: 2147483647"), image,
       "layer:1:90: error: layer 'l' (Deconvolution): the top would have 8589934589 elements on "
       "axis 2, more than 2147483647"},
      {layer("num_output: 2 kernel_size: 2147483647"), image,
       "layer:1:80: error: layer 'l' (Deconvolution): the top would have 2147483651 elements on "
       "axis 2, more than 2147483647"},
      {layer("num_output: 6 kernel_size: 1 axis: 4"), image,
       "layer:1:88: error: layer 'l' (Deconvolution): axis 4 is outside the bottom's 4 axes (1 4 5 "
       "6 (120))"},
      {layer("num_output: 6 kernel_size: 1"),
       {{3, 4}},
       "layer: error: layer 'l' (Deconvolution): bottom[0] of 3 4 (12) has no spatial axis behind "
       "its channels on axis 1"},
      {layer("num_output: 6 kernel_size: 1") + " bottom: 'a' bottom: 'b' top: 'c' top: 'd'",
       {{1, 4, 5, 6}, {1, 4, 5, 7}},
       "layer:1:104: error: layer 'l' (Deconvolution): bottom[1] 'b' of 1 4 5 7 (140) differs from "
       "bottom[0] 'a' of 1 4 5 6 (120): all bottoms must have one shape"},
  });
}

}  // namespace
}  // namespace demitasse
