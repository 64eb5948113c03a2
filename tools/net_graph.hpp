// A net as a graph, as people draw it: a node for each layer, into which the layers that work in
// place on its top are folded, and an edge for each blob that a layer reads.
#ifndef DEMITASSE_TOOLS_NET_GRAPH_HPP_
#define DEMITASSE_TOOLS_NET_GRAPH_HPP_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "src/net/net_state.hpp"

namespace demitasse {

struct GraphLayer {
  std::string name;
  std::string type;
  std::string details;  // the parameters that matter: "20, 5x5, stride 2"
};

enum class NodeKind {
  kData,     // has no bottoms
  kWeights,  // makes num_output channels by weights: convolution, inner product, LSTM
  kWindow,   // slides a window without parameters: pooling
  kJoin,     // makes one of several blobs
  kStep,     // anything else: activations, normalizations, changes of shape
  kLoss
};

struct GraphNode {
  std::string id;  // of this node alone: the name of its first layer, or that with a number
  NodeKind kind = NodeKind::kStep;
  std::vector<GraphLayer> layers;  // the second and those behind it work in place
};

struct GraphEdge {
  size_t from = 0;
  std::optional<size_t> to;  // none: the blob is an output of the net
  std::string blob;
  std::optional<std::vector<int>> shape;  // none: only the data can tell
};

// Nodes that hang together and whose names begin with the same word: "inception_3a/1x1".
struct GraphGroup {
  std::string name;
  std::vector<size_t> nodes;
};

struct NetGraph {
  std::string name;
  std::string phase;
  // The number of pictures in a batch, which the first axis of most blobs is then; none if the
  // first blob holds no pictures.
  std::optional<int> batch;
  std::vector<GraphNode> nodes;
  std::vector<GraphEdge> edges;
  std::vector<GraphGroup> groups;
};

// Of a net without errors, which may be built for its shapes alone.
NetGraph MakeNetGraph(const NetState& net);

// "64x56x56": without the batch, where the first axis is that; "?" if the shape is unknown.
std::string EdgeShape(const NetGraph& graph, const GraphEdge& edge);

std::string GraphJson(const NetGraph& graph);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_NET_GRAPH_HPP_
