#include "tools/graph_dot.hpp"

#include <algorithm>

#include "src/core/text.hpp"
#include "tools/html.hpp"

namespace demitasse {
namespace {

// Light enough for black text, and told apart in grey by their frames.
struct Colours {
  const char* fill;
  const char* frame;
};
Colours ColoursOf(NodeKind kind) {
  switch (kind) {
    case NodeKind::kData:
      return {"#e3f0dd", "#5f8f4e"};
    case NodeKind::kWeights:
      return {"#dbe8f5", "#4a76a8"};
    case NodeKind::kWindow:
      return {"#fbecd2", "#bf8a36"};
    case NodeKind::kJoin:
      return {"#eae3f3", "#7d62a8"};
    case NodeKind::kLoss:
      return {"#f8dcda", "#b4504a"};
    default:
      return {"#f3f3f3", "#8a8a8a"};
  }
}

// Graphviz places each line of text by its width in a font of this machine; these two fonts, one of
// which most machines have, are equally wide, so that an SVG looks right on others too.
constexpr char kDefaults[] =
    R"(  fontname="DejaVu Sans,Verdana,sans-serif"; fontsize=14; labelloc=t;
  nodesep=0.3; ranksep=0.3;
  node [shape=box, style="rounded,filled", fontname="DejaVu Sans,Verdana,sans-serif", fontsize=11,
        margin="0.14,0.06", height=0.3];
  edge [fontname="DejaVu Sans,Verdana,sans-serif", fontsize=9, fontcolor="#555555",
        color="#777777", arrowsize=0.6];
)";

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

// As text in an HTML-like label.
std::string Html(const std::string& text) { return HtmlText(OneLine(text)); }

std::string Bold(const std::string& text) {
  return text.empty() ? "" : "<b>" + Html(text) + "</b>";  // empty tags are an error
}

std::string TypeText(const GraphLayer& layer) {
  return Html(layer.type + (layer.details.empty() ? "" : " " + layer.details));
}

// Without the `path` that its frame shows.
std::string NodeLabel(const GraphNode& node, const std::string& path) {
  const std::string& name = node.layers[0].name;
  const bool leave_out = !path.empty() && name.compare(0, path.size(), path) == 0;
  std::string label =
      Bold(leave_out ? name.substr(path.size()) : name) + "<br/>" + TypeText(node.layers[0]);
  std::vector<std::string> folded;
  for (size_t i = 1; i < node.layers.size(); ++i) folded.push_back(TypeText(node.layers[i]));
  if (!folded.empty()) {
    label += "<br/><font point-size=\"10\" color=\"#444444\">" + Join(folded, ", ") + "</font>";
  }
  return label;
}

class DotWriter {
 public:
  explicit DotWriter(const NetGraph& graph) : graph_(graph) {}

  std::string Write(const std::string& rankdir) {
    text_ = Cat("digraph ", Quoted(graph_.name), " {\n  rankdir=", rankdir, ";\n  label=<", Title(),
                ">;\n", kDefaults);
    std::vector<bool> is_grouped(graph_.nodes.size());
    for (const GraphGroup& group : graph_.groups) {
      for (const size_t node : group.nodes) is_grouped[node] = true;
    }
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (!is_grouped[i]) WriteNode(graph_.nodes[i], "", "  ");
    }
    for (const GraphGroup& group : graph_.groups) WriteGroup(group);
    for (const GraphEdge& edge : graph_.edges) WriteEdge(edge);
    return text_ + "}\n";
  }

 private:
  std::string Title() const {
    std::string title = Bold(graph_.name) + "<br/><font point-size=\"10\">phase " + graph_.phase;
    if (graph_.batch) title += Cat(", batch of ", *graph_.batch);
    return title + "</font><br/>";
  }

  void WriteNode(const GraphNode& node, const std::string& path, const std::string& indent) {
    const Colours colours = ColoursOf(node.kind);
    text_ += Cat(indent, Quoted(node.id), " [label=<", NodeLabel(node, path), ">, fillcolor=\"",
                 colours.fill, "\", color=\"", colours.frame, "\"];\n");
  }

  void WriteGroup(const GraphGroup& group) {
    text_ +=
        Cat("  subgraph ", Quoted("cluster_" + group.name), " {\n    label=<", Html(group.name),
            ">; fontsize=10; fontcolor=\"#777777\"; labeljust=l;\n"
            "    style=rounded; color=\"#c8c8c8\"; bgcolor=\"#fbfbfb\";\n");
    for (const size_t node : group.nodes) WriteNode(graph_.nodes[node], group.name + "/", "    ");
    text_ += "  }\n";
  }

  void WriteEdge(const GraphEdge& edge) {
    std::string to;
    if (edge.to) {
      to = Quoted(graph_.nodes[*edge.to].id);
    } else {
      to = Quoted("output " + edge.blob);
      text_ += Cat("  ", to, " [label=<", Html(edge.blob), ">, shape=plain, style=\"\"];\n");
    }
    text_ += Cat("  ", Quoted(graph_.nodes[edge.from].id), " -> ", to, " [label=<", EdgeLabel(edge),
                 ">];\n");
  }

  // The blob is named where its layer has others.
  std::string EdgeLabel(const GraphEdge& edge) const {
    const bool is_only =
        std::all_of(graph_.edges.begin(), graph_.edges.end(), [&edge](const GraphEdge& other) {
          return other.from != edge.from || other.blob == edge.blob;
        });
    constexpr char kGap[] = "&#160;";  // from the arrow; browsers would leave out a plain space
    return kGap + (is_only ? "" : Html(edge.blob) + " ") + EdgeShape(graph_, edge);
  }

  const NetGraph& graph_;
  std::string text_;
};

}  // namespace

std::string GraphDot(const NetGraph& graph, const std::string& rankdir) {
  return DotWriter(graph).Write(rankdir);
}

}  // namespace demitasse
