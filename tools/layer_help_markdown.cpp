// Help on layers as a page of Markdown.
#include <cctype>

#include "src/core/text.hpp"
#include "tools/layer_help.hpp"

namespace demitasse {
namespace {

constexpr char kIntroduction[] = R"(# Layers

All layers, what they compute, and the fields their parameters are written in. x is what a layer
reads (its bottom), y what it gives (its top), E a loss. How many bottoms and tops there are, what
works in place and what has a gradient is told for parameters at their defaults.

This page is printed by `demitasse layers --markdown`, from the comments that open the files in
[layers/](../layers/) and those in [proto/caffe.proto](../proto/caffe.proto);
`demitasse layers TYPE` prints a part of it.

)";

bool IsSpace(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool IsAlnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

// `text` with backslashes before the characters that Markdown would read as markup where they
// stand; formulas are left readable. Emphasis is none without the star or underscore that opens it,
// before something that is no space.
std::string Escaped(const std::string& text) {
  std::string escaped;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char before = i == 0 ? ' ' : text[i - 1];
    const char after = i + 1 == text.size() ? ' ' : text[i + 1];
    const bool opens = !IsSpace(after) && (c == '*' || (c == '_' && !IsAlnum(before)));
    const bool is_tag = c == '<' && !IsSpace(after) && after != '=';
    const bool is_link = c == '(' && before == ']';
    if (opens || is_tag || is_link || c == '|' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// "ReLU" as GitHub makes a link's target of the heading.
std::string Anchor(const std::string& heading) {
  std::string anchor = "#";
  for (const char c : heading) {
    anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return anchor;
}

std::string Link(const std::string& heading) {
  return Cat("[", heading, "](", Anchor(heading), ")");
}

std::string Index(const std::vector<LayerHelp>& layers) {
  std::string text = "| type | computes |\n|---|---|\n";
  for (const LayerHelp& layer : layers) {
    text += Cat("| ", Link(layer.type), " | ", Escaped(Summary(layer)), " |\n");
  }
  return text;
}

// A flowing paragraph becomes one line, for no line of it may begin like a list: "- 1".
std::string Describe(const std::vector<Paragraph>& paragraphs) {
  std::string text;
  for (const Paragraph& paragraph : paragraphs) {
    text += paragraph.is_fixed ? "    " + Join(paragraph.lines, "\n    ")
                               : Escaped(Join(paragraph.lines, " "));
    text += "\n\n";
  }
  return text;
}

std::string Describe(const LayerFacts& facts) {
  const std::string blobs = Cat("Bottoms: ", facts.bottoms, ". Tops: ", facts.tops, ".");
  if (facts.has_no_bottoms) return blobs + "\n";
  return Cat(blobs, " In place: ", facts.in_place, ". Gradient: of ", facts.gradient, ".\n");
}

std::string FieldTable(const MessageHelp& message) {
  std::string text = "| field | type | default | description |\n|---|---|---|---|\n";
  for (const FieldHelp& field : message.fields) {
    const std::string prefix = field.is_repeated ? "list of " : "";
    text += Cat("| `", field.name, "` | ",
                field.is_message ? prefix + Link(field.type) : TypeInWords(field), " | ",
                Escaped(DefaultInWords(field)), " | ", Escaped(field.comment));
    for (const EnumValueHelp& value : field.values) {
      text += Cat("<br>`", value.name, "`: ", Escaped(value.comment));
    }
    text += " |\n";
  }
  return text;
}

std::string Section(const LayerHelp& layer) {
  std::string text =
      Cat("\n## ", layer.type, "\n\n", Describe(layer.description), Describe(layer.facts));
  if (!layer.example.empty()) text += Cat("\n```prototxt\n", layer.example, "```\n");
  for (const ParameterHelp& parameter : layer.parameters) {
    text += Cat("\n`", parameter.field, "`:");
    if (parameter.is_shared) text += " " + Escaped(parameter.message.comment);
    text += "\n\n" + FieldTable(parameter.message);
  }
  return text;
}

}  // namespace

std::string LayersMarkdown(const std::vector<LayerHelp>& layers) {
  std::string text = kIntroduction + Index(layers);
  std::vector<ParameterHelp> parameters;
  for (const LayerHelp& layer : layers) {
    text += Section(layer);
    parameters.insert(parameters.end(), layer.parameters.begin(), layer.parameters.end());
  }
  text += "\n## Messages inside parameters\n";
  for (const MessageHelp& message : InnerMessages(parameters)) {
    text +=
        Cat("\n### ", message.name, "\n\n", Escaped(message.comment), "\n\n", FieldTable(message));
  }
  return text;
}

}  // namespace demitasse
