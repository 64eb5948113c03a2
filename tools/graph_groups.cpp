#include "tools/graph_groups.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <string>

namespace demitasse {
namespace {

bool HasDigit(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::string FirstWord(const std::string& name) {
  const size_t slash = name.find('/');
  if (slash != std::string::npos) return name.substr(0, slash);
  const std::string word = name.substr(0, name.find('_'));
  return HasDigit(word) ? word : name;
}

std::vector<bool> Mark(const NetGraph& graph, const std::vector<size_t>& nodes) {
  std::vector<bool> marks(graph.nodes.size());
  for (const size_t node : nodes) marks[node] = true;
  return marks;
}

// Whether one gets from each of the nodes to each other along edges among them, in any direction.
bool HangTogether(const NetGraph& graph, const std::vector<size_t>& nodes) {
  const std::vector<bool> is_member = Mark(graph, nodes);
  std::vector<bool> reached = Mark(graph, {nodes[0]});
  for (bool grows = true; grows;) {
    grows = false;
    for (const GraphEdge& edge : graph.edges) {
      if (!edge.to || !is_member[edge.from] || !is_member[*edge.to]) continue;
      if (reached[edge.from] == reached[*edge.to]) continue;
      reached[edge.from] = reached[*edge.to] = true;
      grows = true;
    }
  }
  return std::all_of(nodes.begin(), nodes.end(), [&](size_t node) { return reached[node]; });
}

// Whether some way leads out of the nodes and back to them. Edges come in the order of the nodes
// that they lead to.
bool HasDetour(const NetGraph& graph, const std::vector<size_t>& nodes) {
  const std::vector<bool> is_member = Mark(graph, nodes);
  std::vector<bool> is_behind(graph.nodes.size());
  for (const GraphEdge& edge : graph.edges) {
    if (!edge.to) continue;
    if (is_member[*edge.to]) {
      if (is_behind[edge.from]) return true;
    } else if (is_member[edge.from] || is_behind[edge.from]) {
      is_behind[*edge.to] = true;
    }
  }
  return false;
}

}  // namespace

std::vector<GraphGroup> FindGroups(const NetGraph& graph) {
  std::map<std::string, std::vector<size_t>> by_word;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    by_word[FirstWord(graph.nodes[i].layers[0].name)].push_back(i);
  }
  std::vector<GraphGroup> groups;
  for (const auto& [word, nodes] : by_word) {
    const bool is_group = nodes.size() > 1 && 2 * nodes.size() <= graph.nodes.size();
    if (is_group && HangTogether(graph, nodes) && !HasDetour(graph, nodes)) {
      groups.push_back({word, nodes});
    }
  }
  return groups;
}

}  // namespace demitasse
