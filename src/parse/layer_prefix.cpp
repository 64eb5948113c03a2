#include "src/parse/layer_prefix.hpp"

#include <google/protobuf/descriptor.h>

#include "src/core/text.hpp"

namespace demitasse {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The value of a string or enum field, "" when it is not there.
std::string Written(const Message& message, const std::string& name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->is_repeated()) return "";
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  if (!reflection.HasField(message, field)) return "";
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    return reflection.GetEnum(message, field)->name();
  }
  return field->cpp_type() == FieldDescriptor::CPPTYPE_STRING ? reflection.GetString(message, field)
                                                              : "";
}

// The oldest nets keep name and type in a message inside the layer: layers { layer { name: ... } }.
const Message& NamedPart(const Message& layer) {
  const FieldDescriptor* inner = layer.GetDescriptor()->FindFieldByName("layer");
  const bool has_inner =
      inner != nullptr && !inner->is_repeated() && layer.GetReflection()->HasField(layer, inner);
  return has_inner ? layer.GetReflection()->GetMessage(layer, inner) : layer;
}

}  // namespace

bool IsLayer(const google::protobuf::Descriptor& type) {
  const std::string& name = type.full_name();
  return name == "caffe.LayerParameter" || name == "caffe.V1LayerParameter" ||
         name == "caffe.V0LayerParameter";
}

std::string LayerType(const Message& layer) { return Written(NamedPart(layer), "type"); }

std::string LayerPrefix(const Message& layer) {
  return LayerPrefix(Written(NamedPart(layer), "name"), LayerType(layer));
}

}  // namespace demitasse
