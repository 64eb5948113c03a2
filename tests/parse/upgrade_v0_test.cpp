#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/parse/upgrade_fixture.hpp"

namespace demitasse {
namespace {

TEST_F(UpgradeTest, V0LayerBecomesLayer) {
  ExpectUpgrade(R"(
    layers {
      layer { name: "c" type: "conv" num_output: 3 kernelsize: 5 stride: 2 pad: 1 group: 3
              biasterm: false weight_filler { type: "xavier" } bias_filler { value: 2 }
              blobs_lr: 1 blobs_lr: 2 weight_decay: 1 weight_decay: 0 blobs { data: 4 } }
      bottom: "x" top: "y"
    })",
                R"(
    layer {
      name: "c" type: "Convolution" bottom: "x" top: "y"
      param { lr_mult: 1 decay_mult: 1 } param { lr_mult: 2 decay_mult: 0 } blobs { data: 4 }
      convolution_param { num_output: 3 kernel_size: 5 stride: 2 pad: 1 group: 3 bias_term: false
                          weight_filler { type: "xavier" } bias_filler { value: 2 } }
    })");
  EXPECT_EQ(log_, std::vector<std::string>{kV0Line});
}

// What is inside a V0 layer, and what is inside today's.
using Forms = std::pair<const char*, const char*>;
class V0FieldsTest : public UpgradeTest, public testing::WithParamInterface<Forms> {};

TEST_P(V0FieldsTest, Move) {
  ExpectUpgrade(std::string("layers { layer { ") + GetParam().first + " } }",
                std::string("layer { ") + GetParam().second + " }");
}

INSTANTIATE_TEST_SUITE_P(
    All, V0FieldsTest,
    testing::Values(
        Forms(R"(type: "innerproduct" num_output: 3 biasterm: false weight_filler { std: 2 }
                 bias_filler { value: 1 })",
              R"(type: "InnerProduct" inner_product_param {
                 num_output: 3 bias_term: false weight_filler { std: 2 } bias_filler { value: 1 } })"),
        Forms(R"(type: "pool" pool: STOCHASTIC kernelsize: 3 stride: 2 pad: 1)",
              R"(type: "Pooling" pooling_param {
                 pool: STOCHASTIC kernel_size: 3 stride: 2 pad: 1 })"),
        Forms(R"(type: "pool" pool: MAX)", R"(type: "Pooling" pooling_param { pool: MAX })"),
        Forms(R"(type: "pool" pool: AVE)", R"(type: "Pooling" pooling_param { pool: AVE })"),
        Forms(R"(type: "im2col" kernelsize: 3 stride: 2 pad: 1)",
              R"(type: "Im2col" convolution_param { kernel_size: 3 stride: 2 pad: 1 })"),
        Forms(R"(type: "dropout" dropout_ratio: 0.25)",
              R"(type: "Dropout" dropout_param { dropout_ratio: 0.25 })"),
        Forms(R"(type: "lrn" local_size: 3 alpha: 2 beta: 4 k: 5)",
              R"(type: "LRN" lrn_param { local_size: 3 alpha: 2 beta: 4 k: 5 })"),
        Forms(R"(type: "concat" concat_dim: 0)",
              R"(type: "Concat" concat_param { concat_dim: 0 })"),
        Forms(R"(type: "infogain_loss" source: "h")",
              R"(type: "InfogainLoss" infogain_loss_param { source: "h" })"),
        Forms(R"(type: "hdf5_data" source: "s" batchsize: 4)",
              R"(type: "HDF5Data" hdf5_data_param { source: "s" batch_size: 4 })"),
        Forms(R"(type: "hdf5_output" hdf5_output_param { file_name: "f" })",
              R"(type: "HDF5Output" hdf5_output_param { file_name: "f" })"),
        Forms(R"(type: "data" source: "s" batchsize: 4 rand_skip: 3 scale: 0.5 meanfile: "m"
                 cropsize: 2 mirror: true)",
              R"(type: "Data" data_param { source: "s" batch_size: 4 rand_skip: 3 }
                 transform_param { scale: 0.5 mean_file: "m" crop_size: 2 mirror: true })"),
        Forms(R"(type: "images" source: "s" batchsize: 4 rand_skip: 3 shuffle_images: true
                 new_height: 5 new_width: 6 cropsize: 2)",
              R"(type: "ImageData" image_data_param { source: "s" batch_size: 4 rand_skip: 3
                 shuffle: true new_height: 5 new_width: 6 } transform_param { crop_size: 2 })"),
        Forms(R"(type: "window_data" source: "s" batchsize: 4 det_fg_threshold: 0.6
                 det_bg_threshold: 0.4 det_fg_fraction: 0.3 det_context_pad: 2
                 det_crop_mode: "square" mirror: true)",
              R"(type: "WindowData" window_data_param { source: "s" batch_size: 4 fg_threshold: 0.6
                 bg_threshold: 0.4 fg_fraction: 0.3 context_pad: 2 crop_mode: "square" }
                 transform_param { mirror: true })"),
        Forms(R"(type: "accuracy")", R"(type: "Accuracy")"),
        Forms(R"(type: "bnll")", R"(type: "BNLL")"),
        Forms(R"(type: "euclidean_loss")", R"(type: "EuclideanLoss")"),
        Forms(R"(type: "flatten")", R"(type: "Flatten")"),
        Forms(R"(type: "multinomial_logistic_loss")", R"(type: "MultinomialLogisticLoss")"),
        Forms(R"(type: "relu")", R"(type: "ReLU")"),
        Forms(R"(type: "sigmoid")", R"(type: "Sigmoid")"),
        Forms(R"(type: "softmax")", R"(type: "Softmax")"),
        Forms(R"(type: "softmax_loss")", R"(type: "SoftmaxWithLoss")"),
        Forms(R"(type: "split")", R"(type: "Split")"),
        Forms(R"(type: "tanh")", R"(type: "TanH")")));

TEST_F(UpgradeTest, V0AndV1LayersMayStandInOneNet) {
  ExpectUpgrade(R"(layers { layer { name: "a" type: "relu" } include { phase: TEST } param: "p" }
                   layers { name: "b" type: ELTWISE })",
                R"(layer { name: "a" type: "ReLU" include { phase: TEST } param { name: "p" } }
                   layer { name: "b" type: "Eltwise" })");
  EXPECT_EQ(log_, (std::vector<std::string>{kV0Line, kV1Line}));
}

TEST_F(UpgradeTest, V0PlacesMoveAlong) {
  source_.Set("layers[0]", 1, 1);
  source_.Set("layers[0].layer", 2, 1);
  source_.Set("layers[0].layer.name", 3, 1);
  source_.Set("layers[0].layer.type", 4, 1);
  source_.Set("layers[0].layer.kernelsize", 5, 1);
  source_.Set("layers[0].layer.biasterm", 6, 1);
  source_.Set("layers[0].layer.blobs_lr[1]", 7, 1);
  source_.Set("layers[0].layer.weight_filler.std", 8, 1);
  source_.Set("layers[0].top[0]", 9, 1);
  source_.Set("layers[1].layer.meanfile", 12, 1);
  Upgrade(R"(layers { layer { name: "c" type: "conv" kernelsize: 0 biasterm: true blobs_lr: 1
                      blobs_lr: 2 weight_filler { std: 1 } } top: "y" }
             layers { layer { type: "data" meanfile: "m" } })");
  EXPECT_EQ(LineOf("layer[0].convolution_param"), 1);
  EXPECT_EQ(LineOf("layer[0].name"), 3);
  EXPECT_EQ(LineOf("layer[0].type"), 4);
  EXPECT_EQ(LineOf("layer[0].convolution_param.kernel_size[0]"), 5);
  EXPECT_EQ(LineOf("layer[0].convolution_param.bias_term"), 6);
  EXPECT_EQ(LineOf("layer[0].param[1].lr_mult"), 7);
  EXPECT_EQ(LineOf("layer[0].convolution_param.weight_filler.std"), 8);
  EXPECT_EQ(LineOf("layer[0].top[0]"), 9);
  EXPECT_EQ(LineOf("layer[1].transform_param.mean_file"), 12);
}

TEST_F(UpgradeTest, UnknownV0TypeIsAnErrorWithAHint) {
  source_.Set("layers[1].layer.type", 6, 11);
  ExpectSays(R"(layers { layer { name: "a" type: "relu" } }
                layers { layer { name: "b" type: "convv" kernelsize: 3 } })",
             "net.prototxt:6:11: error: layer 'b' (convv): unknown type 'convv' of a V0 layer; did "
             "you mean 'conv'?");
}

TEST_F(UpgradeTest, MissingV0TypeIsAnError) {
  source_.Set("layers[0].layer", 2, 3);
  Upgrade(R"(layers { layer { name: "a" } })");
  ASSERT_EQ(diagnostics_.list().size(), 1u);
  EXPECT_EQ(Said().find("net.prototxt:2:3: error: layer 'a': type is missing; known types: padding,"
                        " accuracy, bnll, "),
            0u)
      << Said();
}

TEST_F(UpgradeTest, TypeInBothFormsIsAnError) {
  source_.Set("layers[0].layer.type", 2, 3);
  ExpectSays(R"(layers { layer { name: "a" type: "relu" } type: TANH })",
             "net.prototxt:2:3: error: layer 'a' (relu): the type is given twice, here and in the "
             "'layers' around it; remove one");
}

TEST_F(UpgradeTest, V0FieldOfAnotherTypeIsAnError) {
  source_.Set("layers[0].layer.kernelsize", 4, 17);
  source_.Set("layers[1].layer.new_num", 8, 14);
  ExpectSays(R"(layers { layer { name: "a" type: "innerproduct" num_output: 1 kernelsize: 3 } }
                layers { layer { name: "b" type: "relu" new_num: 3 } })",
             "net.prototxt:4:17: error: layer 'a' (innerproduct): field 'kernelsize' does not "
             "belong to this type; remove it\n"
             "net.prototxt:8:14: error: layer 'b' (relu): field 'new_num' does not belong to this "
             "type; remove it");
}

TEST_F(UpgradeTest, TransformFieldOfAnotherV0TypeIsAWarning) {
  source_.Set("layers[0].layer.meanfile", 4, 17);
  const caffe::NetParameter net =
      Upgrade(R"(layers { layer { name: "a" type: "hdf5_data" meanfile: "m" } })");
  EXPECT_EQ(
      Said(),
      "net.prototxt:4:17: warning: layer 'a' (hdf5_data): field 'meanfile' does not belong to "
      "this type; it has no effect");
  EXPECT_FALSE(net.layer(0).has_transform_param());
}

TEST_F(UpgradeTest, NegativeImageSizeIsAnError) {
  source_.Set("layers[0].layer.new_width", 4, 17);
  ExpectSays(R"(layers { layer { name: "a" type: "images" new_width: -2 } })",
             "net.prototxt:4:17: error: layer 'a' (images): new_width must be 0 or more, got -2");
}

// --- padding layers of V0 ---

constexpr char kPad[] = R"(
    layers { layer { name: "p" type: "padding" pad: 2 } bottom: "x" top: "xp" })";

TEST_F(UpgradeTest, PaddingIsFoldedIntoAllConvAndPoolLayersThatReadIt) {
  source_.Set("layers[0]", 1, 1);
  source_.Set("layers[1]", 2, 1);
  source_.Set("layers[1].layer.pad", 3, 1);
  source_.Set("layers[2]", 4, 1);
  source_.Set("layers[3]", 5, 1);
  ExpectUpgrade(std::string(R"(layers { layer { type: "data" } top: "x" })") + kPad + R"(
    layers { layer { type: "conv" kernelsize: 5 } bottom: "xp" top: "y" }
    layers { layer { type: "pool" } bottom: "xp" top: "z" }
    layers { layer { type: "conv" } bottom: "x" top: "v" })",
                R"(
    layer { type: "Data" top: "x" }
    layer { type: "Convolution" bottom: "x" top: "y" convolution_param { kernel_size: 5 pad: 2 } }
    layer { type: "Pooling" bottom: "x" top: "z" pooling_param { pad: 2 } }
    layer { type: "Convolution" bottom: "x" top: "v" })");
  EXPECT_EQ(LineOf("layer[0]"), 1);
  EXPECT_EQ(LineOf("layer[1]"), 4);
  EXPECT_EQ(LineOf("layer[2]"), 5);
  EXPECT_EQ(LineOf("layer[1].convolution_param.pad[0]"), 3);
  EXPECT_EQ(LineOf("layer[2].pooling_param.pad"), 3);
}

TEST_F(UpgradeTest, PaddingReachesNoFurtherThanTheNextWriterOfItsTop) {
  ExpectUpgrade(std::string(kPad) + R"(
    layers { layer { type: "conv" } bottom: "xp" top: "xp" }
    layers { layer { type: "relu" } bottom: "xp" top: "xp" })",
                R"(
    layer { type: "Convolution" bottom: "x" top: "xp" convolution_param { pad: 2 } }
    layer { type: "ReLU" bottom: "xp" top: "xp" })");
}

TEST_F(UpgradeTest, PaddingBeforeAnotherTypeIsAnError) {
  source_.Set("layers[1].bottom[0]", 7, 11);
  ExpectSays(std::string(kPad) + R"(
    layers { layer { name: "r" type: "relu" } bottom: "xp" top: "y" })",
             "net.prototxt:7:11: error: layer 'r' (relu): reads from padding layer 'p', but only "
             "conv and pool layers can pad their input");
}

TEST_F(UpgradeTest, PaddingBeforeALayerWithSeveralBottomsIsAnError) {
  source_.Set("layers[1].bottom[1]", 7, 11);
  ExpectSays(std::string(kPad) + R"(
    layers { layer { name: "c" type: "conv" } bottom: "x" bottom: "xp" top: "y" top: "z" })",
             "net.prototxt:7:11: error: layer 'c' (conv): reads from padding layer 'p', but has 2 "
             "bottoms; only layers with 1 can pad it");
}

TEST_F(UpgradeTest, PaddingBeforeALayerThatPadsIsAnError) {
  source_.Set("layers[1].bottom[0]", 7, 11);
  ExpectSays(std::string(kPad) + R"(
    layers { layer { name: "c" type: "conv" pad: 1 } bottom: "xp" top: "y" })",
             "net.prototxt:7:11: error: layer 'c' (conv): reads from padding layer 'p', but has a "
             "pad of its own, 1; remove one of them");
}

TEST_F(UpgradeTest, PaddingWithoutReaderIsLeftOutWithAWarning) {
  source_.Set("layers[0]", 3, 1);
  const caffe::NetParameter net = Upgrade(kPad);
  EXPECT_EQ(
      Said(),
      "net.prototxt:3:1: warning: layer 'p' (padding): no layer reads its top 'xp'; left out");
  EXPECT_EQ(net.layer_size(), 0);
}

TEST_F(UpgradeTest, MalformedPaddingIsAnError) {
  source_.Set("layers[0]", 3, 1);
  source_.Set("layers[0].layer.stride", 4, 1);
  ExpectSays(
      R"(layers { layer { name: "p" type: "padding" stride: 2 } top: "xp" }
                layers { layer { type: "conv" } bottom: "xp" top: "y" })",
      "net.prototxt:3:1: error: layer 'p' (padding): must have 1 bottom and 1 top, got 0 and "
      "1\n"
      "net.prototxt:4:1: error: layer 'p' (padding): field 'stride' does not belong to this "
      "type; remove it");
}

}  // namespace
}  // namespace demitasse
