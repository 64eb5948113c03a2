// demitasse draw: a picture of a net.
#include <filesystem>
#include <iostream>
#include <memory>

#include "src/core/text.hpp"
#include "src/io/atomic_file.hpp"
#include "tools/commands.hpp"
#include "tools/graph_dot.hpp"
#include "tools/graphviz.hpp"
#include "tools/net_graph.hpp"
#include "tools/shapes_net.hpp"

namespace demitasse {
namespace {

constexpr char kDescription[] =
    R"(Draws the layers that take part in a phase, with the parameters that matter, and
the shapes of the blobs between them, without the batch. Layers that work in
place are drawn as a line of the layer they work on; layers whose names begin
alike (fire2/squeeze1x1, fire2/concat) share a frame. Prints DOT, the language
of Graphviz, or writes FILE; SVG and PNG need Graphviz' program dot.
)";

constexpr char kExamples[] =
    R"(  demitasse draw --model=models/lenet/lenet.prototxt --output=lenet.svg
  demitasse draw --model=models/googlenet/googlenet.prototxt --phase=TRAIN \
      --output=googlenet.png
)";

struct DrawOptions {
  ShapesOptions net;
  std::string output;
  std::string rankdir = "TB";
  bool json = false;
};

std::vector<FlagGroup> DrawFlags(DrawOptions* draw) {
  return {ShapesFlags(&draw->net),
          {"The picture",
           {TextFlag("output", "FILE", &draw->output,
                     "write to FILE.svg, FILE.png or FILE.dot instead of printing DOT"),
            ChoiceFlag<std::string>("rankdir", &draw->rankdir,
                                    {{"TB", "TB"}, {"LR", "LR"}, {"BT", "BT"}, {"RL", "RL"}},
                                    "where the data flows: top to bottom, left to right, ..."),
            SwitchFlag("json", &draw->json, "print nodes and edges as JSON instead")}}};
}

// The extension without the dot: "svg".
std::string Format(const std::string& path) {
  const std::string format = std::filesystem::path(path).extension().string();
  for (const char* const known : {".dot", ".svg", ".png"}) {
    if (format == known) return format.substr(1);
  }
  throw UsageError(
      Cat("--output=", OneLine(path), ": needs a name that ends in .svg, .png or .dot"));
}

void WriteFile(const std::string& path, const std::string& bytes) {
  AtomicFile file(path);
  file.Write(bytes.data(), bytes.size());
  file.Commit();
}

void Draw(const DrawOptions& draw) {
  const std::string format = draw.output.empty() ? "dot" : Format(draw.output);
  const NetGraph graph = MakeNetGraph(*ReadShapes(draw.net));
  const std::string dot = GraphDot(graph, draw.rankdir);
  if (!draw.output.empty()) {
    WriteFile(draw.output, format == "dot" ? dot : DrawGraph(dot, format));
  }
  if (draw.json) {
    std::cout << GraphJson(graph);
  } else if (draw.output.empty()) {
    std::cout << dot;
  }
}

}  // namespace

Command DrawCommand() {
  const auto draw = std::make_shared<DrawOptions>();
  Command command;
  command.name = "demitasse draw";
  command.summary = "a picture of a net";
  command.usage = {"--model=NET.prototxt [--output=FILE] [flags]"};
  command.description = kDescription;
  command.examples = kExamples;
  command.flags = DrawFlags(draw.get());
  command.takes_plugins = true;
  command.run = [draw] { Draw(*draw); };
  return command;
}

}  // namespace demitasse
