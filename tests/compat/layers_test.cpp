// The layers of this folder, which are written for Caffe: values, gradients, in a net.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "demitasse/error.hpp"
#include "demitasse/net.hpp"
#include "src/parse/prototxt.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::FloatEq;
using testing::FloatNear;
using testing::ThrowsMessage;

Net MakeNet(const std::string& prototxt, Phase phase, uint64_t seed = 1) {
  NetOptions options;
  options.phase = phase;
  options.seed = seed;
  Diagnostics diagnostics;
  const NetSource read = ReadNetFromText(prototxt, "net", {}, &diagnostics);
  diagnostics.ThrowIfErrors();
  return Net(read.net, options, read.source);
}

std::string Input(const std::string& dims) {
  return "layer { name: 'data' type: 'Input' top: 'data' input_param { shape { " + dims +
         " } } }\n";
}

TEST(Normalize, GivesChannelsTheLengthOfTheScale) {
  LayerHarness layer("name: 'l' type: 'Normalize' extra_param { key: 'scale' value: '20' }",
                     {{1, 2, 1, 2}});
  SetData({3, 0, 4, 5}, &layer.bottom());
  layer.Forward();
  EXPECT_THAT(Data(layer.top()),
              ElementsAre(FloatEq(12), FloatNear(0, 1e-6f), FloatEq(16), FloatEq(20)));
}

TEST(Normalize, HasRightGradients) {
  CheckGradients("name: 'l' type: 'Normalize'", {{2, 3, 2, 2}});
  CheckGradients("name: 'l' type: 'Normalize' extra_param { key: 'channel_shared' value: 'true' }",
                 {{2, 3, 2, 2}});
}

TEST(ShuffleChannel, ExchangesGroupsAndTheirChannels) {
  LayerHarness layer("name: 'l' type: 'ShuffleChannel' extra_param { key: 'group' value: '2' }",
                     {{1, 6, 1, 1}});
  SetData({0, 1, 2, 3, 4, 5}, &layer.bottom());
  layer.Forward();
  EXPECT_THAT(Data(layer.top()), ElementsAre(0, 3, 1, 4, 2, 5));
}

TEST(ShuffleChannel, HasRightGradients) {
  const std::string layer =
      "name: 'l' type: 'ShuffleChannel' extra_param { key: 'group' value: '3' }";
  CheckGradients(layer, {{2, 6, 2, 1}});
  CheckInPlace(layer, {2, 6, 2, 1});
}

TEST(ShuffleChannel, TellsWhatIsWrong) {
  CheckErrors({
      {"name: 'l' type: 'ShuffleChannel' extra_param { key: 'group' value: '4' }",
       {{1, 6, 1, 1}},
       "layer: error: layer 'l' (ShuffleChannel): Check failed: chs % group_ == 0 (2 vs. 0) group "
       "does not divide the channels [shuffle_channel_layer.cpp:32]"},
      {"name: 'l' type: 'ShuffleChannel' extra_param { key: 'group' value: '0' }",
       {{1, 6, 1, 1}},
       "layer: error: layer 'l' (ShuffleChannel): Check failed: group_ > 0 (0 vs. 0) group must be "
       "greater than 0 [shuffle_channel_layer.cpp:12]"},
  });
}

TEST(DepthwiseConv, AgreesWithAConvolutionInAsManyGroups) {
  const std::string param =
      "convolution_param { num_output: 3 kernel_size: 3 stride: 2 pad: 1 dilation: 2 "
      "weight_filler { type: 'gaussian' std: 1 } bias_filler { type: 'uniform' } ";
  LayerHarness own("name: 'l' type: 'DepthwiseConv' " + param + "}", {{2, 3, 9, 8}});
  LayerHarness built_in("name: 'l' type: 'Convolution' " + param + "group: 3 }", {{2, 3, 9, 8}});
  for (int i = 0; i < 2; ++i) {
    built_in.layer().blobs()[static_cast<size_t>(i)]->CopyFrom(
        *own.layer().blobs()[static_cast<size_t>(i)]);
  }
  own.Forward();
  built_in.Forward();
  ASSERT_EQ(built_in.top().shape(), own.top().shape());
  EXPECT_THAT(Data(own.top()), testing::Pointwise(FloatNear(1e-5f), Data(built_in.top())));
}

TEST(DepthwiseConv, HasRightGradients) {
  CheckGradients(
      "name: 'l' type: 'DepthwiseConv' convolution_param { kernel_size: 3 pad: 1 stride: 2 "
      "weight_filler { type: 'msra' } bias_filler { type: 'constant' value: 0.1 } }",
      {{2, 3, 5, 4}});
}

TEST(DepthwiseConv, TakesItsRandomNumbersFromTheNet) {
  const std::string net = Input("dim: 1 dim: 2 dim: 3 dim: 3") +
                          "layer { name: 'c' type: 'DepthwiseConv' bottom: 'data' top: 'c' "
                          "convolution_param { kernel_size: 3 weight_filler { type: 'xavier' } } }";
  const auto weights = [&](uint64_t seed) {
    return Data(*MakeNet(net, caffe::TEST, seed).layer_by_name("c")->blobs()[0]);
  };
  EXPECT_EQ(weights(1), weights(1));
  EXPECT_NE(weights(1), weights(2));
}

void PutLabels(LayerHarness* layer) { SetData({0, 2, 1, 1, 0, 2}, &layer->bottom(1)); }

TEST(FocalLoss, IsTheSoftmaxLossWithoutFocus) {
  const Shapes shapes = {{3, 3, 2}, {3, 1, 2}};
  LayerHarness own(
      "name: 'l' type: 'FocalLoss' extra_param { key: 'gamma' value: '0' } "
      "extra_param { key: 'alpha' value: '1' }",
      shapes);
  LayerHarness built_in("name: 'l' type: 'SoftmaxWithLoss'", shapes);
  PutLabels(&own);
  PutLabels(&built_in);
  EXPECT_FLOAT_EQ(built_in.Forward(), own.Forward());
}

TEST(FocalLoss, WeighsSureAnswersLess) {
  LayerHarness layer("name: 'l' type: 'FocalLoss' extra_param { key: 'alpha' value: '1' }",
                     {{1, 2}, {1}});
  SetData({std::log(3.0f), 0}, &layer.bottom());  // p = 3/4
  SetData({0}, &layer.bottom(1));
  EXPECT_NEAR(-0.0625f * std::log(0.75f), layer.Forward(), 1e-6);
}

TEST(FocalLoss, HasRightGradients) {
  GradientOptions options;
  options.prepare = PutLabels;
  CheckGradients("name: 'l' type: 'FocalLoss'", {{3, 3, 2}, {3, 1, 2}}, options);
  CheckGradients(
      "name: 'l' type: 'FocalLoss' loss_weight: 3 loss_param { ignore_label: 1 "
      "normalization: BATCH_SIZE }",
      {{3, 3, 2}, {3, 1, 2}}, options);
}

TEST(FocalLoss, TrainsANet) {
  Net net = MakeNet(
      Input("dim: 4 dim: 3") +
          "layer { name: 'label' type: 'Input' top: 'label' input_param { shape { dim: 4 } } }\n"
          "layer { name: 'ip' type: 'InnerProduct' bottom: 'data' top: 'ip' inner_product_param { "
          "num_output: 2 weight_filler { type: 'xavier' } } }\n"
          "layer { name: 'prelu' type: 'SharedPReLU' bottom: 'ip' top: 'ip' }\n"
          "layer { name: 'loss' type: 'FocalLoss' bottom: 'ip' bottom: 'label' top: 'loss' }",
      caffe::TRAIN);
  SetData({1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1}, net.blob_by_name("data").get());
  SetData({0, 1, 0, 1}, net.blob_by_name("label").get());
  const float before = net.ForwardBackward();
  EXPECT_GT(net.blob_by_name("ip")->asum_diff(), 0);
  for (int i = 0; i < 100; ++i) {
    for (Blob* const param : net.learnable_params()) param->Update();
    net.ClearParamDiffs();
    net.ForwardBackward();
  }
  EXPECT_LT(net.Forward()[0]->cpu_data()[0], before / 4);
}

TEST(SharedPReLU, ScalesNegativeValues) {
  LayerHarness layer("name: 'l' type: 'SharedPReLU'", {{1, 2, 2}});
  SetData({1, -2, 3, -4}, &layer.bottom());
  SetData({0.5f, 2}, layer.layer().blobs()[0].get());
  layer.Forward();
  EXPECT_THAT(Data(layer.top()), ElementsAre(1, -1, 3, -8));
}

TEST(SharedPReLU, HasRightGradients) {
  CheckGradients("name: 'l' type: 'SharedPReLU'", {{2, 3, 2}});
  CheckGradients(
      "name: 'l' type: 'SharedPReLU' prelu_param { channel_shared: true filler { value: -0.5 } }",
      {{2, 3, 2}});
  CheckInPlace("name: 'l' type: 'SharedPReLU'", {2, 3, 2});
}

constexpr char kROIPooling[] =
    "name: 'l' type: 'ROIPooling' extra_param { key: 'pooled_h' value: '2' } "
    "extra_param { key: 'pooled_w' value: '1' } extra_param { key: 'spatial_scale' value: '0.5' }";

TEST(ROIPooling, TakesTheMaximaOfBins) {
  LayerHarness layer(kROIPooling, {{2, 1, 3, 3}, {2, 5}});
  SetData({0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18}, &layer.bottom());
  SetData({0, 0, 0, 2, 2, 1, 2, 0, 4, 4}, &layer.bottom(1));
  layer.Forward();
  EXPECT_THAT(layer.top().shape(), ElementsAre(2, 1, 2, 1));
  EXPECT_THAT(Data(layer.top()), ElementsAre(1, 4, 15, 18));
}

TEST(ROIPooling, HasRightGradients) {
  GradientOptions options;
  options.prepare = [](LayerHarness* layer) {
    SetData({0, 0, 0, 4, 4, 1, 2, 0, 6, 6, 1, 0, 0, 2, 8}, &layer->bottom(1));
  };
  CheckGradients(kROIPooling, {{2, 2, 5, 4}, {3, 5}}, options);
}

TEST(ROIPooling, ChecksItsRegions) {
  LayerHarness layer(kROIPooling, {{1, 1, 3, 3}, {1, 5}});
  SetData({1, 0, 0, 2, 2}, &layer.bottom(1));
  EXPECT_THAT([&] { layer.Forward(); },
              ThrowsMessage<Error>("layer: error: layer 'l' (ROIPooling): Check failed: "
                                   "roi_batch_ind < batch_size (1 vs. 1) "
                                   "[roi_pooling_layer.cpp:53]"));
}

constexpr char kConvolution[] =
    "convolution_param { num_output: 4 group: 2 kernel_h: 3 kernel_w: 2 stride: 2 pad: 1 dilation: "
    "1 weight_filler { type: 'xavier' } bias_filler { type: 'uniform' } }";

TEST(SigmoidConv, IsTheSigmoidOfTheBuiltInConvolution) {
  LayerHarness own(std::string("name: 'l' type: 'SigmoidConv' ") + kConvolution, {{2, 2, 5, 4}});
  LayerHarness conv(std::string("name: 'l' type: 'Convolution' ") + kConvolution, {{2, 2, 5, 4}});
  for (size_t i = 0; i < 2; ++i) {
    conv.layer().blobs()[i]->CopyFrom(*own.layer().blobs()[i]);
  }
  own.Forward();
  conv.Forward();
  ASSERT_EQ(conv.top().shape(), own.top().shape());
  for (int i = 0; i < own.top().count(); ++i) {
    EXPECT_NEAR(1 / (1 + std::exp(-conv.top().cpu_data()[i])), own.top().cpu_data()[i], 1e-5);
  }
}

TEST(SigmoidConv, HasRightGradients) {
  CheckGradients(std::string("name: 'l' type: 'SigmoidConv' ") + kConvolution, {{2, 2, 5, 4}});
  CheckGradients(
      "name: 'l' type: 'SigmoidConv' convolution_param { num_output: 3 kernel_size: 1 bias_term: "
      "false weight_filler { type: 'xavier' } }",
      {{2, 2, 3}});
}

TEST(DropPath, DropsWholeSamples) {
  LayerHarness layer("name: 'l' type: 'DropPath' dropout_param { dropout_ratio: 0.75 }",
                     {{400, 2}});
  SetData(std::vector<float>(800, 1), &layer.bottom());
  layer.Forward();
  const std::vector<float> data = Data(layer.top());
  EXPECT_THAT(data, Each(testing::AnyOf(0, 4)));
  EXPECT_NEAR(100, std::count(data.begin(), data.end(), 4) / 2, 30);
  for (size_t i = 0; i < data.size(); i += 2) EXPECT_EQ(data[i], data[i + 1]);
  EXPECT_NE(data, [&] {
    layer.Forward();
    return Data(layer.top());
  }());
}

TEST(DropPath, TakesItsRandomNumbersFromTheNet) {
  const std::string text =
      Input("dim: 64 dim: 1") + "layer { name: 'd' type: 'DropPath' bottom: 'data' top: 'd' }";
  Net a = MakeNet(text, caffe::TRAIN, 7);
  Net b = MakeNet(text, caffe::TRAIN, 7);
  for (Net* const net : {&a, &b}) {
    SetData(std::vector<float>(64, 1), net->blob_by_name("data").get());
    net->Forward();
  }
  EXPECT_EQ(Data(*a.blob_by_name("d")), Data(*b.blob_by_name("d")));
  b.Forward();
  EXPECT_NE(Data(*a.blob_by_name("d")), Data(*b.blob_by_name("d")));
}

}  // namespace
}  // namespace demitasse
