// Help on layers for programs.
#include "src/core/text.hpp"
#include "tools/json.hpp"
#include "tools/layer_help.hpp"

namespace demitasse {
namespace {

std::string Bool(bool value) { return value ? "true" : "false"; }

std::string FieldJson(const FieldHelp& field) {
  std::vector<std::string> values;
  for (const EnumValueHelp& value : field.values) {
    values.push_back(
        JsonObject({{"name", JsonText(value.name)}, {"description", JsonText(value.comment)}}));
  }
  return JsonObject(
      {{"name", JsonText(field.name)},
       {"type", JsonText(field.type)},
       {"repeated", Bool(field.is_repeated)},
       {"required", Bool(field.is_required)},
       {"default", field.default_value.empty() ? "null" : JsonText(field.default_value)},
       {"description", JsonText(field.comment)},
       {"values", JsonArray(values)}});
}

std::vector<std::pair<std::string, std::string>> MessageJson(const MessageHelp& message) {
  std::vector<std::string> fields;
  for (const FieldHelp& field : message.fields) fields.push_back(FieldJson(field));
  return {{"message", JsonText(message.name)},
          {"description", JsonText(message.comment)},
          {"fields", JsonArray(fields)}};
}

// Paragraphs below each other, lines that stay as they are indented by two spaces.
std::string DescriptionText(const std::vector<Paragraph>& paragraphs) {
  std::string text;
  for (const Paragraph& paragraph : paragraphs) {
    if (!text.empty()) text += "\n\n";
    text += paragraph.is_fixed ? "  " + Join(paragraph.lines, "\n  ") : Join(paragraph.lines, " ");
  }
  return text;
}

std::string LayerJson(const LayerHelp& layer) {
  std::vector<std::string> parameters;
  for (const ParameterHelp& parameter : layer.parameters) {
    auto json = MessageJson(parameter.message);
    json.insert(json.begin(), {"field", JsonText(parameter.field)});
    parameters.push_back(JsonObject(json));
  }
  std::vector<std::string> messages;
  for (const MessageHelp& message : InnerMessages(layer.parameters)) {
    messages.push_back(JsonObject(MessageJson(message)));
  }
  return JsonObject({{"type", JsonText(layer.type)},
                     {"summary", JsonText(Summary(layer))},
                     {"description", JsonText(DescriptionText(layer.description))},
                     {"bottoms", JsonText(layer.facts.bottoms)},
                     {"tops", JsonText(layer.facts.tops)},
                     {"in_place", JsonText(layer.facts.in_place)},
                     {"gradient", JsonText(layer.facts.gradient)},
                     {"parameters", JsonArray(parameters)},
                     {"messages", JsonArray(messages)},
                     {"example", JsonText(layer.example)}});
}

}  // namespace

std::string LayersJson(const std::vector<LayerHelp>& layers) {
  std::vector<std::string> items;
  for (const LayerHelp& layer : layers) items.push_back(LayerJson(layer));
  return JsonObject({{"layers", JsonArray(items)}}) + "\n";
}

}  // namespace demitasse
