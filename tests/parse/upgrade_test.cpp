#include "src/parse/upgrade.hpp"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/parse/upgrade_fixture.hpp"

namespace demitasse {
namespace {

constexpr char kInputLine[] =
    "inputs declared by the net (input, input_shape, input_dim) made an Input layer";

TEST_F(UpgradeTest, LeavesTodaysFormAlone) {
  const std::string text = R"(
    name: "n" layer { name: "a" type: "ReLU" bottom: "x" top: "x" relu_param { max_value: 6 } })";
  ExpectUpgrade(text, text);
  EXPECT_TRUE(log_.empty());
}

// --- V1 ---

TEST_F(UpgradeTest, V1LayerBecomesLayer) {
  ExpectUpgrade(R"(
    layers {
      name: "c" type: CONVOLUTION bottom: "x" bottom: "z" top: "y" loss_weight: 2
      include { phase: TRAIN } include { stage: "s" } exclude { min_level: 1 }
      convolution_param { num_output: 3 kernel_size: 5 } blobs { data: 1 } blobs { data: 2 }
    }
    layers { name: "l" type: SOFTMAX_LOSS bottom: "y" loss_param { ignore_label: 7 } })",
                R"(
    layer {
      name: "c" type: "Convolution" bottom: "x" bottom: "z" top: "y" loss_weight: 2
      include { phase: TRAIN } include { stage: "s" } exclude { min_level: 1 }
      convolution_param { num_output: 3 kernel_size: 5 } blobs { data: 1 } blobs { data: 2 }
    }
    layer { name: "l" type: "SoftmaxWithLoss" bottom: "y" loss_param { ignore_label: 7 } })");
  EXPECT_EQ(log_, std::vector<std::string>{kV1Line});
}

TEST_F(UpgradeTest, V1ParamListsBecomeParamSpecs) {
  ExpectUpgrade(R"(
    layers { type: INNER_PRODUCT param: "w" blob_share_mode: STRICT blob_share_mode: PERMISSIVE
             blobs_lr: 1 blobs_lr: 2 blobs_lr: 3 weight_decay: 0.5 })",
                R"(
    layer { type: "InnerProduct"
            param { name: "w" share_mode: STRICT lr_mult: 1 decay_mult: 0.5 }
            param { share_mode: PERMISSIVE lr_mult: 2 } param { lr_mult: 3 } })");
}

TEST_F(UpgradeTest, EveryV1TypeHasAName) {
  const auto& types = *caffe::V1LayerParameter::LayerType_descriptor();
  for (int i = 0; i < types.value_count(); ++i) {
    const std::string& name = types.value(i)->name();
    const caffe::NetParameter net = Upgrade("layers { type: " + name + " }");
    EXPECT_EQ(net.layer(0).type().empty(), name == "NONE") << name;
  }
  EXPECT_EQ(Upgrade("layers { type: TANH }").layer(0).type(), "TanH");
  EXPECT_EQ(Upgrade("layers { type: HDF5_DATA }").layer(0).type(), "HDF5Data");
  EXPECT_EQ(Upgrade("layers { type: SIGMOID_CROSS_ENTROPY_LOSS }").layer(0).type(),
            "SigmoidCrossEntropyLoss");
}

TEST_F(UpgradeTest, EveryV1MessageIsKept) {
  const auto& v1 = *caffe::V1LayerParameter::descriptor();
  for (int f = 0; f < v1.field_count(); ++f) {
    const auto* field = v1.field(f);
    if (field->message_type() == nullptr || field->name() == "layer") continue;
    const caffe::NetParameter net = Upgrade("layers { " + field->name() + " {} }");
    const caffe::NetParameter expected = ParseNet("layer { " + field->name() + " {} }");
    EXPECT_EQ(net.ShortDebugString(), expected.ShortDebugString());
  }
}

TEST_F(UpgradeTest, V1PlacesMoveAlong) {
  source_.Set("layers[1]", 5, 1);
  source_.Set("layers[1].convolution_param", 6, 3);
  source_.Set("layers[1].convolution_param.kernel_size[0]", 7, 5);
  source_.Set("layers[1].param[0]", 8, 3);
  source_.Set("layers[1].blob_share_mode[0]", 9, 3);
  source_.Set("layers[1].blobs_lr[1]", 10, 3);
  source_.Set("layers[1].weight_decay[1]", 11, 3);
  Upgrade(R"(layers { type: RELU }
             layers { type: CONVOLUTION param: "w" blob_share_mode: STRICT blobs_lr: 1 blobs_lr: 2
                      weight_decay: 1 weight_decay: 0 convolution_param { kernel_size: 3 } })");
  EXPECT_EQ(LineOf("layer[1]"), 5);
  EXPECT_EQ(LineOf("layer[1].convolution_param"), 6);
  EXPECT_EQ(ToString(source_.Find("layer[1].convolution_param.kernel_size[0]")),
            "net.prototxt:7:5");
  EXPECT_EQ(LineOf("layer[1].param[0].name"), 8);
  EXPECT_EQ(LineOf("layer[1].param[0].share_mode"), 9);
  EXPECT_EQ(LineOf("layer[1].param[1].lr_mult"), 10);
  EXPECT_EQ(LineOf("layer[1].param[1].decay_mult"), 11);
  EXPECT_EQ(LineOf("layers[1]"), 0);
}

TEST_F(UpgradeTest, MixedFormsAreAnErrorWhereTheSecondBegins) {
  source_.Set("layer[0]", 3, 1);
  source_.Set("layers[0]", 9, 1);
  ExpectSays(R"(layer { type: "ReLU" } layers { type: RELU } layers { type: RELU })",
             "net.prototxt:9:1: error: the net has 1 'layer' (today's form) and 2 'layers' (V1 "
             "form); write all in one form: layers { type: CONVOLUTION } is the same as layer { "
             "type: \"Convolution\" }");
  EXPECT_TRUE(log_.empty());
}

// --- transformations of data layers ---

TEST_F(UpgradeTest, V1TransformFieldsMove) {
  ExpectUpgrade(R"(
    layers { type: DATA data_param { source: "s" scale: 2 mean_file: "m" crop_size: 3 mirror: true }
             transform_param { force_gray: true } }
    layers { type: IMAGE_DATA image_data_param { crop_size: 4 } transform_param { crop_size: 4 } }
    layers { type: WINDOW_DATA window_data_param { mirror: false } }
    layers { type: RELU data_param { scale: 2 } })",
                R"(
    layer { type: "Data" data_param { source: "s" }
            transform_param { scale: 2 mean_file: "m" crop_size: 3 mirror: true force_gray: true } }
    layer { type: "ImageData" image_data_param {} transform_param { crop_size: 4 } }
    layer { type: "WindowData" window_data_param {} transform_param { mirror: false } }
    layer { type: "ReLU" data_param { scale: 2 } })");
  EXPECT_EQ(log_, (std::vector<std::string>{
                      kV1Line, "input transformations of data layers moved to transform_param"}));
}

TEST_F(UpgradeTest, TwoDifferentTransformsAreAnError) {
  source_.Set("layers[0].data_param.scale", 4, 5);
  ExpectSays(
      R"(layers { name: "d" type: DATA data_param { scale: 2 } transform_param { scale: 3 } })",
      "net.prototxt:4:5: error: layer 'd' (Data): scale in data_param and in transform_param "
      "differ; remove one of them");
}

TEST_F(UpgradeTest, OldTransformInTodaysFormIsAWarning) {
  source_.Set("layer[0].data_param.scale", 4, 5);
  const caffe::NetParameter net =
      Upgrade(R"(layer { name: "d" type: "Data" data_param { scale: 2 } })");
  EXPECT_EQ(Said(),
            "net.prototxt:4:5: warning: layer 'd' (Data): scale in data_param has no effect; write "
            "it in transform_param");
  EXPECT_FALSE(net.layer(0).has_transform_param());
}

// --- inputs of the net ---

TEST_F(UpgradeTest, InputDimsBecomeAnInputLayer) {
  ExpectUpgrade(R"(
    input: "a" input: "b"
    input_dim: 1 input_dim: 2 input_dim: 3 input_dim: 4
    input_dim: 5 input_dim: 6 input_dim: 7 input_dim: 8
    layer { name: "r" type: "ReLU" bottom: "a" top: "c" } layer { name: "s" type: "Silence" })",
                R"(
    layer { name: "input" type: "Input" top: "a" top: "b"
            input_param { shape { dim: 1 dim: 2 dim: 3 dim: 4 }
                          shape { dim: 5 dim: 6 dim: 7 dim: 8 } } }
    layer { name: "r" type: "ReLU" bottom: "a" top: "c" } layer { name: "s" type: "Silence" })");
  EXPECT_EQ(log_, std::vector<std::string>{kInputLine});
}

TEST_F(UpgradeTest, InputShapesOfAV1NetBecomeAnInputLayer) {
  ExpectUpgrade(R"(
    input: "a" input: "b" input_shape { dim: 1 dim: 2 } input_shape { dim: 3 }
    layers { name: "r" type: RELU })",
                R"(
    layer { name: "input" type: "Input" top: "a" top: "b"
            input_param { shape { dim: 1 dim: 2 } shape { dim: 3 } } }
    layer { name: "r" type: "ReLU" })");
  EXPECT_EQ(log_, (std::vector<std::string>{kV1Line, kInputLine}));
}

TEST_F(UpgradeTest, InputPlacesMoveAlong) {
  source_.Set("input[0]", 2, 8);
  source_.Set("input[1]", 3, 8);
  source_.Set("input_dim[6]", 4, 12);
  for (int i = 0; i < 3; ++i) {
    source_.Set("layer[" + std::to_string(i) + "]", 10 + i, 1);
    source_.Set("layer[" + std::to_string(i) + "].name", 20 + i, 1);
  }
  Upgrade(R"(input: "a" input: "b"
             input_dim: 1 input_dim: 2 input_dim: 3 input_dim: 4
             input_dim: 5 input_dim: 6 input_dim: 7 input_dim: 8
             layer {} layer {} layer {})");
  EXPECT_EQ(LineOf("layer[0]"), 2);
  EXPECT_EQ(LineOf("layer[0].name"), 2);
  EXPECT_EQ(LineOf("layer[0].top[1]"), 3);
  EXPECT_EQ(LineOf("layer[0].input_param.shape[1].dim[2]"), 4);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(LineOf("layer[" + std::to_string(i + 1) + "]"), 10 + i);
    EXPECT_EQ(LineOf("layer[" + std::to_string(i + 1) + "].name"), 20 + i);
  }
}

TEST_F(UpgradeTest, InputShapePlacesMoveAlong) {
  source_.Set("input_shape[1].dim[0]", 7, 3);
  Upgrade(R"(input: "a" input: "b" input_shape { dim: 1 } input_shape { dim: 2 })");
  EXPECT_EQ(LineOf("layer[0].input_param.shape[1].dim[0]"), 7);
}

TEST_F(UpgradeTest, TooFewInputDimsAreAnError) {
  source_.Set("input[0]", 2, 8);
  ExpectSays(R"(input: "a" input_dim: 1 input_dim: 2 input_dim: 3)",
             "net.prototxt:2:8: error: the net has 1 input and 3 input_dim; each input needs 4 "
             "input_dim (batch, channels, height, width)");
}

TEST_F(UpgradeTest, TooManyInputShapesAreAnError) {
  source_.Set("input[0]", 2, 8);
  ExpectSays(R"(input: "a" input_shape {} input_shape {})",
             "net.prototxt:2:8: error: the net has 1 input and 2 input_shape; each input needs one "
             "input_shape");
}

TEST_F(UpgradeTest, InputWithoutShapeIsAnError) {
  source_.Set("input[0]", 2, 8);
  ExpectSays(R"(input: "a")",
             "net.prototxt:2:8: error: the net has 1 input and 0 input_shape; each input needs one "
             "input_shape");
}

TEST_F(UpgradeTest, ShapeWithoutInputIsAnError) {
  source_.Set("input_dim[0]", 2, 12);
  ExpectSays("input_dim: 3",
             "net.prototxt:2:12: error: the net has 0 input and 1 input_dim; each input needs 4 "
             "input_dim (batch, channels, height, width)");
}

TEST_F(UpgradeTest, InputShapeAndInputDimTogetherAreAnError) {
  source_.Set("input_dim[0]", 2, 12);
  source_.Set("input_shape[0]", 6, 1);
  const caffe::NetParameter net = Upgrade(
      R"(input: "a" input_dim: 1 input_dim: 2 input_dim: 3 input_dim: 4 input_shape { dim: 1 })");
  EXPECT_EQ(Said(),
            "net.prototxt:6:1: error: input_shape and input_dim are both given; keep input_shape, "
            "one for each input");
  EXPECT_EQ(net.ByteSizeLong(), 0u);
}

// --- BatchNorm ---

TEST_F(UpgradeTest, ThreeParamsOfBatchNormAreFrozen) {
  ExpectUpgrade(R"(
    layer { type: "BatchNorm" param { name: "m" lr_mult: 1 } param { decay_mult: 2 } param {} }
    layer { type: "BatchNorm" param { lr_mult: 1 } }
    layer { type: "Scale" param {} param {} param {} })",
                R"(
    layer { type: "BatchNorm" param { name: "m" lr_mult: 0 decay_mult: 0 }
            param { lr_mult: 0 decay_mult: 0 } param { lr_mult: 0 decay_mult: 0 } }
    layer { type: "BatchNorm" param { lr_mult: 1 } }
    layer { type: "Scale" param {} param {} param {} })");
  EXPECT_EQ(log_,
            std::vector<std::string>{
                "BatchNorm layers with three param entries: lr_mult and decay_mult set to 0"});
}

TEST_F(UpgradeTest, FrozenBatchNormIsNotReported) {
  const std::string text = R"(
    layer { type: "BatchNorm" param { lr_mult: 0 decay_mult: 0 } param { lr_mult: 0 decay_mult: 0 }
            param { lr_mult: 0 decay_mult: 0 } })";
  ExpectUpgrade(text, text);
  EXPECT_TRUE(log_.empty());
}

// --- all at once ---

TEST_F(UpgradeTest, UpgradedNetStaysAsItIs) {
  caffe::NetParameter net = Upgrade(R"(
    input: "x" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8
    layers { layer { name: "p" type: "padding" pad: 2 } bottom: "x" top: "xp" }
    layers { layer { name: "c" type: "conv" num_output: 1 kernelsize: 5 } bottom: "xp" top: "y" })");
  const std::string once = net.DebugString();
  log_.clear();
  UpgradeNet(&net, &source_, &diagnostics_);
  EXPECT_EQ(net.DebugString(), once);
  EXPECT_TRUE(log_.empty());
  EXPECT_EQ(Said(), "");
}

TEST_F(UpgradeTest, OldTypeOfASolverBecomesItsName) {
  caffe::SolverParameter solver;
  solver.set_solver_type(caffe::SolverParameter::RMSPROP);
  UpgradeSolver(&solver, &source_, &diagnostics_);
  EXPECT_EQ("RMSProp", solver.type());
  EXPECT_FALSE(solver.has_solver_type());
  EXPECT_EQ(2U, log_.size());
  EXPECT_EQ("", Said());
}

TEST_F(UpgradeTest, BothTypesOfASolverAreAnError) {
  caffe::SolverParameter solver;
  solver.set_solver_type(caffe::SolverParameter::SGD);
  solver.set_type("Adam");
  source_.Set("type", 3, 1);
  source_.Set("solver_type", 7, 1);
  UpgradeSolver(&solver, &source_, &diagnostics_);
  EXPECT_EQ(
      "net.prototxt:7:1: error: 'type' and the old 'solver_type' are both given; leave out "
      "solver_type",
      Said());
}

}  // namespace
}  // namespace demitasse
