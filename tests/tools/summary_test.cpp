// demitasse summary.
#include <map>

#include "tests/support/json.hpp"
#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kModels = DEMITASSE_SOURCE_DIR "/models/";

class SummaryTest : public ToolTest {
 protected:
  static ProgramResult Summarize(const std::string& model, std::vector<std::string> flags = {}) {
    flags.insert(flags.begin(), {"summary", "--model=" + model});
    return RunTool(flags);
  }

  std::string Table(const std::string& net, std::vector<std::string> flags = {}) const {
    const ProgramResult result = Summarize(Write("net.prototxt", net), std::move(flags));
    EXPECT_EQ(0, result.exit_code) << result.err;
    return result.out;
  }

  static JsonValue Json(const std::string& model, std::vector<std::string> flags = {}) {
    flags.emplace_back("--json");
    const ProgramResult result = Summarize(model, std::move(flags));
    EXPECT_EQ(0, result.exit_code) << result.err;
    return ParseJson(result.out);
  }

  // "size stride start" of a layer's receptive field along the last axis; "none".
  static std::string Field(const std::string& model, const std::string& name) {
    const JsonValue net = Json(model);
    for (const JsonValue& layer : demitasse::Field(net, "layers").list_value().values()) {
      if (TextOf(layer, "name") != name) continue;
      const JsonValue& field = demitasse::Field(layer, "receptive_field");
      if (field.kind_case() == JsonValue::kNullValue) return "none";
      const auto last = [&field](const char* part) {
        const auto& values = demitasse::Field(field, part).list_value().values();
        return values[values.size() - 1].number_value();
      };
      return Cat(last("size"), " ", last("stride"), " ", last("start"));
    }
    return "no such layer";
  }
};

TEST_F(SummaryTest, TellsOfEachLayerAndOfAll) {
  const ProgramResult result = Summarize(kModels + "lenet/lenet.prototxt");
  EXPECT_EQ(0, result.exit_code);
  EXPECT_EQ("", result.err);
  EXPECT_EQ(R"(lenet, phase TEST

layer  type          output      parameters  mult-adds   memory  field  stride
data   Input         1x1x28x28            -          -  3.06 KB    1x1       1
conv1  Convolution   1x20x24x24         520      288 K    45 KB    5x5       1
pool1  Pooling       1x20x12x12           -          -  11.2 KB    6x6       2
conv2  Convolution   1x50x8x8        25,050      1.6 M  12.5 KB  14x14       2
pool2  Pooling       1x50x4x4             -          -  3.12 KB  16x16       4
ip1    InnerProduct  1x500          400,500      400 K  1.95 KB      -       -
relu1  ReLU          1x500                -          -        -      -       -
ip2    InnerProduct  1x10             5,010        5 K     40 B      -       -
prob   Softmax       1x10                 -          -     40 B      -       -

parameters         431,080 (1.64 MB)
  trainable        431,080 (1.64 MB)
multiply-adds      2,293,000
activation memory  77 KB for data of 1x1x28x28
)",
            result.out);
}

constexpr char kDataNet[] = R"(
name: "read"
layer { name: "read" type: "Data" top: "data" top: "label"
        data_param { source: "no_such_folder" batch_size: 5 } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
        convolution_param { num_output: 4 kernel_size: 3 } }
layer { name: "ip" type: "InnerProduct" bottom: "label" top: "ip"
        inner_product_param { num_output: 2 axis: 0 } }
)";

TEST_F(SummaryTest, LeavesOpenWhatOnlyTheDataCanTell) {
  EXPECT_EQ(R"(read, phase TEST

layer  type          output  parameters  mult-adds  memory
read   Data          ?, 5             ?          ?       ?
conv   Convolution   ?                ?          ?       ?
ip     InnerProduct  2               12         10     8 B

parameters         12 (48 B)
  trainable        12 (48 B)
multiply-adds      10
activation memory  8 B for data of ?

2 layers (?) are not in these sums: only the data can tell their shapes. Give
the shape of the data by --input_shape=data=NxCxHxW.
)",
            Table(kDataNet));
}

TEST_F(SummaryTest, TakesShapesOfData) {
  const std::string table = Table(kDataNet, {"--input_shape=data=5x3x8x8"});
  EXPECT_THAT(table, HasSubstr("conv   Convolution   5x4x6x6            112     19.4 K"));
  EXPECT_THAT(table, HasSubstr("for data of 5x3x8x8\n"));
  EXPECT_THAT(table, Not(HasSubstr("?")));
}

TEST_F(SummaryTest, CountsSharedParametersOnce) {
  const JsonValue net = Json(kModels + "siamese/siamese.prototxt");
  EXPECT_EQ(431102, NumberOf(net, "parameters"));
  EXPECT_THAT(Summarize(kModels + "siamese/siamese.prototxt").out,
              HasSubstr("conv1_p     Convolution   2x20x24x24          shared"));
}

TEST_F(SummaryTest, CountsParametersThatLearn) {
  const std::string table = Table(R"(
layer { name: "in" type: "Input" top: "x" input_param { shape { dim: [1, 3, 4, 4] } } }
layer { name: "bn" type: "BatchNorm" bottom: "x" top: "x" }
layer { name: "a" type: "InnerProduct" bottom: "x" top: "a" param { lr_mult: 0 }
        inner_product_param { num_output: 2 } }
layer { name: "b" type: "InnerProduct" bottom: "a" top: "b" inner_product_param { num_output: 5 } })");
  EXPECT_THAT(table, HasSubstr("\nparameters         120 (480 B)\n  trainable        17 (68 B)\n"));
}

TEST_F(SummaryTest, CountsMemoryThatIsSharedOnce) {
  const std::string net = Write("net.prototxt", R"(
layer { name: "in" type: "Input" top: "x" input_param { shape { dim: [2, 3, 4, 4] } } }
layer { name: "abs" type: "AbsVal" bottom: "x" top: "y" }
layer { name: "relu" type: "ReLU" bottom: "y" top: "y" }
layer { name: "flat" type: "Flatten" bottom: "y" top: "flat" }
layer { name: "one" type: "Sigmoid" bottom: "flat" top: "one" }
layer { name: "two" type: "Sigmoid" bottom: "flat" top: "two" })");
  EXPECT_EQ(4 * 96 * 4, NumberOf(Json(net), "activation_bytes"));
}

TEST_F(SummaryTest, PrintsJson) {
  const JsonValue net = Json(Write("net.prototxt", kDataNet));
  EXPECT_EQ("TEST", TextOf(net, "phase"));
  EXPECT_EQ(2, NumberOf(net, "unknown_layers"));
  const auto& layers = demitasse::Field(net, "layers").list_value().values();
  ASSERT_EQ(3, layers.size());
  EXPECT_EQ(JsonValue::kNullValue, demitasse::Field(layers[1], "parameters").kind_case());
  EXPECT_EQ(12, NumberOf(layers[2], "parameters"));
  EXPECT_EQ(10, NumberOf(layers[2], "multiply_adds"));
  const JsonValue& top = demitasse::Field(layers[2], "tops").list_value().values(0);
  EXPECT_EQ("ip", TextOf(top, "blob"));
  EXPECT_EQ(2, demitasse::Field(top, "shape").list_value().values(0).number_value());
}

// The sizes, strides and paddings in the table of Araujo, Norris, Sim (2019), "Computing receptive
// fields of convolutional neural networks", Distill.
TEST_F(SummaryTest, KnowsTheReceptiveFieldsOfKnownNets) {
  EXPECT_EQ("195 32 -64", Field(kModels + "alexnet/alexnet.prototxt", "pool5"));
  EXPECT_EQ("212 32 -90", Field(kModels + "vgg16/vgg16.prototxt", "pool5"));
  EXPECT_EQ("483 32 -239", Field(kModels + "resnet50/resnet50.prototxt", "res5c"));
}

TEST_F(SummaryTest, FollowsFieldsThroughBranches) {
  const std::string net = Write("net.prototxt", R"(
layer { name: "in" type: "Input" top: "x" input_param { shape { dim: [1, 1, 20, 20] } } }
layer { name: "dilated" type: "Convolution" bottom: "x" top: "a"
        convolution_param { num_output: 1 kernel_size: 3 dilation: 3 pad: 3 } }
layer { name: "even" type: "Convolution" bottom: "x" top: "b"
        convolution_param { num_output: 1 kernel_size: 9 pad: 4 } }
layer { name: "wide" type: "Concat" bottom: "a" bottom: "b" top: "wide" }
layer { name: "pool" type: "Pooling" bottom: "wide" top: "pool"
        pooling_param { kernel_size: 3 stride: 2 } }
layer { name: "up" type: "Deconvolution" bottom: "pool" top: "up"
        convolution_param { num_output: 1 kernel_size: 4 stride: 2 pad: 1 } }
layer { name: "flat" type: "Flatten" bottom: "pool" top: "flat" })");
  EXPECT_EQ("1 1 0", Field(net, "in"));
  EXPECT_EQ("7 1 -3", Field(net, "dilated"));
  EXPECT_EQ("9 1 -4", Field(net, "wide"));
  EXPECT_EQ("11 2 -4", Field(net, "pool"));
  EXPECT_EQ("none", Field(net, "up"));
  EXPECT_EQ("none", Field(net, "flat"));
}

TEST_F(SummaryTest, TakesNoMemory) {
  const std::string table = Table(R"(
layer { name: "in" type: "Input" top: "x" input_param { shape { dim: [1000000, 3, 1000, 1000] } } }
layer { name: "conv" type: "Convolution" bottom: "x" top: "y"
        convolution_param { num_output: 100 kernel_size: 1 } })");
  EXPECT_THAT(table, HasSubstr("\nactivation memory  375 TB for x of 1000000x3x1000x1000\n"));
}

TEST_F(SummaryTest, WrongUsageAndWrongNetsAreErrors) {
  const ProgramResult none = RunTool({"summary"});
  EXPECT_EQ(2, none.exit_code);
  EXPECT_THAT(none.err, HasSubstr("demitasse summary: error: there is no net; give --model="));
  const ProgramResult name =
      Summarize(Write("net.prototxt", kDataNet), {"--input_shape=date=1x3x8x8"});
  EXPECT_EQ(2, name.exit_code);
  EXPECT_THAT(name.err, HasSubstr("the net has no input 'date'; did you mean 'data'?"));
  ExpectError(Summarize(Path("none.prototxt")), 2,
              Path("none.prototxt") + ": error: cannot be read: No such file or directory");
}

}  // namespace
}  // namespace demitasse
