// demitasse inspect.
#include <cmath>
#include <sstream>

#include "src/io/hdf5_weights.hpp"
#include "src/io/write_message.hpp"
#include "tests/support/json.hpp"
#include "tests/support/layer_sources.hpp"
#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const float kNaN = std::nanf("");

void AddBlob(const std::vector<int>& shape, const std::vector<float>& values,
             caffe::LayerParameter* layer) {
  caffe::BlobProto* const blob = layer->add_blobs();
  blob->mutable_shape();
  for (const int dimension : shape) blob->mutable_shape()->add_dim(dimension);
  for (const float value : values) blob->add_data(value);
}

// A convolution and a PReLU, with values that are easy to check.
caffe::NetParameter SmallWeights() {
  caffe::NetParameter net;
  net.set_name("small");
  caffe::LayerParameter* layer = net.add_layer();
  layer->set_name("conv");
  layer->set_type("Convolution");
  AddBlob({2, 1, 2, 2}, {-3, -2, -1, 0, 1, 2, 3, 4}, layer);
  AddBlob({2}, {0, 0}, layer);
  layer = net.add_layer();
  layer->set_name("prelu");
  layer->set_type("PReLU");
  AddBlob({4}, {-0.5f, 0.25f, 1.5f, 0}, layer);
  return net;
}

class InspectTest : public ToolTest {
 protected:
  std::string WriteWeights(const std::string& name, const caffe::NetParameter& net) const {
    WriteMessage(Path(name), net);
    return Path(name);
  }

  // The output of a command that must succeed, without the folder's name.
  std::string Inspect(std::vector<std::string> args) const {
    args.insert(args.begin(), "inspect");
    const ProgramResult result = RunTool(args);
    EXPECT_EQ(0, result.exit_code) << result.err;
    EXPECT_EQ("", result.err);
    std::string out = result.out;
    for (size_t at = out.find(Path("")); at != std::string::npos; at = out.find(Path(""))) {
      out.erase(at, Path("").size());
    }
    return out;
  }
};

TEST_F(InspectTest, HelpFitsATerminal) {
  const std::string help = Inspect({"--help"});
  EXPECT_THAT(help, StartsWith("demitasse inspect: "));
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

TEST_F(InspectTest, ShowsTheParametersOfAFile) {
  EXPECT_EQ(R"(small.caffemodel: net 'small', 14 parameters in 3 blobs of 2 layers

layer  type         blob  shape     mean    std   min  max   zeros     histogram
conv   Convolution  0     2x1x2x2    0.5   2.29    -3    4   12.5%  ██ █ ██ █ ██
conv   Convolution  1     2            0      0     0    0  100.0%        █
prelu  PReLU        0     4        0.312  0.737  -0.5  1.5   25.0%  █  ██      █

slopes of  channels   min   mean  max  negative  above 1  near 0
prelu             4  -0.5  0.312  1.5         1        1       1

warning:  all 0: conv blob 1
)",
            Inspect({WriteWeights("small.caffemodel", SmallWeights())}));
}

#ifdef DEMITASSE_WITH_HDF5
TEST_F(InspectTest, TheModelTellsTypesThatHdf5Leaves) {
  WriteHdf5Weights(Path("small.caffemodel.h5"), SmallWeights());
  const std::string net = Write("net.prototxt", R"(
    layer { name: "x" type: "Input" top: "x" input_param { shape { dim: [1, 4] } } }
    layer { name: "prelu" type: "PReLU" bottom: "x" top: "x" })");
  EXPECT_THAT(Inspect({Path("small.caffemodel.h5")}), Not(HasSubstr("slopes of")));
  EXPECT_THAT(Inspect({Path("small.caffemodel.h5"), "--model=" + net}),
              HasSubstr("\nslopes of  channels   min   mean  max  negative  above 1  near 0\n"
                        "prelu             4  -0.5  0.312  1.5         1        1       1\n"));
}
#endif

TEST_F(InspectTest, ShowsOneLayerInFull) {
  EXPECT_EQ(R"(layer 'prelu' (PReLU)

blob 0 of 4: 4 values, mean 0.312, std 0.737, min -0.5, max 1.5
zeros: 1, NaN: 0, infinite: 0

        from       count
        -0.5           1  ##################################################
      -0.375           0
       -0.25           0
      -0.125           0
           0           1  ##################################################
       0.125           0
        0.25           1  ##################################################
       0.375           0
         0.5           0
       0.625           0
        0.75           0
       0.875           0
           1           0
        1.12           0
        1.25           0
        1.38           1  ##################################################

slope of each channel
  0:          -0.5      0.25       1.5         0
)",
            Inspect({WriteWeights("small.caffemodel", SmallWeights()), "--layer=prelu"}));
}

TEST_F(InspectTest, ComparesTwoFiles) {
  caffe::NetParameter other = SmallWeights();
  other.mutable_layer(0)->mutable_blobs(0)->set_data(6, 7);
  other.mutable_layer(1)->mutable_blobs(0)->mutable_shape()->add_dim(1);
  caffe::LayerParameter* const more = other.add_layer();
  more->set_name("ip");
  AddBlob({1}, {1}, more);
  EXPECT_EQ(
      R"(a: a.caffemodel
b: b.caffemodel

layer  blob  shape    differ  max |a - b|  at       |a - b| / |a|
conv   0     2x1x2x2   12.5%            4  1,0,1,0          0.603
conv   1     2             -            -  -                    -

1 blob is equal, 1 differs, 1 cannot be compared
layer 'prelu': blob 0 is 4 in a, 4x1 in b
only in b: ip
)",
      Inspect({WriteWeights("a.caffemodel", SmallWeights()), WriteWeights("b.caffemodel", other)}));
}

TEST_F(InspectTest, NamesWhatOnlyOneFileHas) {
  caffe::NetParameter other = SmallWeights();
  other.mutable_layer(1)->set_name("prelu2");
  const std::string out =
      Inspect({WriteWeights("a.caffemodel", SmallWeights()), WriteWeights("b.caffemodel", other)});
  EXPECT_THAT(out, HasSubstr("\nonly in a: prelu\nonly in b: prelu2\n"));
}

TEST_F(InspectTest, NamesAFewOfManyBlobsThatAreWrong) {
  caffe::NetParameter net;
  for (int i = 0; i < 9; ++i) {
    net.add_layer()->set_name("ip" + std::to_string(i));
    AddBlob({1}, {kNaN}, net.mutable_layer(i));
  }
  EXPECT_THAT(Inspect({WriteWeights("nan.caffemodel", net)}),
              HasSubstr("NaN or infinite: ip0 blob 0, ip1 blob 0, ip2 blob 0, ip3 blob 0, ip4\n"
                        "          blob 0, ip5 blob 0 and 3 more\n"));
}

TEST_F(InspectTest, EqualFilesDoNotDiffer) {
  const std::string path = WriteWeights("a.caffemodel", SmallWeights());
  EXPECT_THAT(Inspect({path, path}), HasSubstr("\n3 blobs are equal, 0 differ\n"));
  const JsonValue report = ParseJson(Inspect({path, path, "--json"}));
  EXPECT_EQ(0, NumberOf(Field(report, "blobs").list_value().values(0), "largest"));
}

constexpr char kRectified[] = R"(name: "rectified"
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: [2, 2, 1, 2] } } }
layer { name: "scale" type: "Scale" bottom: "x" top: "y" }
layer { name: "relu" type: "ReLU" bottom: "y" top: "y" }
layer { name: "twice" type: "Power" bottom: "y" top: "z" power_param { scale: 2 } }
layer { name: "log" type: "Log" bottom: "y" top: "w" }
)";

TEST_F(InspectTest, MeasuresEveryBlobBehindTheLayerThatWroteIt) {
  EXPECT_EQ(
      R"(net 'rectified', phase TEST, 1 batch

layer  blob  shape     mean    std  min    max  zeros  NaN  inf   dead
x      x     2x2x1x2     -1   1.87   -4      2  12.5%    -    -
scale  y     2x2x1x2     -1   1.87   -4      2  12.5%    -    -
relu   y     2x2x1x2  0.375  0.696    0      2  75.0%    -    -  75.0%
twice  z     2x2x1x2   0.75   1.39    0      4  75.0%    -    -
log    w     2x2x1x2  0.347  0.347    0  0.693  12.5%    -    6

warning:  the first value that is not finite: batch 0, layer 'log' (Log): top w,
          element 0,0,0,1 is -inf; its bottoms were finite
warning:  NaN or infinite: log blob w
warning:  dead in part: relu (1 of 2 channels, 75.0% of the units)
)",
      Inspect({"--model=" + Write("net.prototxt", kRectified),
               "--input=x=" + WriteArray("x.npy", {2, 2, 1, 2}, {1, -1, -2, -3, 2, 0, -1, -4})}));
}

TEST_F(InspectTest, TellsWhichChannelsOfALayerAreDead) {
  const std::vector<std::string> net = {
      "--model=" + Write("net.prototxt", kRectified),
      "--input=x=" + WriteArray("x.npy", {2, 2, 1, 2}, {1, -1, -2, -3, 2, 0, -1, -4})};
  EXPECT_THAT(Inspect({net[0], net[1], "--layer=relu"}),
              HasSubstr("\n3 of 4 units are dead, and with all of their units 1 of 2 channels:\n"
                        "  1\n"));
  const JsonValue report = ParseJson(Inspect({net[0], net[1], "--json"}));
  const JsonValue& relu = Field(report, "layers").list_value().values(2);
  const JsonValue& dead = Field(Field(relu, "blobs").list_value().values(0), "dead");
  EXPECT_EQ(4, NumberOf(dead, "units"));
  EXPECT_EQ(3, NumberOf(dead, "dead_units"));
  EXPECT_EQ(2, NumberOf(dead, "channels"));
  ASSERT_EQ(1, Field(dead, "dead_channels").list_value().values_size());
  EXPECT_EQ(1, Field(dead, "dead_channels").list_value().values(0).number_value());
}

TEST_F(InspectTest, WarnsOfALayerThatIsDead) {
  EXPECT_THAT(Inspect({"--model=" + Write("net.prototxt", kRectified),
                       "--input=x=" + WriteArray("x.npy", {1, 2, 1, 2}, {-1, -1, -2, -3})}),
              HasSubstr("\nwarning:  dead, never positive: relu\n"));
}

TEST_F(InspectTest, TellsWhereNaNBegan) {
  const std::string net = R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: [1, 2] } } }
layer { name: "scale" type: "Scale" bottom: "x" top: "y" }
layer { name: "twice" type: "Power" bottom: "y" top: "z" power_param { scale: 2 } }
)";
  caffe::NetParameter weights;
  weights.add_layer()->set_name("scale");
  AddBlob({2}, {1, kNaN}, weights.mutable_layer(0));
  const std::string out =
      Inspect({"--model=" + Write("net.prototxt", net),
               "--weights=" + WriteWeights("nan.caffemodel", weights), "--json"});
  const JsonValue warnings = Field(ParseJson(out), "warnings");
  ASSERT_EQ(2, warnings.list_value().values_size());
  EXPECT_EQ(
      "the first value that is not finite: batch 0, layer 'scale' (Scale): top y, element 0,1 "
      "is nan; so is its parameter 0, element 1",
      warnings.list_value().values(0).string_value());
  EXPECT_EQ("NaN or infinite: scale blob y, twice blob z",
            warnings.list_value().values(1).string_value());
}

TEST_F(InspectTest, RunsTheBatchesOfDataLayers) {
  const std::string net = Write("net.prototxt", R"(
layer { name: "x" type: "DummyData" top: "x"
        dummy_data_param { data_filler { type: "gaussian" } shape { dim: [5, 3] } } })");
  const auto count = [this, &net](const std::vector<std::string>& flags) {
    std::vector<std::string> args = {"--model=" + net, "--json"};
    args.insert(args.end(), flags.begin(), flags.end());
    const JsonValue layer = Field(ParseJson(Inspect(args)), "layers").list_value().values(0);
    return NumberOf(Field(Field(layer, "blobs").list_value().values(0), "values"), "count");
  };
  EXPECT_EQ(150, count({}));
  EXPECT_EQ(45, count({"--batches=3"}));
}

TEST_F(InspectTest, EveryBatchOfRandomInputsIsAnother) {
  const std::string net = Write("net.prototxt", R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1000 } } })");
  const auto mean = [this, &net](const std::string& batches) {
    const std::string out = Inspect({"--model=" + net, "--json", "--batches=" + batches});
    const JsonValue layer = Field(ParseJson(out), "layers").list_value().values(0);
    return NumberOf(Field(Field(layer, "blobs").list_value().values(0), "values"), "mean");
  };
  EXPECT_EQ(mean("1"), mean("1"));
  EXPECT_NE(mean("1"), mean("2"));
}

TEST_F(InspectTest, ATrainedNetOfModels) {
  const std::string folder = DEMITASSE_SOURCE_DIR "/models/digits_prelu/";
  const std::string out = Inspect({folder + "digits_prelu.caffemodel"});
  EXPECT_THAT(out, HasSubstr(": net 'digits_prelu', 6018 parameters in 8 blobs of 5 layers\n"));
  EXPECT_THAT(out,
              HasSubstr("\n"
                        "slopes of  channels    min   mean    max  negative  above 1  near 0\n"
                        "prelu1            8  0.219  0.298  0.486         -        -       -\n"
                        "prelu2           16  0.163  0.232  0.316         -        -       -\n"));
  EXPECT_THAT(out, Not(HasSubstr("warning")));
}

TEST_F(InspectTest, SaysWhatItNeeds) {
  const auto expect = [](const ProgramResult& result, const std::string& message) {
    EXPECT_EQ(2, result.exit_code);
    EXPECT_EQ("", result.out);
    EXPECT_THAT(result.err, HasSubstr(message));
  };
  const std::string path = WriteWeights("a.caffemodel", SmallWeights());
  expect(RunTool({"inspect"}), "there is nothing to inspect; give NET.caffemodel or --model=");
  expect(RunTool({"inspect", "a", "b", "c"}), "takes one file or two, got a, b, c");
  expect(RunTool({"inspect", path, path, "--layer=conv"}), "--layer has no effect on");
  expect(RunTool({"inspect", path, "--layer=con"}),
         "--layer=con: there is no such layer; did you mean 'conv'?");
  expect(RunTool({"inspect", Path("missing")}), "missing: error: ");
}

}  // namespace
}  // namespace demitasse
