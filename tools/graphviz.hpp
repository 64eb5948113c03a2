// Pictures of graphs by Graphviz, if its program is installed.
#ifndef DEMITASSE_TOOLS_GRAPHVIZ_HPP_
#define DEMITASSE_TOOLS_GRAPHVIZ_HPP_

#include <string>

namespace demitasse {

// What Graphviz' program dot makes of a graph in its language, in a format it knows: "svg", "png".
// Throws Error (kRun) if the program is not there or fails.
std::string DrawGraph(const std::string& dot, const std::string& format);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_GRAPHVIZ_HPP_
