// Nets for the commands that only look at them.
#ifndef DEMITASSE_TOOLS_SHAPES_NET_HPP_
#define DEMITASSE_TOOLS_SHAPES_NET_HPP_

#include <memory>
#include <string>
#include <vector>

#include "demitasse/net.hpp"
#include "src/net/shapes.hpp"
#include "tools/flags.hpp"

namespace demitasse {

struct ShapesOptions {
  std::string model;
  NetOptions net;
  std::vector<std::string> input_shapes;  // "BLOB=16x3x224x224"
};

// The flags that fill these in.
FlagGroup ShapesFlags(ShapesOptions* options);

// Reads a net and builds it for its shapes alone, however large they are. Warnings are logged.
// Throws Error for the first of all problems found.
std::unique_ptr<NetState> ReadShapes(const ShapesOptions& options);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_SHAPES_NET_HPP_
