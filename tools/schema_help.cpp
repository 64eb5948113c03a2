#include "tools/schema_help.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <cctype>
#include <cstddef>
#include <stdexcept>

#include "src/core/text.hpp"

namespace demitasse {

// Generated from proto/caffe.proto: a FileDescriptorSet with the comments.
extern const unsigned char kSchemaComments[];
extern const size_t kSchemaCommentsSize;

namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

// The descriptors that are compiled in have no comments; these are a second set.
class Schema {
 public:
  Schema() {
    google::protobuf::FileDescriptorSet files;
    if (!files.ParseFromArray(kSchemaComments, static_cast<int>(kSchemaCommentsSize))) {
      throw std::logic_error("the schema built into the tool is damaged");
    }
    for (const auto& file : files.file()) pool_.BuildFile(file);
  }

  const Descriptor& Message(const std::string& name) const {
    const Descriptor* const message = pool_.FindMessageTypeByName("caffe." + name);
    if (message == nullptr) throw std::logic_error("the schema has no message " + name);
    return *message;
  }

 private:
  DescriptorPool pool_;
};

template <typename Thing>
std::string Comment(const Thing& thing) {
  google::protobuf::SourceLocation location;
  if (!thing.GetSourceLocation(&location)) return "";
  std::string comment;
  for (const char c : location.leading_comments) {
    const bool space = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (!space) {
      comment += c;
    } else if (!comment.empty() && comment.back() != ' ') {
      comment += ' ';
    }
  }
  while (!comment.empty() && comment.back() == ' ') comment.pop_back();
  return comment;
}

std::string TypeName(const FieldDescriptor& field) {
  if (field.message_type() != nullptr) return field.message_type()->name();
  return field.enum_type() != nullptr ? "enum" : field.type_name();
}

std::string DefaultValue(const FieldDescriptor& field) {
  if (!field.has_default_value()) return "";
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return field.default_value_bool() ? "true" : "false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return field.default_value_enum()->name();
    case FieldDescriptor::CPPTYPE_FLOAT:
      return Cat(field.default_value_float());
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return Cat(field.default_value_double());
    case FieldDescriptor::CPPTYPE_INT32:
      return Cat(field.default_value_int32());
    case FieldDescriptor::CPPTYPE_INT64:
      return Cat(field.default_value_int64());
    case FieldDescriptor::CPPTYPE_UINT32:
      return Cat(field.default_value_uint32());
    case FieldDescriptor::CPPTYPE_UINT64:
      return Cat(field.default_value_uint64());
    default:
      return "\"" + field.default_value_string() + "\"";
  }
}

FieldHelp DescribeField(const FieldDescriptor& field) {
  FieldHelp help;
  help.name = field.name();
  help.type = TypeName(field);
  help.is_message = field.message_type() != nullptr;
  help.is_repeated = field.is_repeated();
  help.is_required = field.is_required();
  help.default_value = DefaultValue(field);
  help.comment = Comment(field);
  if (const EnumDescriptor* type = field.enum_type()) {
    for (int i = 0; i < type->value_count(); ++i) {
      help.values.push_back({type->value(i)->name(), Comment(*type->value(i))});
    }
  }
  return help;
}

bool IsWordCharacter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

bool NamesWord(const std::string& text, const std::string& word) {
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const size_t end = at + word.size();
    const bool begins = at == 0 || !IsWordCharacter(text[at - 1]);
    const bool ends = end == text.size() || !IsWordCharacter(text[end]);
    if (begins && ends) return true;
  }
  return false;
}

bool HoldsParameters(const FieldHelp& field) {
  const std::string ending = "_param";
  return field.is_message && field.name.size() > ending.size() &&
         field.name.compare(field.name.size() - ending.size(), ending.size(), ending) == 0;
}

}  // namespace

MessageHelp DescribeMessage(const std::string& name) {
  static const Schema schema;
  const Descriptor& message = schema.Message(name);
  MessageHelp help;
  help.name = name;
  help.comment = Comment(message);
  for (int i = 0; i < message.field_count(); ++i) {
    help.fields.push_back(DescribeField(*message.field(i)));
  }
  return help;
}

std::vector<FieldHelp> ParameterFields(const std::string& layer_type) {
  std::vector<FieldHelp> fields;
  for (const FieldHelp& field : DescribeMessage("LayerParameter").fields) {
    if (HoldsParameters(field) && NamesWord(field.comment, layer_type)) fields.push_back(field);
  }
  return fields;
}

}  // namespace demitasse
