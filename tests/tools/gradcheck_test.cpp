// demitasse gradcheck.
#include <map>
#include <sstream>

#include "tests/support/json.hpp"
#include "tests/tools/tool_fixture.hpp"
#include "tools/gradient_report.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr char kInput[] = R"(
layer { name: "in" type: "Input" top: "x" top: "label"
        input_param { shape { dim: [2, 3, 5, 4] } shape { dim: 2 } } }
)";

class GradcheckTest : public ToolTest {
 protected:
  ProgramResult Check(const std::string& layers, std::vector<std::string> flags = {}) const {
    flags.insert(flags.begin(), {"gradcheck", "--model=" + Write("net.prototxt", kInput + layers)});
    return RunTool(flags);
  }

  // The results of the layers in --json by their names, and that of the net as "".
  static std::map<std::string, std::string> Results(const ProgramResult& result) {
    std::map<std::string, std::string> results;
    const JsonValue report = ParseJson(result.out);
    for (const JsonValue& layer : Field(report, "layers").list_value().values()) {
      results[TextOf(layer, "name")] = TextOf(layer, "result");
    }
    results[""] = TextOf(Field(report, "net"), "result");
    return results;
  }
};

constexpr char kClassifier[] = R"(
layer { name: "conv" type: "Convolution" bottom: "x" top: "conv"
        convolution_param { num_output: 4 kernel_size: 3 weight_filler { type: "xavier" } } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
layer { name: "drop" type: "Dropout" bottom: "conv" top: "conv" }
layer { name: "ip" type: "InnerProduct" bottom: "conv" top: "ip"
        inner_product_param { num_output: 3 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
)";

TEST_F(GradcheckTest, HelpFitsATerminal) {
  const std::string help = RunTool({"gradcheck", "--help"}).out;
  EXPECT_THAT(help, StartsWith("demitasse gradcheck: "));
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

TEST_F(GradcheckTest, ARightNetPassesWithDropoutAndLayersInPlace) {
  for (const std::string engine : {"auto", "reference"}) {
    const ProgramResult result = Check(kClassifier, {"--engine=" + engine, "--samples=0"});
    EXPECT_EQ(0, result.exit_code) << result.out << result.err;
    EXPECT_EQ("", result.err);
    for (const std::string layer : {"\nconv ", "\nrelu ", "\ndrop ", "\nip ", "\nloss "}) {
      EXPECT_THAT(result.out, HasSubstr(layer));
    }
    EXPECT_THAT(result.out, HasSubstr("\nthe whole net"));
    EXPECT_THAT(result.out, Not(HasSubstr("WRONG")));
  }
}

TEST_F(GradcheckTest, TellsEveryBlobInJson) {
  const ProgramResult result = Check(kClassifier, {"--json", "--samples=7"});
  const JsonValue report = ParseJson(result.out);
  EXPECT_TRUE(Field(report, "passed").bool_value());
  EXPECT_EQ("TRAIN", TextOf(report, "phase"));
  const JsonValue& conv = Field(report, "layers").list_value().values(0);
  EXPECT_EQ("conv", TextOf(conv, "name"));
  const auto& blobs = Field(conv, "blobs").list_value();
  ASSERT_EQ(3, blobs.values_size());
  EXPECT_EQ("bottom", TextOf(blobs.values(0), "kind"));
  EXPECT_EQ("x", TextOf(blobs.values(0), "blob"));
  EXPECT_EQ("parameter", TextOf(blobs.values(2), "kind"));
  EXPECT_EQ(4, NumberOf(blobs.values(2), "checked"));
  EXPECT_LE(NumberOf(blobs.values(1), "checked"), 7);
  EXPECT_EQ(4, Field(Field(blobs.values(1), "worst"), "at").list_value().values_size());
}

TEST_F(GradcheckTest, FindsAGradientThatIsWrong) {
  // Caffe's gradient of MVN takes eps for small beside the deviation.
  const ProgramResult result =
      Check(R"(layer { name: "mvn" type: "MVN" bottom: "x" top: "y" mvn_param { eps: 1 } }
               layer { name: "tanh" type: "TanH" bottom: "y" top: "z" })",
            {"--samples=0"});
  EXPECT_EQ(1, result.exit_code);
  EXPECT_EQ(Path("net.prototxt") + ": error: gradients are wrong: 1 of 3 checks\n", result.err);
  EXPECT_THAT(result.out, HasSubstr("\nlayer 'mvn' (MVN): gradient of bottom x: "));
  EXPECT_THAT(result.out, Not(HasSubstr("'tanh'")));
}

TEST_F(GradcheckTest, ALayerMayKeepItsBottom) {
  const ProgramResult result = Check(
      R"(layer { name: "twice" type: "KeepsBottom" bottom: "x" top: "twice" }
layer { name: "relu" type: "ReLU" bottom: "twice" top: "twice" })",
      {"--json", "--plugins=" DEMITASSE_TEST_PLUGINS "/keeps_bottom.so"});
  EXPECT_EQ("ok", Results(result)["twice"]) << result.out << result.err;
  EXPECT_EQ("ok", Results(result)["relu"]);
  EXPECT_EQ("ok", Results(result)[""]);
}

TEST_F(GradcheckTest, ChecksTheLayersThatAreNamed) {
  const ProgramResult result = Check(kClassifier, {"--json", "--layer=relu,loss"});
  EXPECT_EQ(0, result.exit_code) << result.err;
  const std::map<std::string, std::string> expected = {{"relu", "ok"}, {"loss", "ok"}, {"", "-"}};
  EXPECT_EQ(expected, Results(result));
}

TEST_F(GradcheckTest, DataIsReadOnceAndHeld) {
  const ProgramResult result = Check(
      R"(layer { name: "noise" type: "DummyData" top: "noise"
                 dummy_data_param { data_filler { type: "gaussian" } shape { dim: [2, 6] } } }
         layer { name: "square" type: "Power" bottom: "noise" top: "noise"
                 power_param { power: 2 } }
         layer { name: "scale" type: "Scale" bottom: "noise" top: "y" })",
      {"--json"});
  EXPECT_EQ(0, result.exit_code) << result.err;
  const std::map<std::string, std::string> expected = {
      {"square", "ok"}, {"scale", "ok"}, {"", "ok"}};
  EXPECT_EQ(expected, Results(result));
}

TEST_F(GradcheckTest, OfManyBlobsOfANetSomeAreChecked) {
  const auto blobs = [this](const std::string& samples) {
    const JsonValue report = ParseJson(Check(kClassifier, {"--json", "--samples=" + samples}).out);
    std::vector<std::string> names;
    for (const auto& blob : Field(Field(report, "net"), "blobs").list_value().values()) {
      names.push_back(TextOf(blob, "blob"));
    }
    return names;
  };
  EXPECT_THAT(blobs("1"), ElementsAre("x"));
  EXPECT_THAT(blobs("2"), ElementsAre("x", "ip param 1"));
}

TEST_F(GradcheckTest, LabelsAre0WhereThereIsOnlyOneClass) {
  const ProgramResult result = Check(R"(
layer { name: "ip" type: "InnerProduct" bottom: "x" top: "ip"
        inner_product_param { num_output: 1 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" })",
                                     {"--json"});
  EXPECT_EQ(0, result.exit_code) << result.err;
  EXPECT_EQ("ok", Results(result)["loss"]);
}

TEST_F(GradcheckTest, TheWayToALossThroughItsTargetDoesNotCount) {
  const ProgramResult result = Check(R"(
layer { name: "flat" type: "Flatten" bottom: "x" top: "flat" }
layer { name: "ip" type: "InnerProduct" bottom: "flat" top: "ip"
        inner_product_param { num_output: 60 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "SigmoidCrossEntropyLoss" bottom: "ip" bottom: "flat" })",
                                     {"--json"});
  EXPECT_EQ(0, result.exit_code) << result.out << result.err;
  const JsonValue report = ParseJson(result.out);
  std::vector<std::string> blobs;
  for (const auto& blob : Field(Field(report, "net"), "blobs").list_value().values()) {
    blobs.push_back(TextOf(blob, "blob"));
  }
  EXPECT_THAT(blobs, ElementsAre("ip param 0", "ip param 1"));
}

TEST_F(GradcheckTest, ALayerThatRemembersCannotBeChecked) {
  const std::string layers = R"(
layer { name: "more" type: "Input" top: "s" top: "cont"
        input_param { shape { dim: [2, 1, 3] } shape { dim: [2, 1] } } }
layer { name: "lstm" type: "LSTM" bottom: "s" bottom: "cont" top: "y"
        recurrent_param { num_output: 2 weight_filler { type: "gaussian" std: 1 } } })";
  const std::string continued = "--input=cont=" + WriteArray("one.npy", {2, 1}, {1, 1});
  const ProgramResult result = Check(layers, {continued, "--layer=lstm"});
  EXPECT_EQ(0, result.exit_code);
  EXPECT_THAT(result.out, HasSubstr("layer 'lstm' (LSTM): two passes over the same values differ"));
  const ProgramResult whole = Check(layers, {continued});
  EXPECT_THAT(whole.out, HasSubstr("the whole net: two passes over the same values differ"));
}

TEST_F(GradcheckTest, TellsWhereNanBegins) {
  const ProgramResult result = Check(R"(
layer { name: "log" type: "Log" bottom: "x" top: "y" }
layer { name: "tanh" type: "TanH" bottom: "y" top: "z" })");
  EXPECT_THAT(result.out, HasSubstr("\nlayer 'log' (Log): gives NaN or infinity, "));
  EXPECT_THAT(result.out, Not(HasSubstr("layer 'tanh' (TanH): gives")));
}

TEST_F(GradcheckTest, SaysWhatItNeeds) {
  const auto expect = [](const ProgramResult& result, const std::string& message) {
    EXPECT_EQ(2, result.exit_code);
    EXPECT_THAT(result.err, HasSubstr(message));
  };
  expect(RunTool({"gradcheck"}), "there is no net to check; give --model=NET.prototxt");
  expect(Check(kClassifier, {"--step=0"}), "--step must be greater than 0");
  expect(Check(kClassifier, {"--threshold=-1"}), "--threshold must be greater than 0");
  expect(Check(kClassifier, {"--layer=con"}), "the net has no layer 'con'; did you mean 'conv'?");
}

BlobGradientCheck CheckedBlob(bool is_parameter, int index, const std::vector<int>& shape,
                              int64_t wrong, const DerivativeCheck& worst, int64_t element) {
  BlobGradientCheck blob;
  blob.is_parameter = is_parameter;
  blob.index = index;
  blob.shape = shape;
  blob.checked = 10;
  blob.wrong = wrong;
  blob.worst = worst;
  blob.worst_element = element;
  return blob;
}

// What the table shows of layers of every kind.
TEST(GradientReport, NamesTheWorstElement) {
  NetGradientCheck check;
  LayerGradientCheck conv{"conv", "Convolution", false, {"data"}, {}, ""};
  conv.blobs.push_back(
      CheckedBlob(false, 0, {2, 3, 8, 8}, 0, {GradientOutcome::kRight, 1, 1, 1e-4}, 5));
  conv.blobs.push_back(
      CheckedBlob(true, 0, {4, 3, 3, 3}, 3, {GradientOutcome::kWrong, 0.5, 0.25, 0.5}, 31));
  LayerGradientCheck relu{"relu", "ReLU", false, {"conv"}, {}, ""};
  relu.blobs.push_back(CheckedBlob(false, 0, {2, 4}, 0, {GradientOutcome::kRight, 1, 1, 0}, 7));
  relu.blobs.back().at_corners = 2;
  relu.blobs.back().unclear = 1;
  check.layers = {conv, relu, {"max", "ArgMax", false, {"conv"}, {}, "has no gradient"}};
  check.net = {{"data", {GradientOutcome::kRight, 2, 2, 1e-3}}};
  EXPECT_EQ(R"(phase TRAIN, step 0.01, threshold 0.01, up to 10 elements of each blob

layer          type         gradient of    elements  worst  at                corners  unclear  result
conv           Convolution  data, 1 param        20    0.5  param 0[1,0,1,1]        -        -  WRONG
relu           ReLU         conv                 10      0  conv[1,3]               2        1  ok
max            ArgMax       -                     -      -  -                       -        -  -
the whole net               1 blob                1  0.001  data                    -        -  ok

layer 'conv' (Convolution): gradient of param 0: 3 of 10 elements wrong
  worst at [1,0,1,1]: analytical 0.5, numerical 0.25, relative error 0.5
layer 'max' (ArgMax): has no gradient
)",
            GradientTable(check, {1e-2f, 1e-2f, 10, 1}, caffe::TRAIN, 120));
}

TEST(GradientReport, TellsOfTheWholeNet) {
  NetGradientCheck check;
  check.net = {{"a", {GradientOutcome::kWrong, 0.5, 0.25, 0.5}},
               {"b", {GradientOutcome::kUnclear, 1, 1, 0}},
               {"c", {GradientOutcome::kAtCorner, 1, 0, 1}}};
  const GradientCheckOptions options = {1e-2f, 1e-2f, 10, 1};
  EXPECT_THAT(
      GradientTable(check, options, caffe::TRAIN, 80),
      HasSubstr("the whole net: gradient of the loss by a\n"
                "  along the gradient: analytical 0.5, numerical 0.25, relative error 0.5\n"));
  const JsonValue report = ParseJson(GradientJson(check, options, caffe::TRAIN));
  std::vector<std::string> results;
  for (const auto& blob : Field(Field(report, "net"), "blobs").list_value().values()) {
    results.push_back(TextOf(blob, "result"));
  }
  EXPECT_THAT(results, ElementsAre("WRONG", "unclear", "at a corner"));
}

}  // namespace
}  // namespace demitasse
