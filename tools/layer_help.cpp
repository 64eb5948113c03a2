#include "tools/layer_help.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <sstream>

#include "demitasse/layer_registry.hpp"
#include "src/core/text.hpp"
#include "tools/layer_examples.hpp"

namespace demitasse {
namespace {

bool IsSpace(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

// Where the first statement ends: at a full stop or semicolon before a space and outside of all
// brackets. One before a bracket belongs to an abbreviation: "et al. (1989)".
size_t StatementEnd(const std::string& text) {
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if ((c != '.' && c != ';') || depth > 0) continue;
    if (i + 1 == text.size()) return i;
    if (IsSpace(text[i + 1]) && (i + 2 == text.size() || text[i + 2] != '(')) return i;
  }
  return text.size();
}

// Whether a message's comment tells of layers that use it, rather than being the formula of one,
// which stands in the layer's own description.
bool IsShared(const MessageHelp& message) {
  const std::string& comment = message.comment;
  const auto end = std::find_if_not(comment.begin(), comment.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
  });
  return !LayerRegistry::Knows(std::string(comment.begin(), end));
}

}  // namespace

std::vector<Paragraph> Paragraphs(const std::string& text) {
  std::vector<Paragraph> paragraphs;
  bool continues = false;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (std::all_of(line.begin(), line.end(), IsSpace)) {
      continues = false;
      continue;
    }
    const bool is_fixed = line.compare(0, 2, "  ") == 0;
    continues = continues && paragraphs.back().is_fixed == is_fixed;
    if (!continues) paragraphs.push_back({{}, is_fixed});
    paragraphs.back().lines.push_back(is_fixed ? line.substr(2) : line);
    continues = true;
  }
  return paragraphs;
}

std::string Summary(const LayerHelp& help) {
  if (help.description.empty()) return "";
  const std::string text = Join(help.description[0].lines, " ");
  return text.substr(0, StatementEnd(text));
}

LayerHelp DescribeLayer(const std::string& type) {
  LayerHelp help;
  help.type = type;
  std::string description = LayerRegistry::Description(type);
  if (description.empty()) {
    description = "not built in; what it reads from its extra_param, if anything, its author tells";
  }
  if (description.compare(0, type.size() + 2, type + ": ") == 0) {
    description.erase(0, type.size() + 2);
  }
  help.description = Paragraphs(description);
  help.facts = FindLayerFacts(type);
  for (const FieldHelp& field : ParameterFields(type)) {
    MessageHelp message = DescribeMessage(field.type);
    const bool is_shared = IsShared(message);
    help.parameters.push_back({field.name, std::move(message), is_shared});
  }
  help.example = LayerExample(type);
  return help;
}

std::vector<MessageHelp> InnerMessages(const std::vector<ParameterHelp>& parameters) {
  std::map<std::string, MessageHelp> messages;
  for (const ParameterHelp& parameter : parameters) {
    for (const FieldHelp& field : parameter.message.fields) {
      if (field.is_message) messages.emplace(field.type, DescribeMessage(field.type));
    }
  }
  std::vector<MessageHelp> sorted;
  for (auto& [name, message] : messages) sorted.push_back(std::move(message));
  return sorted;
}

std::string TypeInWords(const FieldHelp& field) {
  return (field.is_repeated ? "list of " : "") + field.type;
}

std::string DefaultInWords(const FieldHelp& field) {
  return field.is_required ? "required" : field.default_value;
}

}  // namespace demitasse
