// Help on layers for a terminal.
#include <algorithm>

#include "src/core/text.hpp"
#include "tools/columns.hpp"
#include "tools/layer_help.hpp"
#include "tools/style.hpp"

namespace demitasse {
namespace {

constexpr size_t kLeastTextWidth = 30;

std::string Flowing(const std::string& text, size_t width) {
  return Join(Wrap(text, width), "\n") + "\n";
}

std::string Describe(const LayerHelp& layer, size_t width) {
  std::string text;
  for (const Paragraph& paragraph : layer.description) {
    const std::string title = text.empty() ? layer.type + ": " : "";
    if (!text.empty()) text += "\n";
    text += paragraph.is_fixed ? "  " + Join(paragraph.lines, "\n  ") + "\n"
                               : Flowing(title + Join(paragraph.lines, " "), width);
  }
  return text.empty() ? layer.type + "\n" : text;
}

std::string Describe(const LayerFacts& facts) {
  std::string blobs = Cat("  bottoms   ", facts.bottoms, "\n  tops      ", facts.tops, "\n");
  if (facts.has_no_bottoms) return blobs;
  return Cat(blobs, "  in place  ", facts.in_place, "\n  gradient  of ", facts.gradient, "\n");
}

std::string Indented(const std::string& lines) {
  return "  " + Join(SplitText(lines.substr(0, lines.size() - 1), '\n'), "\n  ") + "\n";
}

// The fields of a message: four columns, the last one up to `width`.
std::string FieldTable(const MessageHelp& message, size_t width) {
  size_t name_width = std::string("field").size();
  size_t type_width = std::string("type").size();
  size_t default_width = std::string("default").size();
  for (const FieldHelp& field : message.fields) {
    name_width = std::max(name_width, field.name.size());
    type_width = std::max(type_width, TypeInWords(field).size());
    default_width = std::max(default_width, DefaultInWords(field).size());
  }
  const auto head = [&](const std::string& name, const std::string& type,
                        const std::string& by_default) {
    return Cat("  ", Padded(name, name_width), "  ", Padded(type, type_width), "  ", by_default);
  };
  const size_t column = head("", "", "").size() + default_width + 2;
  const size_t end = std::max(width, column + kLeastTextWidth);
  std::string text = Padded(head("field", "type", "default"), column) + "description";
  text = Title(text) + "\n";
  for (const FieldHelp& field : message.fields) {
    text += Hanging(head(field.name, TypeInWords(field), DefaultInWords(field)), field.comment,
                    column, end);
    for (const EnumValueHelp& value : field.values) {
      text += Hanging("", Cat(value.name, ": ", value.comment), column + 2, end);
    }
  }
  return text;
}

}  // namespace

std::string LayerTable(const std::vector<LayerHelp>& layers, size_t width) {
  size_t type_width = 0;
  for (const LayerHelp& layer : layers) type_width = std::max(type_width, layer.type.size());
  std::string text;
  for (const LayerHelp& layer : layers) {
    text += Hanging(layer.type, Summary(layer), type_width + 2, width);
  }
  return text + "\ndemitasse layers TYPE tells all about one of them.\n";
}

std::string LayerText(const LayerHelp& layer, size_t width) {
  std::string text = Describe(layer, width) + "\n" + Describe(layer.facts);
  if (!layer.example.empty()) text += "\nExample:\n" + Indented(layer.example);
  for (const ParameterHelp& parameter : layer.parameters) {
    const std::string about = parameter.is_shared ? ": " + parameter.message.comment : "";
    text += "\n" + Flowing(parameter.field + about, width) + FieldTable(parameter.message, width);
  }
  for (const MessageHelp& message : InnerMessages(layer.parameters)) {
    text +=
        "\n" + Flowing(message.name + ": " + message.comment, width) + FieldTable(message, width);
  }
  return text;
}

}  // namespace demitasse
