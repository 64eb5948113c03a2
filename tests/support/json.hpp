// Reads JSON.
#ifndef DEMITASSE_TESTS_SUPPORT_JSON_HPP_
#define DEMITASSE_TESTS_SUPPORT_JSON_HPP_

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <string>

namespace demitasse {

using JsonValue = google::protobuf::Value;

// The value of a name in an object; null if there is none.
inline const JsonValue& Field(const JsonValue& object, const std::string& name) {
  const auto& fields = object.struct_value().fields();
  const auto found = fields.find(name);
  return found == fields.end() ? JsonValue::default_instance() : found->second;
}

inline double NumberOf(const JsonValue& object, const std::string& name) {
  EXPECT_EQ(JsonValue::kNumberValue, Field(object, name).kind_case()) << name;
  return Field(object, name).number_value();
}

inline std::string TextOf(const JsonValue& object, const std::string& name) {
  EXPECT_EQ(JsonValue::kStringValue, Field(object, name).kind_case()) << name;
  return Field(object, name).string_value();
}

inline JsonValue ParseJson(const std::string& text) {
  JsonValue value;
  const auto status = google::protobuf::util::JsonStringToMessage(text, &value);
  EXPECT_TRUE(status.ok()) << status.ToString() << "\n" << text;
  return value;
}

}  // namespace demitasse

#endif  // DEMITASSE_TESTS_SUPPORT_JSON_HPP_
