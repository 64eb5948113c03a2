#include "src/parse/scalar.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/strtod.h>
#include <google/protobuf/io/tokenizer.h>

#include <cctype>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "src/core/text.hpp"

namespace demitasse {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::io::Tokenizer;
using Kind = WrittenValue::Kind;

// Reflection::SetInt32, Reflection::AddInt32 and the like.
template <typename T>
using Setter = void (Reflection::*)(Message*, const FieldDescriptor*, T) const;

// Where a value goes: the field of a message, at the end of it if it is repeated.
struct Target {
  Message* message;
  const FieldDescriptor* field;

  template <typename T, typename Value>
  void Store(Setter<T> set, Setter<T> add, Value&& value) const {
    const Reflection& reflection = *message->GetReflection();
    (reflection.*(field->is_repeated() ? add : set))(message, field, std::forward<Value>(value));
  }
};

std::string AsWritten(const WrittenValue& value) {
  if (value.kind == Kind::kString) return "\"" + OneLine(value.text) + "\"";
  return (value.negative ? "-" : "") + OneLine(value.text);
}

// "kernel_size: -3: RULE"
std::string Complaint(const WrittenValue& value, const FieldDescriptor& field,
                      const std::string& rule) {
  return Cat(field.name(), ": ", AsWritten(value), ": ", rule);
}

// Whether an integer token is in base 10: hex and octal ones start with a 0.
bool IsDecimal(const std::string& digits) { return digits.size() == 1 || digits[0] != '0'; }

template <typename T>
std::optional<T> ToInteger(const WrittenValue& value) {
  using Limits = std::numeric_limits<T>;
  if (value.kind != Kind::kInteger) return std::nullopt;
  // The magnitude of the lowest value is one more than that of the highest, or 0 without a sign.
  uint64_t most = static_cast<uint64_t>(Limits::max());
  if (value.negative) most = Limits::is_signed ? most + 1 : 0;
  uint64_t magnitude = 0;
  if (!Tokenizer::ParseInteger(value.text, most, &magnitude)) return std::nullopt;
  return static_cast<T>(value.negative ? 0 - magnitude : magnitude);
}

template <typename T>
std::string WholeNumberRule() {
  return Cat("must be a whole number from ", std::numeric_limits<T>::min(), " to ",
             std::numeric_limits<T>::max());
}

std::optional<double> Magnitude(const WrittenValue& value) {
  if (value.kind == Kind::kFloat) return Tokenizer::ParseFloat(value.text);
  if (value.kind == Kind::kInteger && IsDecimal(value.text)) {
    return google::protobuf::io::NoLocaleStrtod(value.text.c_str(), nullptr);
  }
  if (value.kind != Kind::kIdentifier) return std::nullopt;
  std::string word = value.text;
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (word == "inf" || word == "infinity") return std::numeric_limits<double>::infinity();
  if (word == "nan") return std::numeric_limits<double>::quiet_NaN();
  return std::nullopt;
}

std::optional<double> ToNumber(const WrittenValue& value) {
  const std::optional<double> magnitude = Magnitude(value);
  if (!magnitude) return std::nullopt;
  return value.negative ? -*magnitude : *magnitude;
}

std::optional<bool> ToBool(const WrittenValue& value) {
  if (value.negative || value.kind == Kind::kString) return std::nullopt;
  const std::string& word = value.text;
  if (value.kind == Kind::kInteger) {
    uint64_t number = 0;
    if (!Tokenizer::ParseInteger(word, 1, &number)) return std::nullopt;
    return number == 1;
  }
  if (word == "true" || word == "True" || word == "t") return true;
  if (word == "false" || word == "False" || word == "f") return false;
  return std::nullopt;
}

const EnumValueDescriptor* ToEnum(const WrittenValue& value, const EnumDescriptor& type) {
  if (value.kind == Kind::kInteger) {
    const std::optional<int32_t> number = ToInteger<int32_t>(value);
    return number ? type.FindValueByNumber(*number) : nullptr;
  }
  if (value.kind != Kind::kIdentifier || value.negative) return nullptr;
  return type.FindValueByName(value.text);
}

std::string UnknownEnumValue(const WrittenValue& value, const FieldDescriptor& field) {
  const EnumDescriptor& type = *field.enum_type();
  if (value.kind == Kind::kString && type.FindValueByName(value.text) != nullptr) {
    return Complaint(value, field, "must be written without quotes");
  }
  std::vector<std::string> known;
  for (int i = 0; i < type.value_count(); ++i) known.push_back(type.value(i)->name());
  const std::string written = (value.negative ? "-" : "") + OneLine(value.text);
  const std::string hint = DidYouMean(written, known);
  constexpr size_t kLongList = 12;
  const std::string list =
      !hint.empty() && known.size() > kLongList ? "" : " known: " + Join(known);
  return Cat(field.name(), ": '", written, "' is not a known value",
             hint.empty() && !list.empty() ? ";" : hint, list);
}

std::string StoreString(const WrittenValue& value, const Target& target) {
  const std::string text = (value.negative ? "-" : "") + value.text;
  target.Store<std::string>(&Reflection::SetString, &Reflection::AddString, text);
  if (value.kind == Kind::kString) return "";
  return Complaint(value, *target.field, Cat("must be in quotes: \"", OneLine(text), "\""));
}

std::string StoreEnum(const WrittenValue& value, const Target& target) {
  const EnumValueDescriptor* known = ToEnum(value, *target.field->enum_type());
  if (known == nullptr) return UnknownEnumValue(value, *target.field);
  target.Store<const EnumValueDescriptor*>(&Reflection::SetEnum, &Reflection::AddEnum, known);
  return "";
}

template <typename T>
std::string StoreInteger(const WrittenValue& value, const Target& target, Setter<T> set,
                         Setter<T> add) {
  const std::optional<T> number = ToInteger<T>(value);
  if (!number) return Complaint(value, *target.field, WholeNumberRule<T>());
  target.Store<T>(set, add, *number);
  return "";
}

std::string StoreReal(const WrittenValue& value, const Target& target) {
  const std::optional<double> number = ToNumber(value);
  if (!number) return Complaint(value, *target.field, "must be a decimal number");
  if (target.field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) {
    target.Store<double>(&Reflection::SetDouble, &Reflection::AddDouble, *number);
  } else {
    target.Store<float>(&Reflection::SetFloat, &Reflection::AddFloat,
                        google::protobuf::io::SafeDoubleToFloat(*number));
  }
  return "";
}

std::string StoreBool(const WrittenValue& value, const Target& target) {
  const std::optional<bool> truth = ToBool(value);
  if (!truth) return Complaint(value, *target.field, "must be true or false");
  target.Store<bool>(&Reflection::SetBool, &Reflection::AddBool, *truth);
  return "";
}

}  // namespace

std::string StoreScalar(const WrittenValue& value, const FieldDescriptor& field, Message* message) {
  const Target target{message, &field};
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return StoreInteger(value, target, &Reflection::SetInt32, &Reflection::AddInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return StoreInteger(value, target, &Reflection::SetInt64, &Reflection::AddInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return StoreInteger(value, target, &Reflection::SetUInt32, &Reflection::AddUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return StoreInteger(value, target, &Reflection::SetUInt64, &Reflection::AddUInt64);
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return StoreReal(value, target);
    case FieldDescriptor::CPPTYPE_BOOL:
      return StoreBool(value, target);
    case FieldDescriptor::CPPTYPE_ENUM:
      return StoreEnum(value, target);
    case FieldDescriptor::CPPTYPE_STRING:
      return StoreString(value, target);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  return field.name() + " is a message, not a value";
}

}  // namespace demitasse
