#include "tools/layer_details.hpp"

#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <vector>

#include "layers/common/window_layer.hpp"
#include "src/core/text.hpp"
#include "tools/quantities.hpp"
#include "tools/schema_help.hpp"

namespace demitasse {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A field of a layer's parameters, whatever the message.
struct Detail {
  const char* field;
  const char* label;  // before the value; of a switch, all there is
  bool at_default;    // written then too
};

constexpr Detail kBeforeWindow[] = {
    {"num_output", "", false},           {"pool", "", true},          {"operation", "", true},
    {"global_pooling", "global", false}, {"dropout_ratio", "", true}, {"norm_region", "", false},
    {"local_size", "size ", true}};
// Of a layer that was not set up, as nobody knows its shapes.
constexpr Detail kWindow[] = {{"kernel_size", "kernel ", false},
                              {"kernel_h", "kernel_h ", false},
                              {"kernel_w", "kernel_w ", false},
                              {"stride", "stride ", false},
                              {"pad", "pad ", false},
                              {"dilation", "dilation ", false}};
constexpr Detail kBehindWindow[] = {
    {"group", "group ", false},           {"axis", "axis ", false},
    {"negative_slope", "slope ", false},  {"channel_shared", "one slope", false},
    {"power", "power ", false},           {"scale", "scale ", false},
    {"shift", "shift ", false},           {"top_k", "top ", false},
    {"pyramid_height", "levels ", false}, {"tiles", "x ", false}};

std::string ValueText(const Message& message, const FieldDescriptor& field) {
  const int count = field.is_repeated() ? message.GetReflection()->FieldSize(message, &field) : 1;
  std::vector<std::string> values(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    google::protobuf::TextFormat::PrintFieldValueToString(
        message, &field, field.is_repeated() ? i : -1, &values[static_cast<size_t>(i)]);
  }
  return Join(values, "x");
}

// Nothing for a field that the message does not have, or that is not worth a word.
std::string DetailText(const Message& message, const Detail& detail) {
  const FieldDescriptor* const field = message.GetDescriptor()->FindFieldByName(detail.field);
  if (field == nullptr || field->message_type() != nullptr) return "";
  const std::string value = ValueText(message, *field);
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL)
    return value == "true" ? detail.label : "";
  const Message& defaults =
      *message.GetReflection()->GetMessageFactory()->GetPrototype(message.GetDescriptor());
  if (!detail.at_default && value == ValueText(defaults, *field)) return "";
  return detail.label + value;
}

template <size_t kCount>
void AddDetails(const Message& message, const Detail (&details)[kCount],
                std::vector<std::string>* texts) {
  for (const Detail& detail : details) {
    const std::string text = DetailText(message, detail);
    if (!text.empty()) texts->push_back(text);
  }
}

// "2", or "2x1" where axes differ; nothing if all are `usual`.
void AddPerAxis(const char* label, const std::vector<int>& values, int usual,
                std::vector<std::string>* texts) {
  if (std::all_of(values.begin(), values.end(), [&](int value) { return value == usual; })) return;
  texts->push_back(label + PerAxisText(values));
}

void AddWindow(const WindowGeometry& window, std::vector<std::string>* texts) {
  texts->push_back(DimensionsText(window.kernel));
  AddPerAxis("stride ", window.stride, 1, texts);
  AddPerAxis("pad ", window.pad, 0, texts);
  AddPerAxis("dilation ", window.dilation, 1, texts);
}

// That a layer of this type takes its parameters from.
std::vector<const Message*> ParameterMessages(const Layer& layer) {
  const Message& param = layer.layer_param();
  std::vector<const Message*> messages;
  for (const FieldHelp& field : ParameterFields(layer.type())) {
    messages.push_back(&param.GetReflection()->GetMessage(
        param, param.GetDescriptor()->FindFieldByName(field.name)));
  }
  return messages;
}

}  // namespace

std::string LayerDetails(const Layer& layer) {
  std::vector<std::string> texts;
  for (const Message* const message : ParameterMessages(layer)) {
    AddDetails(*message, kBeforeWindow, &texts);
    const WindowGeometry* const window = WindowOf(layer);
    if (window == nullptr || window->kernel.empty()) {
      AddDetails(*message, kWindow, &texts);
    } else if (std::find(texts.begin(), texts.end(), "global") == texts.end()) {
      AddWindow(*window, &texts);
    }
    AddDetails(*message, kBehindWindow, &texts);
  }
  return Join(texts);
}

bool HasParameter(const Layer& layer, const std::string& name) {
  const std::vector<const Message*> messages = ParameterMessages(layer);
  return std::any_of(messages.begin(), messages.end(), [&name](const Message* message) {
    const FieldDescriptor* const field = message->GetDescriptor()->FindFieldByName(name);
    return field != nullptr && message->GetReflection()->HasField(*message, field);
  });
}

}  // namespace demitasse
