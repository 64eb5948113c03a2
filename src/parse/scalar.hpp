// One value as it was written in a text file, and its way into a field of a message.
#ifndef DEMITASSE_SRC_PARSE_SCALAR_HPP_
#define DEMITASSE_SRC_PARSE_SCALAR_HPP_

#include <google/protobuf/message.h>

#include <string>

namespace demitasse {

struct WrittenValue {
  enum class Kind { kIdentifier, kInteger, kFloat, kString };

  Kind kind = Kind::kIdentifier;
  bool negative = false;
  std::string text;  // the content of a string; else the token, without its minus sign
};

// Sets a singular field, or appends to a repeated one. Takes what protobuf's own text format takes:
// whole numbers also as hex and octal, t, f, 0 and 1 for bool, inf and nan for float, the name or
// the number of an enum value. `field` must not be a message.
//
// Returns what is wrong ("kernel_size: -3: must be a whole number from 0 to 4294967295"), "" if
// nothing is. A string without its quotes is set all the same, so that messages can name it.
std::string StoreScalar(const WrittenValue& value, const google::protobuf::FieldDescriptor& field,
                        google::protobuf::Message* message);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_PARSE_SCALAR_HPP_
