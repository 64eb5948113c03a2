// demitasse draw.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/support/json.hpp"
#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr char kLenet[] = DEMITASSE_SOURCE_DIR "/models/lenet/lenet.prototxt";

class DrawTest : public ToolTest {
 protected:
  static ProgramResult Draw(const std::string& model, std::vector<std::string> flags = {}) {
    flags.insert(flags.begin(), {"draw", "--model=" + model});
    return RunTool(flags);
  }

  std::string Read(const std::string& name) const {
    std::stringstream text;
    text << std::ifstream(Path(name)).rdbuf();
    return text.str();
  }
};

bool HasGraphviz() {
  return std::system("command -v dot > /dev/null") == 0;  // NOLINT: no thread is running
}

TEST_F(DrawTest, PrintsDot) {
  const ProgramResult result = Draw(kLenet);
  EXPECT_EQ(0, result.exit_code);
  EXPECT_EQ("", result.err);
  EXPECT_EQ(R"GOLDEN(digraph "lenet" {
  rankdir=TB;
  label=<<b>lenet</b><br/><font point-size="10">phase TEST, batch of 1</font><br/>>;
  fontname="DejaVu Sans,Verdana,sans-serif"; fontsize=14; labelloc=t;
  nodesep=0.3; ranksep=0.3;
  node [shape=box, style="rounded,filled", fontname="DejaVu Sans,Verdana,sans-serif", fontsize=11,
        margin="0.14,0.06", height=0.3];
  edge [fontname="DejaVu Sans,Verdana,sans-serif", fontsize=9, fontcolor="#555555",
        color="#777777", arrowsize=0.6];
  "data" [label=<<b>data</b><br/>Input>, fillcolor="#e3f0dd", color="#5f8f4e"];
  "conv1" [label=<<b>conv1</b><br/>Convolution 20, 5x5>, fillcolor="#dbe8f5", color="#4a76a8"];
  "pool1" [label=<<b>pool1</b><br/>Pooling MAX, 2x2, stride 2>, fillcolor="#fbecd2", color="#bf8a36"];
  "conv2" [label=<<b>conv2</b><br/>Convolution 50, 5x5>, fillcolor="#dbe8f5", color="#4a76a8"];
  "pool2" [label=<<b>pool2</b><br/>Pooling MAX, 2x2, stride 2>, fillcolor="#fbecd2", color="#bf8a36"];
  "ip1" [label=<<b>ip1</b><br/>InnerProduct 500<br/><font point-size="10" color="#444444">ReLU</font>>, fillcolor="#dbe8f5", color="#4a76a8"];
  "ip2" [label=<<b>ip2</b><br/>InnerProduct 10>, fillcolor="#dbe8f5", color="#4a76a8"];
  "prob" [label=<<b>prob</b><br/>Softmax>, fillcolor="#f3f3f3", color="#8a8a8a"];
  "data" -> "conv1" [label=<&#160;1x28x28>];
  "conv1" -> "pool1" [label=<&#160;20x24x24>];
  "pool1" -> "conv2" [label=<&#160;20x12x12>];
  "conv2" -> "pool2" [label=<&#160;50x8x8>];
  "pool2" -> "ip1" [label=<&#160;50x4x4>];
  "ip1" -> "ip2" [label=<&#160;500>];
  "ip2" -> "prob" [label=<&#160;10>];
  "output prob" [label=<prob>, shape=plain, style=""];
  "prob" -> "output prob" [label=<&#160;10>];
}
)GOLDEN",
            result.out);
}

TEST_F(DrawTest, DrawsThePhase) {
  const std::string dot = Draw(kLenet, {"--phase=TRAIN", "--rankdir=LR"}).out;
  EXPECT_THAT(dot, HasSubstr("rankdir=LR;"));
  EXPECT_THAT(dot, HasSubstr("phase TRAIN, batch of 1"));
  EXPECT_THAT(dot, HasSubstr("\"label\" -> \"loss\" [label=<&#160;1>];"));
  EXPECT_THAT(dot, Not(HasSubstr("\"prob\"")));
}

TEST_F(DrawTest, TakesShapesOfInputs) {
  const std::string dot = Draw(kLenet, {"--input_shape=data=64x1x28x28"}).out;
  EXPECT_THAT(dot, HasSubstr("batch of 64"));
  EXPECT_THAT(dot, HasSubstr("\"data\" -> \"conv1\" [label=<&#160;1x28x28>];"));
}

TEST_F(DrawTest, PrintsNodesAndEdgesAsJson) {
  const ProgramResult result = Draw(kLenet, {"--json"});
  EXPECT_EQ(0, result.exit_code);
  const JsonValue graph = ParseJson(result.out);
  EXPECT_EQ("lenet", TextOf(graph, "name"));
  EXPECT_EQ("TEST", TextOf(graph, "phase"));
  EXPECT_EQ(1, NumberOf(graph, "batch"));
  const auto& nodes = Field(graph, "nodes").list_value().values();
  ASSERT_EQ(8, nodes.size());
  EXPECT_EQ("ip1", TextOf(nodes[5], "id"));
  EXPECT_EQ("weights", TextOf(nodes[5], "kind"));
  const auto& layers = Field(nodes[5], "layers").list_value().values();
  ASSERT_EQ(2, layers.size());
  EXPECT_EQ("relu1", TextOf(layers[1], "name"));
  EXPECT_EQ("ReLU", TextOf(layers[1], "type"));
  const auto& edges = Field(graph, "edges").list_value().values();
  ASSERT_EQ(8, edges.size());
  EXPECT_EQ("data", TextOf(edges[0], "from"));
  EXPECT_EQ("conv1", TextOf(edges[0], "to"));
  EXPECT_EQ(28, Field(edges[0], "shape").list_value().values(3).number_value());
  EXPECT_EQ(JsonValue::kNullValue, Field(edges[7], "to").kind_case());
}

TEST_F(DrawTest, PrintsKindsAndGroupsAsJson) {
  const JsonValue graph = ParseJson(Draw(Write("net.prototxt", R"(
layer { name: "in" type: "Input" top: "x" top: "t"
        input_param { shape { dim: [1, 2] } shape { dim: [1, 4] } } }
layer { name: "fork/ip" type: "InnerProduct" bottom: "x" top: "a"
        inner_product_param { num_output: 2 } }
layer { name: "fork/concat" type: "Concat" bottom: "a" bottom: "x" top: "y" }
layer { name: "loss" type: "EuclideanLoss" bottom: "y" bottom: "t" top: "loss" })"),
                                         {"--json"})
                                        .out);
  std::vector<std::string> kinds;
  for (const JsonValue& node : Field(graph, "nodes").list_value().values()) {
    kinds.push_back(TextOf(node, "id") + " " + TextOf(node, "kind"));
  }
  EXPECT_THAT(kinds, testing::UnorderedElementsAre("in data", "fork/ip weights", "fork/concat join",
                                                   "loss loss"));
  const auto& groups = Field(graph, "groups").list_value().values();
  ASSERT_EQ(1, groups.size());
  EXPECT_EQ("fork", TextOf(groups[0], "name"));
  ASSERT_EQ(2, Field(groups[0], "nodes").list_value().values_size());
  EXPECT_EQ("fork/ip", Field(groups[0], "nodes").list_value().values(0).string_value());
}

TEST_F(DrawTest, WritesDotToAFile) {
  const ProgramResult result = Draw(kLenet, {"--output=" + Path("net.dot")});
  EXPECT_EQ(0, result.exit_code);
  EXPECT_EQ("", result.out);
  EXPECT_EQ(Draw(kLenet).out, Read("net.dot"));
}

TEST_F(DrawTest, WritesPicturesByGraphviz) {
  if (!HasGraphviz()) GTEST_SKIP() << "Graphviz' program dot is not installed";
  ASSERT_EQ(0, Draw(kLenet, {"--output=" + Path("net.svg")}).exit_code);
  EXPECT_THAT(Read("net.svg"), HasSubstr("20x24x24</text>"));
  ASSERT_EQ(0, Draw(kLenet, {"--output=" + Path("net.png")}).exit_code);
  EXPECT_THAT(Read("net.png"), StartsWith("\x89PNG\r\n"));
}

TEST_F(DrawTest, GraphvizUnderstandsAnyName) {
  if (!HasGraphviz()) GTEST_SKIP() << "Graphviz' program dot is not installed";
  const std::string net = Write("net.prototxt", R"(
name: "a <b> & \"c\" \\"
layer { name: "<i>\\" type: "Input" top: "x\"\\" input_param { shape { dim: 1 } } }
layer { type: "TanH" bottom: "x\"\\" top: "\n\001\\N" })");
  const ProgramResult result = Draw(net, {"--output=" + Path("net.svg")});
  EXPECT_EQ(0, result.exit_code) << result.err;
  EXPECT_THAT(Read("net.svg"), HasSubstr("&lt;i&gt;\\</text>"));
}

TEST_F(DrawTest, WithoutGraphvizItSaysWhatToInstall) {
  const std::string path = std::getenv("PATH");
  setenv("PATH", Path("").c_str(), 1);
  const ProgramResult result = Draw(kLenet, {"--output=" + Path("net.svg")});
  setenv("PATH", path.c_str(), 1);
  ExpectError(result, 1,
              "error: Graphviz cannot draw the graph: its program dot was not found; install "
              "graphviz, or write the graph as a .dot file");
  EXPECT_FALSE(std::filesystem::exists(Path("net.svg")));
}

TEST_F(DrawTest, WhatGraphvizSaysIsPartOfTheError) {
  const std::string dot = Write("dot", "#!/bin/sh\necho no fonts >&2\nexit 3\n");
  std::filesystem::permissions(dot, std::filesystem::perms::owner_all);
  const std::string path = std::getenv("PATH");
  setenv("PATH", (Path("") + ":" + path).c_str(), 1);
  const ProgramResult result = Draw(kLenet, {"--output=" + Path("net.svg")});
  setenv("PATH", path.c_str(), 1);
  ExpectError(result, 1,
              "error: Graphviz cannot draw the graph: its program dot ended with 3: no fonts");
}

TEST_F(DrawTest, WrongFlagsAreUsageErrors) {
  const auto expect = [](const ProgramResult& result, const std::string& message) {
    EXPECT_EQ(2, result.exit_code);
    EXPECT_EQ("demitasse draw: error: " + message + "\nSee demitasse draw --help\n", result.err);
  };
  expect(RunTool({"draw"}), "there is no net; give --model=NET.prototxt");
  expect(Draw(kLenet, {"--output=net.jpg"}),
         "--output=net.jpg: needs a name that ends in .svg, .png or .dot");
  expect(Draw(kLenet, {"--rankdir=down"}), "--rankdir=down: needs to be one of TB, LR, BT, RL");
}

}  // namespace
}  // namespace demitasse
