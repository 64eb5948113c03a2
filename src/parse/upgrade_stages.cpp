#include "src/parse/upgrade_stages.hpp"

#include <google/protobuf/descriptor.h>

#include <cstdint>

namespace demitasse {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool CopyField(const Message& from, const FieldDescriptor& from_field, Message* to,
               const FieldDescriptor& to_field) {
  const auto& in = *from.GetReflection();
  const auto& out = *to->GetReflection();
  switch (to_field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT32: {
      const bool is_signed = from_field.cpp_type() == FieldDescriptor::CPPTYPE_INT32;
      const int64_t value =
          is_signed ? in.GetInt32(from, &from_field) : int64_t{in.GetUInt32(from, &from_field)};
      if (value < 0) return false;
      if (to_field.is_repeated()) {
        out.AddUInt32(to, &to_field, static_cast<uint32_t>(value));
      } else {
        out.SetUInt32(to, &to_field, static_cast<uint32_t>(value));
      }
      return true;
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      out.SetBool(to, &to_field, in.GetBool(from, &from_field));
      return true;
    case FieldDescriptor::CPPTYPE_FLOAT:
      out.SetFloat(to, &to_field, in.GetFloat(from, &from_field));
      return true;
    case FieldDescriptor::CPPTYPE_STRING:
      out.SetString(to, &to_field, in.GetString(from, &from_field));
      return true;
    case FieldDescriptor::CPPTYPE_ENUM:
      out.SetEnumValue(to, &to_field, in.GetEnumValue(from, &from_field));
      return true;
    default:
      out.MutableMessage(to, &to_field)->CopyFrom(in.GetMessage(from, &from_field));
      return true;
  }
}

}  // namespace demitasse
