// demitasse layers: what the layers compute, and the fields of their parameters.
#include <algorithm>
#include <cctype>
#include <iostream>
#include <memory>

#include "demitasse/layer_registry.hpp"
#include "src/core/text.hpp"
#include "tools/columns.hpp"
#include "tools/commands.hpp"
#include "tools/layer_help.hpp"

namespace demitasse {
namespace {

constexpr char kDescription[] =
    R"(Without TYPE: all types of layers, with what they compute. With TYPE, which is
written as in a prototxt: its description, how many blobs it takes and gives
(with all parameters at their defaults), an example, and the fields of its
parameters with their defaults.
)";

constexpr char kExamples[] = R"(  demitasse layers
  demitasse layers Convolution
)";

struct LayersOptions {
  std::vector<std::string> types;
  bool markdown = false;
  bool json = false;
};

// In alphabetical order, whatever the case.
std::vector<LayerHelp> DescribeAll() {
  std::vector<std::string> types = LayerRegistry::List();
  const auto lower_case = [](std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
  };
  std::sort(types.begin(), types.end(), [&](const std::string& a, const std::string& b) {
    return lower_case(a) < lower_case(b);
  });
  std::vector<LayerHelp> layers;
  for (const std::string& type : types) layers.push_back(DescribeLayer(type));
  return layers;
}

void PrintLayer(const std::string& type, bool as_json) {
  if (!LayerRegistry::Knows(type)) {
    const std::string hint = DidYouMean(type, LayerRegistry::List());
    throw UsageError(Cat("unknown layer type '", OneLine(type), "'",
                         hint.empty() ? "; demitasse layers lists them all" : hint));
  }
  const LayerHelp layer = DescribeLayer(type);
  std::cout << (as_json ? LayersJson({layer}) : LayerText(layer, OutputWidth()));
}

void Layers(const LayersOptions& options) {
  if (options.types.size() > 1) throw UsageError(Cat("takes one TYPE, got ", Join(options.types)));
  if (options.markdown && !options.types.empty()) {
    throw UsageError("--markdown prints all layers; give no TYPE");
  }
  if (!options.types.empty()) {
    PrintLayer(options.types[0], options.json);
  } else if (options.json) {
    std::cout << LayersJson(DescribeAll());
  } else if (options.markdown) {
    std::cout << LayersMarkdown(DescribeAll());
  } else {
    std::cout << LayerTable(DescribeAll(), OutputWidth());
  }
}

}  // namespace

Command LayersCommand() {
  const auto options = std::make_shared<LayersOptions>();
  Command command;
  command.name = "demitasse layers";
  command.summary = "what the layers compute, and their parameters";
  command.usage = {"[TYPE] [flags]"};
  command.description = kDescription;
  command.examples = kExamples;
  command.flags = {{"What comes out",
                    {SwitchFlag("json", &options->json, "print JSON"),
                     SwitchFlag("markdown", &options->markdown,
                                "all of it, as a page of Markdown: docs/layers.md")}}};
  command.names = &options->types;
  command.known_names = LayerRegistry::List();
  command.takes_plugins = true;
  command.run = [options] { Layers(*options); };
  return command;
}

}  // namespace demitasse
