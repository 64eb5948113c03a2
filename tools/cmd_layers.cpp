// demitasse layers: what the layers compute, and the fields of their parameters.
#include <algorithm>
#include <cctype>
#include <iostream>

#include "demitasse/layer_registry.hpp"
#include "src/core/text.hpp"
#include "tools/columns.hpp"
#include "tools/commands.hpp"
#include "tools/flags.hpp"
#include "tools/layer_help.hpp"

namespace demitasse {
namespace {

constexpr char kIntroduction[] =
    R"(demitasse layers: what the layers compute, and their parameters.

usage: demitasse layers [TYPE] [flags]

Without TYPE: all types of layers, with what they compute. With TYPE, which is
written as in a prototxt: its description, how many blobs it takes and gives
(with all parameters at their defaults), and the fields of its parameters.

)";

constexpr char kExamples[] = R"(
Examples:
  demitasse layers
  demitasse layers Convolution
)";

// Takes the arguments that are no flags out of `args`.
std::vector<std::string> TakeTypes(std::vector<std::string>* args) {
  std::vector<std::string> types;
  std::vector<std::string> flags;
  for (const std::string& arg : *args) (arg[0] == '-' ? flags : types).push_back(arg);
  *args = flags;
  return types;
}

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

void PrintLayer(const std::string& type) {
  if (!LayerRegistry::Knows(type)) {
    const std::string hint = DidYouMean(type, LayerRegistry::List());
    throw UsageError(Cat("unknown layer type '", OneLine(type), "'",
                         hint.empty() ? "; demitasse layers lists them all" : hint));
  }
  std::cout << LayerText(DescribeLayer(type), OutputWidth());
}

}  // namespace

void CmdLayers(const std::vector<std::string>& args) {
  bool markdown = false;
  const std::vector<FlagGroup> flags = {
      {"What comes out",
       {SwitchFlag("markdown", &markdown, "all of it, as a page of Markdown: docs/layers.md")}}};
  if (AsksForHelp(args)) {
    std::cout << kIntroduction << DescribeFlags(flags) << kExamples;
    return;
  }
  std::vector<std::string> flag_args = args;
  const std::vector<std::string> types = TakeTypes(&flag_args);
  ParseFlags(flags, flag_args);
  if (types.size() > 1) throw UsageError(Cat("takes one TYPE, got ", Join(types)));
  if (markdown && !types.empty()) throw UsageError("--markdown prints all layers; give no TYPE");
  if (!types.empty()) {
    PrintLayer(types[0]);
  } else if (markdown) {
    std::cout << LayersMarkdown(DescribeAll());
  } else {
    std::cout << LayerTable(DescribeAll(), OutputWidth());
  }
}

}  // namespace demitasse
