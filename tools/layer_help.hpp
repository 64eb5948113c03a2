// What the tool tells of a layer, and the forms it tells it in: for a terminal, as Markdown and as
// JSON.
#ifndef DEMITASSE_TOOLS_LAYER_HELP_HPP_
#define DEMITASSE_TOOLS_LAYER_HELP_HPP_

#include <cstddef>
#include <string>
#include <vector>

#include "tools/layer_facts.hpp"
#include "tools/schema_help.hpp"

namespace demitasse {

// A part of a description: lines that flow, or lines that stay as they are (formulas below each
// other, which the source indents).
struct Paragraph {
  std::vector<std::string> lines;
  bool is_fixed = false;
};

// A field of LayerParameter and what can be written in it.
struct ParameterHelp {
  std::string field;  // "relu_param"
  MessageHelp message;
  bool is_shared = false;  // the message is not only of layers of one kind: its comment is of use
};

struct LayerHelp {
  std::string type;
  std::vector<Paragraph> description;  // without "Type: "
  LayerFacts facts;
  std::vector<ParameterHelp> parameters;
  std::string example;  // a prototxt; empty for a type that is not built in
};

// The paragraphs of a comment. Empty lines separate them; lines indented by two spaces are fixed.
std::vector<Paragraph> Paragraphs(const std::string& text);

// The first statement of the description, up to its full stop or semicolon: what the layer
// computes.
std::string Summary(const LayerHelp& help);

// Help for a registered type.
LayerHelp DescribeLayer(const std::string& type);

// The messages that fields of these parameters hold (FillerParameter), by name and each once.
std::vector<MessageHelp> InnerMessages(const std::vector<ParameterHelp>& parameters);

// "list of uint32"
std::string TypeInWords(const FieldHelp& field);
// The default, "required", or nothing where there is none (the comment tells what happens then).
std::string DefaultInWords(const FieldHelp& field);

// A line or more for each layer; all that is known of one; a page with all of it.
std::string LayerTable(const std::vector<LayerHelp>& layers, size_t width);
std::string LayerText(const LayerHelp& layer, size_t width);
std::string LayersMarkdown(const std::vector<LayerHelp>& layers);
// {"layers": [...]}, with all that is known of each.
std::string LayersJson(const std::vector<LayerHelp>& layers);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_LAYER_HELP_HPP_
