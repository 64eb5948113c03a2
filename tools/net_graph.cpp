#include "tools/net_graph.hpp"

#include <cctype>
#include <map>
#include <set>

#include "layers/common/window_layer.hpp"
#include "src/core/text.hpp"
#include "tools/graph_groups.hpp"
#include "tools/json.hpp"
#include "tools/layer_details.hpp"
#include "tools/quantities.hpp"

namespace demitasse {
namespace {

// Where a blob comes from, as a user wrote it.
struct Source {
  size_t node;
  std::string blob;
};

std::optional<std::vector<int>> ShapeOf(const Blob& blob) {
  return blob.has_shape() ? std::optional(blob.shape()) : std::nullopt;
}

class GraphMaker {
 public:
  explicit GraphMaker(const NetState& net) : net_(net) {}

  NetGraph Make() {
    graph_.name = net_.param.name();
    graph_.phase = caffe::Phase_Name(net_.param.state().phase());
    for (size_t i = 0; i < net_.layers.size(); ++i) AddLayer(i);
    AddOutputs();
    graph_.groups = FindGroups(graph_);
    return std::move(graph_);
  }

 private:
  void AddLayer(size_t index) {
    const LayerParameter& param = net_.layers[index]->layer_param();
    if (net_.plan[index].is_split) {
      for (const std::string& top : param.top()) sources_[top] = sources_.at(param.bottom(0));
      return;
    }
    const GraphLayer layer{param.name(), param.type(), LayerDetails(*net_.layers[index])};
    if (param.bottom_size() == 1 && param.top_size() == 1 && param.bottom(0) == param.top(0)) {
      graph_.nodes[sources_.at(param.bottom(0)).node].layers.push_back(layer);
      return;
    }
    const size_t node = graph_.nodes.size();
    graph_.nodes.push_back({UniqueId(param.name()), KindOf(*net_.layers[index]), {layer}});
    for (int i = 0; i < param.bottom_size(); ++i) {
      const Source& source = sources_.at(param.bottom(i));
      const Blob& blob = *net_.bottoms[index][static_cast<size_t>(i)];
      graph_.edges.push_back({source.node, node, source.blob, ShapeOf(blob)});
    }
    for (const std::string& top : param.top()) sources_[top] = {node, top};
    FindBatch(net_.tops[index]);
  }

  void FindBatch(const std::vector<Blob*>& tops) {
    constexpr int kPictureAxes = 4;
    if (graph_.nodes.size() > 1 || tops.empty()) return;
    if (!tops[0]->has_shape() || tops[0]->num_axes() < kPictureAxes) return;
    graph_.batch = tops[0]->shape(0);
  }

  // Those of a single number, a loss or an accuracy, need no arrow to show them.
  void AddOutputs() {
    for (size_t i = 0; i < net_.output_names.size(); ++i) {
      const Blob& blob = *net_.outputs[i];
      const auto source = sources_.find(net_.output_names[i]);
      if (source == sources_.end()) continue;
      const size_t node = source->second.node;
      const bool is_number =
          blob.has_shape() ? blob.num_axes() == 0 : graph_.nodes[node].kind == NodeKind::kLoss;
      if (is_number) continue;
      graph_.edges.push_back({node, {}, source->second.blob, ShapeOf(blob)});
    }
  }

  std::string UniqueId(std::string name) {
    for (char& c : name) {
      if (std::iscntrl(static_cast<unsigned char>(c)) != 0) c = '?';  // no XML has them
    }
    std::string id = name;
    for (int number = 2; id.empty() || !ids_.insert(id).second; ++number) {
      id = Cat(name, "#", number);
    }
    return id;
  }

  static NodeKind KindOf(const Layer& layer) {
    const LayerParameter& param = layer.layer_param();
    if (param.bottom_size() == 0) return NodeKind::kData;
    for (int i = 0; i < param.top_size(); ++i) {
      if (layer.loss(i) != 0) return NodeKind::kLoss;
    }
    if (HasParameter(layer, "num_output")) return NodeKind::kWeights;
    if (WindowOf(layer) != nullptr) return NodeKind::kWindow;
    int values = 0;
    for (int i = 0; i < param.bottom_size(); ++i) values += layer.BottomIsIndex(i) ? 0 : 1;
    return values > 1 ? NodeKind::kJoin : NodeKind::kStep;
  }

  const NetState& net_;
  NetGraph graph_;
  std::map<std::string, Source> sources_;
  std::set<std::string> ids_;
};

const char* KindName(NodeKind kind) {
  switch (kind) {
    case NodeKind::kData:
      return "data";
    case NodeKind::kWeights:
      return "weights";
    case NodeKind::kWindow:
      return "window";
    case NodeKind::kJoin:
      return "join";
    case NodeKind::kLoss:
      return "loss";
    default:
      return "step";
  }
}

std::string NodeJson(const GraphNode& node) {
  std::vector<std::string> layers;
  for (const GraphLayer& layer : node.layers) {
    layers.push_back(JsonObject({{"name", JsonText(layer.name)},
                                 {"type", JsonText(layer.type)},
                                 {"details", JsonText(layer.details)}}));
  }
  return JsonObject({{"id", JsonText(node.id)},
                     {"kind", JsonText(KindName(node.kind))},
                     {"layers", JsonArray(layers)}});
}

std::string EdgeJson(const NetGraph& graph, const GraphEdge& edge) {
  std::vector<std::string> shape;
  for (const int dimension : edge.shape.value_or(std::vector<int>())) {
    shape.push_back(Cat(dimension));
  }
  return JsonObject({{"from", JsonText(graph.nodes[edge.from].id)},
                     {"to", edge.to ? JsonText(graph.nodes[*edge.to].id) : "null"},
                     {"blob", JsonText(edge.blob)},
                     {"shape", edge.shape ? JsonArray(shape) : "null"}});
}

std::string GroupJson(const NetGraph& graph, const GraphGroup& group) {
  std::vector<std::string> nodes;
  for (const size_t node : group.nodes) nodes.push_back(JsonText(graph.nodes[node].id));
  return JsonObject({{"name", JsonText(group.name)}, {"nodes", JsonArray(nodes)}});
}

}  // namespace

NetGraph MakeNetGraph(const NetState& net) { return GraphMaker(net).Make(); }

std::string EdgeShape(const NetGraph& graph, const GraphEdge& edge) {
  if (!edge.shape) return "?";
  std::vector<int> shape = *edge.shape;
  if (graph.batch && shape.size() > 1 && shape[0] == *graph.batch) shape.erase(shape.begin());
  return DimensionsText(shape);
}

std::string GraphJson(const NetGraph& graph) {
  std::vector<std::string> nodes, edges, groups;
  for (const GraphNode& node : graph.nodes) nodes.push_back("\n  " + NodeJson(node));
  for (const GraphEdge& edge : graph.edges) edges.push_back("\n  " + EdgeJson(graph, edge));
  for (const GraphGroup& group : graph.groups) groups.push_back("\n  " + GroupJson(graph, group));
  return JsonObject({{"name", JsonText(graph.name)},
                     {"phase", JsonText(graph.phase)},
                     {"batch", graph.batch ? Cat(*graph.batch) : "null"},
                     {"nodes", JsonArray(nodes)},
                     {"edges", JsonArray(edges)},
                     {"groups", JsonArray(groups)}}) +
         "\n";
}

}  // namespace demitasse
