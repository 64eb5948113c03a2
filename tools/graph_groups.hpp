// Which nodes of a graph a reader would put into one box.
#ifndef DEMITASSE_TOOLS_GRAPH_GROUPS_HPP_
#define DEMITASSE_TOOLS_GRAPH_GROUPS_HPP_

#include <vector>

#include "tools/net_graph.hpp"

namespace demitasse {

// The nodes whose names are the same up to a slash ("fire2/concat"), or to an underscore behind a
// word with a number ("res2a_branch1", "res2a"): two at least and no more than half of the graph,
// all of which hang together by edges among them, without a way out of the group and back.
std::vector<GraphGroup> FindGroups(const NetGraph& graph);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_GRAPH_GROUPS_HPP_
