#include "tools/net_graph.hpp"

#include "tests/tools/tool_fixture.hpp"
#include "tools/graph_dot.hpp"
#include "tools/shapes_net.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class NetGraphTest : public ToolTest {
 protected:
  NetGraph Graph(const std::string& net) const {
    ShapesOptions options;
    options.model = Write("net.prototxt", net);
    return MakeNetGraph(*ReadShapes(options));
  }

  std::string Dot(const std::string& net) const { return GraphDot(Graph(net), "TB"); }
};

constexpr char kInput[] =
    "layer { name: 'in' type: 'Input' top: 'data' input_param { shape { dim: [2, 3, 8, 6] } } }\n";

// "in -> conv data 3x8x6" for each edge.
std::vector<std::string> Edges(const NetGraph& graph) {
  std::vector<std::string> edges;
  for (const GraphEdge& edge : graph.edges) {
    edges.push_back(Cat(graph.nodes[edge.from].id, " -> ",
                        edge.to ? graph.nodes[*edge.to].id : "out", " ", edge.blob, " ",
                        EdgeShape(graph, edge)));
  }
  return edges;
}

// "conv: Convolution, ReLU"
std::vector<std::string> Nodes(const NetGraph& graph) {
  std::vector<std::string> nodes;
  for (const GraphNode& node : graph.nodes) {
    std::vector<std::string> types;
    for (const GraphLayer& layer : node.layers) types.push_back(layer.type);
    nodes.push_back(node.id + ": " + Join(types));
  }
  return nodes;
}

TEST_F(NetGraphTest, FoldsWhatWorksInPlace) {
  const NetGraph graph = Graph(kInput + std::string(R"(
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
        convolution_param { num_output: 4 kernel_size: 1 } }
layer { name: "bn" type: "BatchNorm" bottom: "conv" top: "conv" }
layer { name: "scale" type: "Scale" bottom: "conv" top: "conv" }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
layer { name: "tanh" type: "TanH" bottom: "conv" top: "tanh" })"));
  EXPECT_THAT(Nodes(graph),
              ElementsAre("in: Input", "conv: Convolution, BatchNorm, Scale, ReLU", "tanh: TanH"));
  EXPECT_THAT(Edges(graph), ElementsAre("in -> conv data 3x8x6", "conv -> tanh conv 4x8x6",
                                        "tanh -> out tanh 4x8x6"));
}

TEST_F(NetGraphTest, GoesAroundTheSplitsThatTheNetInserts) {
  const NetGraph graph = Graph(kInput + std::string(R"(
layer { name: "a" type: "TanH" bottom: "data" top: "a" }
layer { name: "b" type: "Sigmoid" bottom: "data" top: "b" }
layer { name: "sum" type: "Eltwise" bottom: "a" bottom: "b" bottom: "data" top: "sum" })"));
  EXPECT_THAT(Nodes(graph), ElementsAre("in: Input", "a: TanH", "b: Sigmoid", "sum: Eltwise"));
  EXPECT_THAT(Edges(graph),
              ElementsAre("in -> a data 3x8x6", "in -> b data 3x8x6", "a -> sum a 3x8x6",
                          "b -> sum b 3x8x6", "in -> sum data 3x8x6", "sum -> out sum 3x8x6"));
}

TEST_F(NetGraphTest, LeavesOutTheBatchOfPicturesOnly) {
  const NetGraph pictures = Graph(kInput + std::string(R"(
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 5 } }
layer { name: "turn" type: "Reshape" bottom: "ip" top: "turn" reshape_param { shape { dim: [5, 2] } } })"));
  EXPECT_EQ(2, pictures.batch);
  EXPECT_THAT(Edges(pictures),
              ElementsAre("in -> ip data 3x8x6", "ip -> turn ip 5", "turn -> out turn 5x2"));

  const NetGraph steps = Graph(R"(
layer { name: "in" type: "Input" top: "x" input_param { shape { dim: [7, 2, 3] } } }
layer { name: "tanh" type: "TanH" bottom: "x" top: "y" })");
  EXPECT_FALSE(steps.batch.has_value());
  EXPECT_THAT(Edges(steps), ElementsAre("in -> tanh x 7x2x3", "tanh -> out y 7x2x3"));
}

TEST_F(NetGraphTest, DrawsWhatHasNoKnownShape) {
  const NetGraph graph = Graph(R"(
layer { name: "read" type: "Data" top: "data" top: "label"
        data_param { source: "no_such_folder" batch_size: 5 } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
        convolution_param { num_output: 4 kernel_size: 3 stride: 2 } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "conv" bottom: "label" top: "loss" })");
  EXPECT_THAT(Nodes(graph),
              ElementsAre("read: Data", "conv: Convolution, ReLU", "loss: SoftmaxWithLoss"));
  EXPECT_THAT(Edges(graph),
              ElementsAre("read -> conv data ?", "conv -> loss conv ?", "read -> loss label 5"));
  EXPECT_EQ(NodeKind::kWeights, graph.nodes[1].kind);
  EXPECT_EQ("4, kernel 3, stride 2", graph.nodes[1].layers[0].details);
}

TEST_F(NetGraphTest, TellsKindsOfNodes) {
  const NetGraph graph = Graph(kInput + std::string(R"(
layer { name: "label" type: "Input" top: "label" input_param { shape { dim: 2 } } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
        convolution_param { num_output: 4 kernel_size: 1 } }
layer { name: "pool" type: "Pooling" bottom: "conv" top: "pool" pooling_param { kernel_size: 2 } }
layer { name: "act" type: "PReLU" bottom: "pool" top: "act" }
layer { name: "join" type: "Concat" bottom: "act" bottom: "pool" top: "join" }
layer { name: "ip" type: "InnerProduct" bottom: "join" top: "ip" inner_product_param { num_output: 5 } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
layer { name: "accuracy" type: "Accuracy" bottom: "ip" bottom: "label" top: "accuracy" })"));
  std::vector<NodeKind> kinds;
  for (const GraphNode& node : graph.nodes) kinds.push_back(node.kind);
  EXPECT_THAT(kinds, ElementsAre(NodeKind::kData, NodeKind::kData, NodeKind::kWeights,
                                 NodeKind::kWindow, NodeKind::kStep, NodeKind::kJoin,
                                 NodeKind::kWeights, NodeKind::kLoss, NodeKind::kStep));
}

TEST_F(NetGraphTest, GivesNodesOfOneNameNumbers) {
  const NetGraph graph = Graph(kInput + std::string(R"(
layer { name: "a" type: "TanH" bottom: "data" top: "b" }
layer { name: "a" type: "TanH" bottom: "b" top: "c" }
layer { type: "TanH" bottom: "c" top: "d" })"));
  EXPECT_THAT(Nodes(graph), ElementsAre("in: Input", "a: TanH", "a#2: TanH", "#2: TanH"));
}

std::string Groups(const NetGraph& graph) {
  std::string text;
  for (const GraphGroup& group : graph.groups) {
    text += group.name + ":";
    for (const size_t node : group.nodes) text += " " + graph.nodes[node].id;
    text += "\n";
  }
  return text;
}

// A chain of layers of these names behind "in".
std::string Chain(const std::vector<std::string>& names) {
  std::string net = kInput;
  std::string bottom = "data";
  for (const std::string& name : names) {
    net +=
        Cat("layer { name: '", name, "' type: 'TanH' bottom: '", bottom, "' top: '", name, "' }\n");
    bottom = name;
  }
  return net;
}

TEST_F(NetGraphTest, GroupsLayersByTheirNames) {
  EXPECT_EQ("fire2: fire2/squeeze fire2/concat\nres2a: res2a_branch1 res2a\n",
            Groups(Graph(Chain({"conv1", "fire2/squeeze", "fire2/concat", "res2a_branch1", "res2a",
                                "bn_x", "bn_y"}))));
}

TEST_F(NetGraphTest, GroupsOnlyWhatHangsTogether) {
  EXPECT_EQ("", Groups(Graph(Chain({"a/x", "b", "a/y", "c", "d"}))));
  EXPECT_EQ("a: a/x a/y\n", Groups(Graph(Chain({"a/x", "a/y", "c", "d"}))));
  EXPECT_EQ("", Groups(Graph(Chain({"net/x", "net/y", "net/z", "prob"}))));  // most of the graph
}

TEST_F(NetGraphTest, GroupsNothingThatAWayLeadsOutOfAndBack) {
  const std::string around = R"(
layer { name: "b" type: "TanH" bottom: "a/x" top: "b" }
layer { name: "a/y" type: "Eltwise" bottom: "a/x" bottom: "b" top: "a/y" }
layer { name: "c" type: "TanH" bottom: "a/y" top: "c" })";
  EXPECT_EQ("", Groups(Graph(Chain({"a/x"}) + around)));
}

TEST_F(NetGraphTest, WritesTheParametersThatMatter) {
  const NetGraph graph = Graph(kInput + std::string(R"(
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param {
        num_output: 6 kernel_h: 3 kernel_w: 2 stride: 2 pad_h: 1 dilation: 2 group: 3
        weight_filler { type: "xavier" } } }
layer { name: "drop" type: "Dropout" bottom: "conv" top: "conv" }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" relu_param { negative_slope: 0.1 } }
layer { name: "up" type: "Deconvolution" bottom: "conv" top: "up"
        convolution_param { num_output: 4 kernel_size: 2 stride: 2 } }
layer { name: "pool" type: "Pooling" bottom: "up" top: "pool"
        pooling_param { pool: AVE kernel_size: 2 stride: 1 } }
layer { name: "all" type: "Pooling" bottom: "pool" top: "all" pooling_param { global_pooling: true } }
layer { name: "sum" type: "Eltwise" bottom: "all" bottom: "all" top: "sum" }
layer { name: "ip" type: "InnerProduct" bottom: "sum" top: "ip" inner_product_param { num_output: 9 } }
layer { name: "log" type: "Power" bottom: "ip" top: "log" power_param { power: 2 shift: -1 } }
)"));
  std::vector<std::string> details;
  for (const GraphNode& node : graph.nodes) {
    for (const GraphLayer& layer : node.layers) details.push_back(layer.details);
  }
  EXPECT_THAT(details, ElementsAre("", "6, 3x2, stride 2, pad 1x0, dilation 2, group 3", "0.5",
                                   "slope 0.1", "4, 2x2, stride 2", "AVE, 2x2", "MAX, global",
                                   "SUM", "9", "power 2, shift -1"));
}

TEST_F(NetGraphTest, NamesTheBlobsOfALayerWithSeveral) {
  const std::string dot = Dot(R"(
layer { name: "in" type: "Input" top: "x" top: "y"
        input_param { shape { dim: [1, 3, 4, 4] } shape { dim: 1 } } }
layer { name: "sink" type: "Silence" bottom: "x" bottom: "y" })");
  EXPECT_THAT(dot, HasSubstr("\"in\" -> \"sink\" [label=<&#160;x 3x4x4>];"));
  EXPECT_THAT(dot, HasSubstr("\"in\" -> \"sink\" [label=<&#160;y 1>];"));
}

TEST_F(NetGraphTest, WritesGroupsAsFramesWithShortNamesInside) {
  const std::string dot = Dot(Chain({"a", "fire2/x", "fire2/y", "b"}));
  EXPECT_THAT(dot, HasSubstr("subgraph \"cluster_fire2\" {"));
  EXPECT_THAT(dot, HasSubstr("\"fire2/x\" [label=<<b>x</b><br/>TanH>"));
}

TEST_F(NetGraphTest, EscapesNames) {
  const std::string dot = Dot(Chain({R"(a<b>"&\\)", "n\\nl"}));
  EXPECT_THAT(dot, HasSubstr(R"("a<b>\"&\\" [label=<<b>a&lt;b&gt;&quot;&amp;\</b><br/>TanH>)"));
  EXPECT_THAT(dot, HasSubstr(R"("a<b>\"&\\" -> "n?l")"));
}

}  // namespace
}  // namespace demitasse
