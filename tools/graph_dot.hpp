// The graph of a net in DOT, the language of Graphviz.
#ifndef DEMITASSE_TOOLS_GRAPH_DOT_HPP_
#define DEMITASSE_TOOLS_GRAPH_DOT_HPP_

#include <string>

#include "tools/net_graph.hpp"

namespace demitasse {

// `rankdir` is where the data flows: "TB" for top to bottom, "LR", "BT" or "RL".
std::string GraphDot(const NetGraph& graph, const std::string& rankdir);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_GRAPH_DOT_HPP_
