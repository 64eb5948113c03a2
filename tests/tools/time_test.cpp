// demitasse time.
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/support/json.hpp"
#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

// Trains on two samples of 4 x 6 x 6.
constexpr char kNet[] = R"(
layer { name: "in" type: "Input" top: "data" top: "label"
        input_param { shape { dim: [2, 4, 6, 6] } shape { dim: 2 } } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
        convolution_param { num_output: 8 kernel_size: 3 weight_filler { type: "xavier" } } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
layer { name: "up" type: "Deconvolution" bottom: "conv" top: "up"
        convolution_param { num_output: 8 kernel_size: 2 stride: 2 group: 8 } }
layer { name: "ip" type: "InnerProduct" bottom: "up" top: "ip"
        inner_product_param { num_output: 3 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
)";

class TimeTest : public ToolTest {
 protected:
  ProgramResult Time(const std::string& net, std::vector<std::string> flags = {}) const {
    flags.insert(flags.begin(),
                 {"time", "--model=" + Write("net.prototxt", net), "--iterations=2"});
    return RunTool(flags);
  }

  // The layers of --json by their names.
  std::map<std::string, JsonValue> TimeLayers(const std::string& net,
                                              std::vector<std::string> flags = {}) const {
    flags.emplace_back("--json");
    const ProgramResult result = Time(net, flags);
    EXPECT_EQ(0, result.exit_code) << result.err;
    std::map<std::string, JsonValue> layers;
    const JsonValue report = ParseJson(result.out);
    for (const JsonValue& layer : Field(report, "layers").list_value().values()) {
      layers[TextOf(layer, "name")] = layer;
    }
    return layers;
  }
};

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// Log lines from the first pass on, without glog's prefix, and with every time as "T".
std::vector<std::string> LogMessages(const std::string& text) {
  std::vector<std::string> messages;
  for (std::string line : Lines(text)) {
    line.erase(0, line.find("] ") + 2);
    if (messages.empty() && line != "Performing Forward") continue;
    const size_t end = line.rfind(" ms.");
    if (end != std::string::npos) {
      const size_t start = line.rfind(' ', end - 1) + 1;
      EXPECT_GE(std::stod(line.substr(start, end - start)), 0);
      line.replace(start, end - start, "T");
    }
    messages.push_back(line);
  }
  return messages;
}

constexpr char kShortNet[] = R"(
layer { name: "in" type: "Input" top: "x" input_param { shape { dim: [1, 3] } } }
layer { name: "double_it_all" type: "Power" bottom: "x" top: "y" power_param { scale: 2 } }
)";

TEST_F(TimeTest, WritesTheLogLinesOfCaffe) {
  const ProgramResult result = Time(kShortNet);
  EXPECT_EQ(0, result.exit_code);
  EXPECT_THAT(
      LogMessages(result.err),
      testing::ElementsAre(
          "Performing Forward", "Initial loss: 0", "Performing Backward",
          "*** Benchmark begins ***", "Testing for 2 iterations.",
          "Iteration: 1 forward-backward time: T ms.", "Iteration: 2 forward-backward time: T ms.",
          "Average time per layer: ", "        in\tforward: T ms.", "        in\tbackward: T ms.",
          "double_it_all\tforward: T ms.", "double_it_all\tbackward: T ms.",
          "Average Forward pass: T ms.", "Average Backward pass: T ms.",
          "Average Forward-Backward: T ms.", "Total Time: T ms.", "*** Benchmark ends ***"));
}

TEST_F(TimeTest, LeavesOutThePassBackward) {
  const ProgramResult result = Time(kShortNet, {"--forward_only"});
  EXPECT_THAT(
      LogMessages(result.err),
      testing::ElementsAre("Performing Forward", "Initial loss: 0", "*** Benchmark begins ***",
                           "Testing for 2 iterations.", "Iteration: 1 forward time: T ms.",
                           "Iteration: 2 forward time: T ms.",
                           "Average time per layer: ", "        in\tforward: T ms.",
                           "double_it_all\tforward: T ms.", "Average Forward pass: T ms.",
                           "Total Time: T ms.", "*** Benchmark ends ***"));
  EXPECT_THAT(result.out, Not(HasSubstr("backward")));
}

TEST_F(TimeTest, TimesTheLayersThatAnOptimizedNetHas) {
  const std::map<std::string, JsonValue> layers = TimeLayers(kNet, {"--optimize"});
  EXPECT_EQ(1U, layers.count("conv"));
  EXPECT_EQ(0U, layers.count("relu"));  // it is the convolution's last step
}

TEST_F(TimeTest, ListsTheLayersByTheirShare) {
  const ProgramResult result = Time(kNet, {"--threads=1"});
  ASSERT_EQ(0, result.exit_code) << result.err;
  const std::vector<std::string> lines = Lines(result.out);
  ASSERT_EQ(11U, lines.size()) << result.out;
  EXPECT_EQ("2 iterations, 1 thread", lines[0]);
  EXPECT_THAT(lines[1], MatchesRegex("forward   [0-9.]+ ms \\([0-9.]+ to [0-9.]+\\)"));
  EXPECT_THAT(lines[2], MatchesRegex("backward  [0-9.]+ ms \\([0-9.]+ to [0-9.]+\\)"));
  EXPECT_EQ("", lines[3]);
  EXPECT_THAT(lines[4], MatchesRegex("layer +(type +)?implementation +fwd ms +bwd ms +share +"
                                     "GFLOP/s +(GB/s +)?reorders"));
  double sum = 0;
  double last = 100;
  for (size_t i = 5; i < lines.size(); ++i) {
    EXPECT_LE(lines[i].size(), 80U);
    const size_t end = lines[i].find('%');
    const double share = std::stod(lines[i].substr(lines[i].rfind(' ', end)));
    EXPECT_LE(share, last);
    last = share;
    sum += share;
  }
  EXPECT_NEAR(100, sum, 0.5);
}

TEST_F(TimeTest, CountsMultiplyAddsAndBytes) {
  const auto layers = TimeLayers(kNet);
  EXPECT_EQ(2 * 4 * 4 * 8 * 4 * 3 * 3, NumberOf(layers.at("conv"), "multiply_adds"));
  EXPECT_EQ(2 * 4 * 4 * 8 * 2 * 2, NumberOf(layers.at("up"), "multiply_adds"));
  EXPECT_EQ(2 * 3 * 8 * 8 * 8, NumberOf(layers.at("ip"), "multiply_adds"));
  EXPECT_EQ(0, NumberOf(layers.at("relu"), "multiply_adds"));
  EXPECT_EQ(4 * (2 * 8 * 4 * 4 * 2), NumberOf(layers.at("relu"), "bytes"));
  EXPECT_EQ(4 * (2 * 4 * 6 * 6 + 2 * 8 * 4 * 4 + 8 * 4 * 3 * 3 + 8),
            NumberOf(layers.at("conv"), "bytes"));
  EXPECT_EQ(0, NumberOf(layers.at("in"), "bytes"));
}

TEST_F(TimeTest, CountsTheProductsOfRecurrentLayers) {
  const auto layers = TimeLayers(R"(
layer { name: "in" type: "Input" top: "x" top: "cont"
        input_param { shape { dim: [5, 2, 3] } shape { dim: [5, 2] } } }
layer { name: "lstm" type: "LSTM" bottom: "x" bottom: "cont" top: "y"
        recurrent_param { num_output: 4 } })");
  EXPECT_EQ(5 * 2 * (4 * 4) * (3 + 4), NumberOf(layers.at("lstm"), "multiply_adds"));
}

TEST_F(TimeTest, NamesTheImplementation) {
  const auto reference = TimeLayers(kNet, {"--engine=reference"});
  EXPECT_EQ("reference", TextOf(reference.at("conv"), "implementation"));
  EXPECT_EQ("Convolution", TextOf(reference.at("conv"), "type"));
  EXPECT_EQ("", TextOf(reference.at("relu"), "implementation"));
  EXPECT_EQ(0, NumberOf(reference.at("conv"), "reorders"));
#ifdef DEMITASSE_WITH_ONEDNN
  const auto fast = TimeLayers(kNet, {"--engine=onednn"});
  EXPECT_THAT(TextOf(fast.at("conv"), "implementation"), StartsWith("onednn:"));
  EXPECT_EQ("few_rows", TextOf(fast.at("ip"), "implementation"));
#endif
}

TEST_F(TimeTest, SharesAddUpToOne) {
  double sum = 0;
  for (const auto& [name, layer] : TimeLayers(kNet)) sum += NumberOf(layer, "share");
  EXPECT_NEAR(1, sum, 1e-3);
}

TEST_F(TimeTest, GivesInputsAnotherShape) {
  const auto layers = TimeLayers(kNet, {"--input_shape=data=5x4x6x6,label=5", "--phase=TEST"});
  EXPECT_EQ(5 * 4 * 4 * 8 * 4 * 3 * 3, NumberOf(layers.at("conv"), "multiply_adds"));
}

TEST_F(TimeTest, SkipsLayersWithoutAGradient) {
  const auto layers = TimeLayers(R"(
layer { name: "in" type: "Input" top: "x" input_param { shape { dim: [1, 3] } } }
layer { name: "ip" type: "InnerProduct" bottom: "x" top: "y" inner_product_param { num_output: 2 } }
layer { name: "best" type: "ArgMax" bottom: "y" top: "best" })");
  EXPECT_LT(0, NumberOf(Field(layers.at("best"), "forward_ms"), "median"));
  EXPECT_EQ(0, NumberOf(Field(layers.at("best"), "backward_ms"), "median"));
}

TEST_F(TimeTest, WritesATraceThatBrowsersShow) {
  const ProgramResult result = Time(kNet, {"--trace=" + Path("trace.json")});
  ASSERT_EQ(0, result.exit_code) << result.err;
  std::stringstream text;
  text << std::ifstream(Path("trace.json")).rdbuf();
  const JsonValue trace = ParseJson(text.str());
  std::map<std::string, int> events;
  for (const JsonValue& event : Field(trace, "traceEvents").list_value().values()) {
    if (TextOf(event, "ph") != "X") continue;
    EXPECT_GE(NumberOf(event, "ts"), 0);
    EXPECT_GE(NumberOf(event, "dur"), 0);
    EXPECT_EQ(1, NumberOf(event, "pid"));
    EXPECT_EQ(1, NumberOf(event, "tid"));
    ++events[TextOf(event, "name") + " " + TextOf(event, "cat")];
  }
  EXPECT_EQ(2, events["conv forward"]);
  EXPECT_EQ(2, events["conv backward"]);
  EXPECT_EQ(2, events["in forward"]);
  EXPECT_EQ(0, events["in backward"]);
}

TEST_F(TimeTest, WrongFlagsAreUsageErrors) {
  const auto expect = [](const ProgramResult& result, const std::string& message) {
    EXPECT_EQ(2, result.exit_code);
    EXPECT_THAT(result.err, HasSubstr("demitasse time: error: " + message + "\n"));
  };
  expect(RunTool({"time"}), "there is no net to time; give --model=NET.prototxt");
  expect(Time(kNet, {"--iterations=0"}),
         "--iterations=0: needs a whole number from 1 to 2147483647");
  expect(Time(kNet, {"--input_shape=date=1"}),
         "--input_shape=date=1: the net has no input 'date'; did you mean 'data'? (its inputs: "
         "data, label)");
  expect(Time(kNet, {"--input_shape=data=1x-2"}),
         "--input_shape=data=1x-2: needs whole numbers with an x between them, such as "
         "16x3x224x224");
}

TEST_F(TimeTest, ATraceThatCannotBeWrittenIsAnError) {
  const ProgramResult result = Time(kNet, {"--trace=" + Path("none/trace.json")});
  EXPECT_EQ(2, result.exit_code);
  EXPECT_THAT(result.err, HasSubstr(Path("none/trace.json") + ": error: cannot be written\n"));
}

}  // namespace
}  // namespace demitasse
