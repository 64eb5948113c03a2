#include "src/parse/nan_check.hpp"

#include <google/protobuf/descriptor.h>

#include <cmath>
#include <string>
#include <vector>

#include "src/core/text.hpp"
#include "src/parse/layer_prefix.hpp"

namespace demitasse {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::string Element(const FieldDescriptor& field, int index) {
  return field.is_repeated() ? Cat(field.name(), "[", index, "]") : field.name();
}

class NanFinder {
 public:
  NanFinder(const SourceMap& source, Diagnostics* diagnostics)
      : source_(source), diagnostics_(diagnostics) {}

  // `path` is that of the message, with a '.' behind it unless it is empty; `prefix` begins the
  // errors about it.
  void Visit(const Message& message, const std::string& path, const std::string& prefix) const {
    const bool is_layer = IsLayer(*message.GetDescriptor());
    const std::string own_prefix = is_layer && prefix.empty() ? LayerPrefix(message) : prefix;
    const Reflection& reflection = *message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
      for (int i = 0; i < count; ++i) {
        if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
          const Message& child = field->is_repeated()
                                     ? reflection.GetRepeatedMessage(message, field, i)
                                     : reflection.GetMessage(message, field);
          Visit(child, path + Element(*field, i) + ".", own_prefix);
        } else if (IsNan(message, *field, i)) {
          const std::string element = Element(*field, i);
          diagnostics_->AddError(source_.Find(path + element), own_prefix + element + " is nan");
          break;  // one is enough, a list of weights may hold millions
        }
      }
    }
  }

 private:
  static bool IsNan(const Message& message, const FieldDescriptor& field, int i) {
    const Reflection& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_FLOAT:
        return std::isnan(field.is_repeated() ? reflection.GetRepeatedFloat(message, &field, i)
                                              : reflection.GetFloat(message, &field));
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return std::isnan(field.is_repeated() ? reflection.GetRepeatedDouble(message, &field, i)
                                              : reflection.GetDouble(message, &field));
      default:
        return false;
    }
  }

  const SourceMap& source_;
  Diagnostics* diagnostics_;
};

}  // namespace

void CheckNoNan(const Message& message, const SourceMap& source, Diagnostics* diagnostics) {
  NanFinder(source, diagnostics).Visit(message, "", "");
}

}  // namespace demitasse
