#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;
using Values = std::vector<float>;

std::string Pooling(const std::string& param) {
  return "type: 'Pooling' pooling_param { " + param + " }";
}

// A layer on the numbers 1, 2, 3, ...
LayerHarness Counting(const std::string& prototxt, const Shape& shape) {
  LayerHarness harness(prototxt, {shape});
  Values values(static_cast<size_t>(harness.bottom().size()));
  std::iota(values.begin(), values.end(), 1.0f);
  SetData(values, &harness.bottom());
  harness.Forward();
  return harness;
}

TEST(PoolingLayer, TakesTheMaximum) {
  LayerHarness harness = Counting(Pooling("kernel_size: 2 stride: 2"), {1, 1, 3, 3});
  EXPECT_EQ((Shape{1, 1, 2, 2}), harness.top().shape());
  EXPECT_EQ((Values{5, 6, 8, 9}), Data(harness.top()));
}

TEST(PoolingLayer, AveragesOverTheWindowCutOffAtThePadding) {
  LayerHarness harness =
      Counting(Pooling("pool: AVE kernel_size: 2 stride: 2 pad: 1"), {1, 1, 2, 2});
  EXPECT_EQ((Values{0.25f, 0.5f, 0.75f, 1}), Data(harness.top()));
  LayerHarness cut = Counting(Pooling("pool: AVE kernel_size: 2 stride: 2"), {1, 1, 3, 3});
  EXPECT_EQ((Values{3, 4.5f, 7.5f, 9}), Data(cut.top()));
}

TEST(PoolingLayer, MaskTopTellsThePlaceOfTheMaximum) {
  LayerHarness harness = Counting(
      Pooling("kernel_size: 2 stride: 2") + " bottom: 'x' top: 'y' top: 'mask'", {1, 2, 3, 3});
  EXPECT_EQ((Shape{1, 2, 2, 2}), harness.top(1).shape());
  EXPECT_EQ((Values{5, 6, 8, 9, 14, 15, 17, 18}), Data(harness.top(0)));
  EXPECT_EQ((Values{4, 5, 7, 8, 4, 5, 7, 8}), Data(harness.top(1)));
}

TEST(PoolingLayer, MaskTellsPlacesOfTheInputWithoutItsPadding) {
  LayerHarness harness =
      Counting(Pooling("kernel_size: 3 stride: 2 pad: 1") + " bottom: 'x' top: 'y' top: 'mask'",
               {1, 1, 3, 3});
  EXPECT_EQ((Values{5, 6, 8, 9}), Data(harness.top(0)));
  EXPECT_EQ((Values{4, 5, 7, 8}), Data(harness.top(1)));
  LayerHarness global =
      Counting(Pooling("global_pooling: true") + " bottom: 'x' top: 'y' top: 'mask'", {1, 2, 2, 3});
  EXPECT_EQ((Values{6, 12}), Data(global.top(0)));
  EXPECT_EQ((Values{5, 5}), Data(global.top(1)));
}

TEST(PoolingLayer, GivesTheTopItsShape) {
  const struct {
    std::string param;
    Shape top;
  } cases[] = {
      {"kernel_size: 3", {2, 3, 6, 5}},
      {"kernel_size: 3 stride: 2", {2, 3, 4, 3}},
      {"kernel_size: 3 stride: 2 round_mode: FLOOR", {2, 3, 3, 3}},
      {"kernel_size: 3 stride: 2 ceil_mode: false", {2, 3, 3, 3}},
      {"kernel_size: 3 stride: 2 ceil_mode: true", {2, 3, 4, 3}},
      {"kernel_size: 3 stride: 2 ceil_mode: false round_mode: FLOOR", {2, 3, 3, 3}},
      {"kernel_size: 3 stride: 2 pad: 1", {2, 3, 5, 4}},
      {"kernel_size: 2 stride: 2 pad: 1", {2, 3, 5, 4}},
      {"kernel_h: 3 kernel_w: 2 stride_h: 2 stride_w: 1 pad_h: 1 pad_w: 0", {2, 3, 5, 6}},
      {"kernel_h: 3 kernel_w: 2 pad_w: 1", {2, 3, 6, 8}},
      // The last window begins behind the input: kept, or dropped if there is padding.
      {"kernel_size: 1 stride: 5", {2, 3, 3, 3}},
      {"kernel_h: 1 kernel_w: 2 stride: 5 pad_w: 1", {2, 3, 2, 2}},
      // A kernel larger than the input, by less than a stride.
      {"kernel_size: 9 stride: 3", {2, 3, 1, 1}},
      {"global_pooling: true", {2, 3, 1, 1}},
      {"pool: AVE global_pooling: true pad: 0 stride: 1", {2, 3, 1, 1}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.param);
    LayerHarness harness(Pooling(c.param), {{2, 3, 8, 7}});
    harness.Forward();
    EXPECT_EQ(c.top, harness.top().shape());
  }
}

TEST(PoolingLayer, GlobalPoolingFollowsTheBottomsShape) {
  LayerHarness harness = Counting(Pooling("pool: AVE global_pooling: true"), {1, 2, 1, 3});
  EXPECT_EQ((Values{2, 5}), Data(harness.top()));
  harness.bottom().Reshape({1, 1, 2, 2});
  SetData({1, 2, 3, 6}, &harness.bottom());
  harness.Forward();
  EXPECT_EQ(Values{3}, Data(harness.top()));
}

// Values whose order no small step changes.
void Spread(LayerHarness* harness) {
  Values values(static_cast<size_t>(harness->bottom().size()));
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(i * 7 % values.size()) * 0.1f + 0.1f;
  }
  SetData(values, &harness->bottom());
}

TEST(PoolingLayer, HasTheRightGradients) {
  GradientOptions options;
  options.prepare = Spread;
  for (const std::string pool : {"pool: MAX ", "pool: AVE "}) {
    for (const std::string window :
         {"kernel_size: 2 stride: 2", "kernel_size: 3", "kernel_size: 3 stride: 2 pad: 1",
          "kernel_size: 1 stride: 3", "kernel_h: 2 kernel_w: 3 stride_h: 1 stride_w: 2 pad_w: 2",
          "global_pooling: true"}) {
      CheckGradients(Pooling(pool + window), {{2, 2, 5, 4}}, options);
    }
  }
}

TEST(PoolingLayer, FollowsTheBottomsShape) {
  CheckReshape(Pooling("kernel_size: 3 stride: 2"), {{2, 3, 7, 6}}, {{1, 5, 9, 4}});
  CheckReshape(Pooling("pool: AVE global_pooling: true"), {{2, 3, 7, 6}}, {{1, 5, 9, 4}});
  GradientOptions options;
  options.phase = caffe::TEST;
  CheckReshape(Pooling("pool: STOCHASTIC kernel_size: 2"), {{2, 3, 7, 6}}, {{1, 5, 9, 4}}, options);
}

TEST(PoolingLayer, ReportsWhatIsWrong) {
  const auto layer = [](const std::string& param) {
    return "name: 'l' type: 'Pooling' pooling_param { " + param + " }";
  };
  const Shapes image = {{1, 4, 5, 6}};
  CheckErrors({
      {layer(""), image, "layer:1:27: error: layer 'l' (Pooling): kernel_size must be given"},
      {layer("kernel_size: 0"), image,
       "layer:1:56: error: layer 'l' (Pooling): kernel_size must be greater than 0, got 0"},
      {layer("kernel_size: 4294967295"), image,
       "layer:1:56: error: layer 'l' (Pooling): kernel_size must be at most 2147483647, got "
       "4294967295"},
      {layer("kernel_size: 2147483647"), image,
       "layer:1:56: error: layer 'l' (Pooling): kernel 2147483647 is larger than the padded input "
       "5 on axis 2"},
      {layer("kernel_size: 2 kernel_w: 2"), image,
       "layer:1:68: error: layer 'l' (Pooling): give either kernel_size or kernel_h and kernel_w, "
       "not both"},
      {layer("kernel_h: 2"), image,
       "layer:1:53: error: layer 'l' (Pooling): kernel_h is given without kernel_w; give both, or "
       "kernel_size"},
      {layer("kernel_size: 2 stride: 0"), image,
       "layer:1:66: error: layer 'l' (Pooling): stride must be greater than 0, got 0"},
      {layer("kernel_size: 2 stride: 2 stride_h: 1 stride_w: 1"), image,
       "layer:1:78: error: layer 'l' (Pooling): give either stride or stride_h and stride_w, not "
       "both"},
      {layer("kernel_size: 2 stride_w: 1"), image,
       "layer:1:68: error: layer 'l' (Pooling): stride_w is given without stride_h; give both, or "
       "stride"},
      {layer("kernel_size: 2 pad: 1 pad_h: 1"), image,
       "layer:1:72: error: layer 'l' (Pooling): give either pad or pad_h and pad_w, not both"},
      {layer("kernel_size: 2 pad: 2"), image,
       "layer:1:63: error: layer 'l' (Pooling): pad 2 must be less than the kernel 2"},
      {layer("kernel_size: 2147483647 pad: 2147483646"), image,
       "layer:1:72: error: layer 'l' (Pooling): the top would have 2147483651 elements on axis 2, "
       "more than 2147483647"},
      {layer("kernel_size: 7"), image,
       "layer:1:56: error: layer 'l' (Pooling): kernel 7 is larger than the padded input 5 on axis "
       "2"},
      {layer("kernel_h: 1 kernel_w: 8 stride: 2 round_mode: FLOOR"), image,
       "layer:1:65: error: layer 'l' (Pooling): kernel 8 is larger than the padded input 6 on axis "
       "3"},
      {layer("kernel_size: 2 ceil_mode: true round_mode: FLOOR"), image,
       "layer:1:69: error: layer 'l' (Pooling): ceil_mode true contradicts round_mode FLOOR; give "
       "one of them"},
      {layer("kernel_size: 2 ceil_mode: false round_mode: CEIL"), image,
       "layer:1:69: error: layer 'l' (Pooling): ceil_mode false contradicts round_mode CEIL; give "
       "one of them"},
      {layer("global_pooling: true kernel_size: 2"), image,
       "layer:1:77: error: layer 'l' (Pooling): the kernel of global_pooling is the whole input; "
       "leave its size out"},
      {layer("global_pooling: true kernel_w: 2"), image,
       "layer:1:74: error: layer 'l' (Pooling): the kernel of global_pooling is the whole input; "
       "leave its size out"},
      {layer("global_pooling: true pad: 1"), image,
       "layer:1:69: error: layer 'l' (Pooling): global_pooling needs pad 0, got 1"},
      {layer("global_pooling: true stride_h: 1 stride_w: 2"), image,
       "layer:1:86: error: layer 'l' (Pooling): global_pooling needs stride 1, got 2"},
      {layer("pool: STOCHASTIC kernel_size: 2 pad: 1"), image,
       "layer:1:80: error: layer 'l' (Pooling): STOCHASTIC pooling needs pad 0, got 1"},
      {layer("kernel_size: 2"),
       {{4, 5, 6}},
       "layer: error: layer 'l' (Pooling): bottom[0] of 4 5 6 (120) must have 4 axes: num, "
       "channels, height, width"},
      {layer("kernel_size: 2") + " bottom: 'x' top: 'a' top: 'b' top: 'c'", image,
       "layer:1:95: error: layer 'l' (Pooling): takes at most 2 top blobs, got 3: a, b, c"},
      {layer("pool: AVE kernel_size: 2") + " bottom: 'x' top: 'a' top: 'b'", image,
       "layer:1:96: error: layer 'l' (Pooling): takes at most 1 top blob, got 2: a, b"},
      {layer("kernel_size: 2") + " bottom: 'x' top: 'x'", image,
       "layer:1:77: error: layer 'l' (Pooling): cannot write top[0] 'x' in place over its "
       "bottom[0]; give the top a name of its own"},
  });
}

}  // namespace
}  // namespace demitasse
