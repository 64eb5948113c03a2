#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;
using Values = std::vector<float>;

std::string Convolution(const std::string& param) {
  return "type: 'Convolution' convolution_param { weight_filler { type: 'gaussian' std: 0.5 } "
         "bias_filler { type: 'gaussian' } " +
         param + " }";
}

TEST(ConvolutionLayer, ComputesWeightedSumsOfWindows) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    LayerHarness harness(Convolution("num_output: 2 kernel_size: 2"), {{1, 1, 3, 3}}, engine);
    SetData({1, 2, 3, 4, 5, 6, 7, 8, 9}, &harness.bottom());
    SetData({1, 2, 3, 4, 1, 0, 0, 0}, harness.layer().blobs()[0].get());
    SetData({10, -1}, harness.layer().blobs()[1].get());
    harness.Forward();
    EXPECT_EQ((Shape{1, 2, 2, 2}), harness.top().shape());
    EXPECT_EQ((Values{47, 57, 77, 87, 0, 1, 3, 4}), Data(harness.top()));
  }
}

TEST(ConvolutionLayer, HasWeightsPerOutputAndInputOfTheGroup) {
  LayerHarness harness(Convolution("num_output: 6 kernel_h: 3 kernel_w: 2 group: 2"),
                       {{2, 4, 5, 5}});
  ASSERT_EQ(2u, harness.layer().blobs().size());
  EXPECT_EQ((Shape{6, 2, 3, 2}), harness.layer().blobs()[0]->shape());
  EXPECT_EQ(Shape{6}, harness.layer().blobs()[1]->shape());
  LayerHarness no_bias(Convolution("num_output: 6 kernel_size: 3 bias_term: false"),
                       {{2, 4, 5, 5}});
  EXPECT_EQ(1u, no_bias.layer().blobs().size());
}

TEST(ConvolutionLayer, GivesTheTopItsShape) {
  const struct {
    std::string param;
    Shape bottom, top;
  } cases[] = {
      {"num_output: 4 kernel_size: 3", {2, 3, 8, 7}, {2, 4, 6, 5}},
      {"num_output: 4 kernel_size: 3 stride: 2 pad: 1", {2, 3, 8, 7}, {2, 4, 4, 4}},
      {"num_output: 4 kernel_size: 3 dilation: 2", {2, 3, 8, 7}, {2, 4, 4, 3}},
      {"num_output: 4 kernel_size: 3 kernel_size: 1 stride: 1 stride: 2 pad: 0 pad: 2",
       {2, 3, 8, 7},
       {2, 4, 6, 6}},
      {"num_output: 4 kernel_h: 3 kernel_w: 1 stride_h: 1 stride_w: 2 pad_w: 2",
       {2, 3, 8, 7},
       {2, 4, 6, 6}},
      {"num_output: 4 kernel_size: 3 dilation: 1 dilation: 3", {2, 3, 8, 7}, {2, 4, 6, 1}},
      {"num_output: 4 kernel_size: 3", {2, 3, 9}, {2, 4, 7}},
      {"num_output: 4 kernel_size: 2 kernel_size: 3 kernel_size: 1",
       {2, 3, 5, 6, 7},
       {2, 4, 4, 4, 7}},
      {"num_output: 4 kernel_size: 3 axis: 2", {2, 5, 3, 8, 7}, {2, 5, 4, 6, 5}},
      {"num_output: 4 kernel_size: 3 axis: -2", {2, 5, 9}, {2, 4, 7}},
      {"num_output: 4 kernel_size: 3", {0, 3, 8, 7}, {0, 4, 6, 5}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.param);
    LayerHarness harness(Convolution(c.param), {c.bottom});
    harness.Forward();
    EXPECT_EQ(c.top, harness.top().shape());
  }
}

TEST(ConvolutionLayer, WorksOnEveryBottomWithTheSameWeights) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    LayerHarness both(Convolution("num_output: 8 kernel_size: 3 pad: 1") +
                          " bottom: 'a' bottom: 'b' top: 'c' top: 'd'",
                      {{1, 3, 5, 5}, {1, 3, 5, 5}}, engine);
    LayerHarness one(Convolution("num_output: 8 kernel_size: 3 pad: 1"), {{1, 3, 5, 5}}, engine);
    for (size_t i = 0; i < 2; ++i) {
      one.layer().blobs()[i]->CopyFrom(*both.layer().blobs()[i]);
    }
    both.Forward();
    Values weights_diff(one.layer().blobs()[0]->size());
    for (int i = 0; i < 2; ++i) {
      one.bottom().CopyFrom(both.bottom(i));
      one.Forward();
      EXPECT_EQ(Data(one.top()), Data(both.top(i)));
      const Values top_diff(static_cast<size_t>(one.top().size()), static_cast<float>(i + 1));
      SetDiff(top_diff, &one.top());
      SetDiff(top_diff, &both.top(i));
      one.Backward();
      const Values diff = Diff(*one.layer().blobs()[0]);
      for (size_t j = 0; j < diff.size(); ++j) weights_diff[j] += diff[j];
    }
    both.Backward();
    EXPECT_EQ(Diff(one.bottom()), Diff(both.bottom(1)));
    const Values diff = Diff(*both.layer().blobs()[0]);
    for (size_t j = 0; j < diff.size(); ++j) EXPECT_NEAR(weights_diff[j], diff[j], 1e-4);
  }
}

TEST(ConvolutionLayer, HasTheRightGradients) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    GradientOptions options;
    options.engine = engine;
    for (const char* const param : {
             "num_output: 3 kernel_size: 3 stride: 2 pad: 1",
             "num_output: 2 kernel_size: 1 bias_term: false",
             "num_output: 4 kernel_size: 3 group: 2 dilation: 2 pad: 2",
             "num_output: 4 kernel_size: 2 group: 2",
             "num_output: 2 kernel_h: 4 kernel_w: 3 stride_h: 1 stride_w: 3 force_nd_im2col: true",
         }) {
      CheckGradients(Convolution(param), {{2, 2, 4, 3}}, options);
    }
    CheckGradients(Convolution("num_output: 3 kernel_size: 3 pad: 1"), {{2, 2, 5}}, options);
    CheckGradients(Convolution("num_output: 2 kernel_size: 2"), {{1, 2, 3, 2, 3}}, options);
    CheckGradients(Convolution("num_output: 2 kernel_size: 2 axis: 2"), {{2, 2, 2, 3, 3}}, options);
  }
}

TEST(ConvolutionLayer, FollowsTheBottomsShape) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    GradientOptions options;
    options.engine = engine;
    CheckReshape(Convolution("num_output: 8 kernel_size: 3 pad: 1"), {{2, 8, 5, 4}}, {{3, 8, 7, 9}},
                 options);
  }
}

TEST(ConvolutionLayer, LeavesFrozenParametersAlone) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    LayerHarness harness(Convolution("num_output: 2 kernel_size: 1"), {{1, 2, 2, 2}}, engine);
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

TEST(ConvolutionLayer, TheFilesEngineMakesNoDifference) {
  LayerHarness asked(Convolution("num_output: 16 kernel_size: 3 engine: CAFFE"), {{1, 16, 8, 8}});
  LayerHarness plain(Convolution("num_output: 16 kernel_size: 3"), {{1, 16, 8, 8}});
  asked.Forward();
  plain.Forward();
  EXPECT_EQ(plain.layer().Implementation(), asked.layer().Implementation());
}

TEST(ConvolutionLayer, ReportsABottomOfAnotherKindThanAtSetUp) {
  LayerHarness harness("name: 'l' " + Convolution("num_output: 2 kernel_size: 1"), {{1, 2, 3, 3}});
  const struct {
    Shape shape;
    const char* error;
  } cases[] = {
      {{1, 5, 3, 3},
       "layer: error: layer 'l' (Convolution): bottom[0] of 1 5 3 3 (45) has 5 channels on axis 1, "
       "the weights are for 2"},
      {{1, 2, 3},
       "layer: error: layer 'l' (Convolution): bottom[0] of 1 2 3 (6) has 3 axes, the layer was "
       "set up for 4"},
  };
  for (const auto& c : cases) {
    harness.bottom().Reshape(c.shape);
    try {
      harness.Forward();
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_STREQ(c.error, error.what());
    }
  }
}

TEST(ConvolutionLayer, ReportsWhatIsWrong) {
  const auto layer = [](const std::string& param) {
    return "name: 'l' type: 'Convolution' convolution_param { " + param + " }";
  };
  const Shapes image = {{1, 4, 5, 6}};
  CheckErrors({
      {layer("kernel_size: 3"), image,
       "layer:1:31: error: layer 'l' (Convolution): num_output must be given"},
      {layer("num_output: 0 kernel_size: 3"), image,
       "layer:1:63: error: layer 'l' (Convolution): num_output must be greater than 0, got 0"},
      {layer("num_output: 2147483648 kernel_size: 3"), image,
       "layer:1:63: error: layer 'l' (Convolution): num_output must be at most 2147483647, got "
       "2147483648"},
      {layer("num_output: 2"), image,
       "layer:1:31: error: layer 'l' (Convolution): kernel_size must be given"},
      {layer("num_output: 2 kernel_size: 0"), image,
       "layer:1:78: error: layer 'l' (Convolution): kernel_size must be greater than 0, got 0"},
      {layer("num_output: 2 kernel_size: 3 kernel_size: 0"), image,
       "layer:1:93: error: layer 'l' (Convolution): kernel_size must be greater than 0, got 0"},
      {layer("num_output: 2 kernel_size: 4294967295"), image,
       "layer:1:78: error: layer 'l' (Convolution): kernel_size must be at most 2147483647, got "
       "4294967295"},
      {layer("num_output: 2 kernel_size: 2147483647"), image,
       "layer:1:78: error: layer 'l' (Convolution): kernel 2147483647 is larger than the padded "
       "input 5 on axis 2"},
      {layer("num_output: 2 kernel_size: 3 dilation: 2147483647"), image,
       "layer:1:90: error: layer 'l' (Convolution): kernel 3 with dilation 2147483647 spans "
       "4294967295 places, more than the padded input 5 on axis 2"},
      {layer("num_output: 2 kernel_size: 1 pad: 2147483647"), image,
       "layer:1:85: error: layer 'l' (Convolution): the top would have 4294967299 elements on axis "
       "2, more than 2147483647"},
      {layer("num_output: 2 kernel_size: 3 stride: 0"), image,
       "layer:1:88: error: layer 'l' (Convolution): stride must be greater than 0, got 0"},
      {layer("num_output: 2 kernel_size: 3 stride_h: 1 stride_w: 0"), image,
       "layer:1:102: error: layer 'l' (Convolution): stride_w must be greater than 0, got 0"},
      {layer("num_output: 2 kernel_size: 3 dilation: 0"), image,
       "layer:1:90: error: layer 'l' (Convolution): dilation must be greater than 0, got 0"},
      {layer("num_output: 2 kernel_size: 3 kernel_h: 3"), image,
       "layer:1:90: error: layer 'l' (Convolution): give either kernel_size or kernel_h and "
       "kernel_w, not both"},
      {layer("num_output: 2 kernel_h: 3"), image,
       "layer:1:75: error: layer 'l' (Convolution): kernel_h is given without kernel_w; give both, "
       "or kernel_size"},
      {layer("num_output: 2 kernel_w: 3"), image,
       "layer:1:75: error: layer 'l' (Convolution): kernel_w is given without kernel_h; give both, "
       "or kernel_size"},
      {layer("num_output: 2 kernel_size: 3 stride: 1 stride_w: 1"), image,
       "layer:1:100: error: layer 'l' (Convolution): give either stride or stride_h and stride_w, "
       "not both"},
      {layer("num_output: 2 kernel_size: 3 pad: 1 pad_w: 1"), image,
       "layer:1:94: error: layer 'l' (Convolution): give either pad or pad_h and pad_w, not both"},
      {layer("num_output: 2 kernel_size: 3 kernel_size: 3 kernel_size: 3"), image,
       "layer:1:108: error: layer 'l' (Convolution): kernel_size is given once for all spatial "
       "axes or once for each of the 2, got 3 values"},
      {layer("num_output: 2 kernel_h: 1 kernel_w: 1"),
       {{1, 4, 5}},
       "layer:1:75: error: layer 'l' (Convolution): kernel_h and kernel_w are for 2 spatial axes, "
       "here are 1; use kernel_size"},
      {layer("num_output: 2 kernel_size: 6"), image,
       "layer:1:78: error: layer 'l' (Convolution): kernel 6 is larger than the padded input 5 on "
       "axis 2"},
      {layer("num_output: 2 kernel_h: 5 kernel_w: 9 pad_w: 1"), image,
       "layer:1:87: error: layer 'l' (Convolution): kernel 9 is larger than the padded input 8 on "
       "axis 3"},
      {layer("num_output: 2 kernel_size: 3 dilation: 1 dilation: 3"), image,
       "layer:1:102: error: layer 'l' (Convolution): kernel 3 with dilation 3 spans 7 places, more "
       "than the padded input 6 on axis 3"},
      {layer("num_output: 2 kernel_size: 1"),
       {{1, 4, 0, 6}},
       "layer:1:78: error: layer 'l' (Convolution): kernel 1 is larger than the padded input 0 on "
       "axis 2"},
      {layer("num_output: 6 kernel_size: 1 group: 4"), image,
       "layer:1:87: error: layer 'l' (Convolution): num_output 6 is not a multiple of group 4"},
      {layer("num_output: 6 kernel_size: 1 group: 3"), image,
       "layer:1:87: error: layer 'l' (Convolution): the 4 channels of bottom[0] are not a multiple "
       "of group 3"},
      {layer("num_output: 6 kernel_size: 1 group: 0"), image,
       "layer:1:87: error: layer 'l' (Convolution): group must be greater than 0, got 0"},
      {layer("num_output: 6 kernel_size: 1 axis: 4"), image,
       "layer:1:86: error: layer 'l' (Convolution): axis 4 is outside the bottom's 4 axes (1 4 5 6 "
       "(120))"},
      {layer("num_output: 6 kernel_size: 1"),
       {{3, 4}},
       "layer: error: layer 'l' (Convolution): bottom[0] of 3 4 (12) has no spatial axis behind "
       "its channels on axis 1"},
      {layer("num_output: 6 kernel_size: 1") + " bottom: 'a' bottom: 'b' top: 'c' top: 'd'",
       {{1, 4, 5, 6}, {1, 4, 5, 7}},
       "layer:1:102: error: layer 'l' (Convolution): bottom[1] 'b' of 1 4 5 7 (140) differs from "
       "bottom[0] 'a' of 1 4 5 6 (120): all bottoms must have one shape"},
      {layer("num_output: 6 kernel_size: 1") + " bottom: 'a' top: 'a'", image,
       "layer:1:99: error: layer 'l' (Convolution): cannot write top[0] 'a' in place over its "
       "bottom[0]; give the top a name of its own"},
  });
}

}  // namespace
}  // namespace demitasse
