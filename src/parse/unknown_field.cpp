#include "src/parse/unknown_field.hpp"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <cctype>

#include "src/core/text.hpp"
#include "src/parse/layer_prefix.hpp"

namespace demitasse {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Fields = std::vector<const FieldDescriptor*>;

Fields ChildrenWith(const std::string& name, const Descriptor& type) {
  Fields children;
  for (int i = 0; i < type.field_count(); ++i) {
    const Descriptor* child = type.field(i)->message_type();
    if (child != nullptr && child->FindFieldByName(name) != nullptr) {
      children.push_back(type.field(i));
    }
  }
  return children;
}

std::vector<std::string> FieldNames(const Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  return names;
}

bool IsWritten(const FieldDescriptor& field, const Message& message) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  return field.is_repeated() ? reflection.FieldSize(message, &field) > 0
                             : reflection.HasField(message, &field);
}

// "InnerProduct", "INNER_PRODUCT" and "inner_product_param" -> "innerproduct"
std::string Stem(const std::string& name) {
  const std::string suffix = "_param";
  const bool has_suffix = name.size() > suffix.size() &&
                          name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0;
  std::string stem;
  for (char c : name.substr(0, name.size() - (has_suffix ? suffix.size() : 0))) {
    if (c != '_') stem += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return stem;
}

// Whether somebody took the file of a solver for that of a net.
bool IsSolverField(const std::string& name, const Descriptor& type) {
  return type.full_name() == "caffe.NetParameter" &&
         type.file()->FindMessageTypeByName("SolverParameter")->FindFieldByName(name) != nullptr;
}

// Keeps the fields that fit, if any does.
template <typename Fits>
void Prefer(Fits fits, Fields* fields) {
  if (std::none_of(fields->begin(), fields->end(), fits)) return;
  fields->erase(std::remove_if(fields->begin(), fields->end(),
                               [&](const FieldDescriptor* field) { return !fits(field); }),
                fields->end());
}

}  // namespace

UnknownField ExplainUnknownField(const std::string& name, const std::vector<OpenMessage>& open) {
  const OpenMessage& inner = open.back();
  const Descriptor& type = *inner.message->GetDescriptor();
  UnknownField unknown;
  unknown.text = Cat("unknown field '", OneLine(name), "'");
  if (inner.field != nullptr && !IsLayer(type)) unknown.text += " in " + inner.field->name();

  unknown.homes = ChildrenWith(name, type);
  unknown.owner = inner.message;
  unknown.is_misplaced = open.size() == 1 && !unknown.homes.empty();
  if (!unknown.homes.empty()) return unknown;

  for (auto around = open.rbegin() + 1; around != open.rend(); ++around) {
    if (around->message->GetDescriptor()->FindFieldByName(name) == nullptr) continue;
    unknown.is_misplaced = true;
    unknown.text += around->field == nullptr ? "; it belongs at the top level"
                                             : "; it belongs into " + around->field->name();
    return unknown;
  }

  if (IsSolverField(name, type)) {
    unknown.text += "; it is a field of a solver, not of a net";
    return unknown;
  }

  const std::string hint = DidYouMean(name, FieldNames(type));
  unknown.text += hint;
  const auto layer = std::find_if(open.rbegin(), open.rend(), [](const OpenMessage& around) {
    return IsLayer(*around.message->GetDescriptor());
  });
  if (hint.empty() && layer != open.rend()) {
    unknown.owner = layer->message;
    unknown.homes = ChildrenWith(name, *unknown.owner->GetDescriptor());
  }
  return unknown;
}

std::string Belonging(const Fields& homes, const Message& owner) {
  Fields likely = homes;
  Prefer([&](const FieldDescriptor* field) { return IsWritten(*field, owner); }, &likely);
  if (IsLayer(*owner.GetDescriptor())) {
    const std::string type = Stem(LayerType(owner));
    Prefer([&](const FieldDescriptor* field) { return Stem(field->name()) == type; }, &likely);
    Prefer(
        [&](const FieldDescriptor* field) {  // convolution_param is that of Deconvolution, too
          return type.find(Stem(field->name())) != std::string::npos;
        },
        &likely);
  }
  // Nobody should be sent to an older form of layer.
  Prefer([](const FieldDescriptor* field) { return field->name() != "layers"; }, &likely);

  constexpr size_t kFew = 5;
  if (likely.empty() || likely.size() > kFew) return "";
  std::vector<std::string> names;
  for (const FieldDescriptor* field : likely) names.push_back(field->name());
  return Cat("; it belongs into ", likely.size() > 1 ? "one of " : "", Join(names));
}

}  // namespace demitasse
