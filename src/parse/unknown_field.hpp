// What to say about a field that its message does not have: what it may have been meant to be, or
// where it belongs.
#ifndef DEMITASSE_SRC_PARSE_UNKNOWN_FIELD_HPP_
#define DEMITASSE_SRC_PARSE_UNKNOWN_FIELD_HPP_

#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "src/parse/tokens.hpp"

namespace demitasse {

// A message that is being read.
struct OpenMessage {
  google::protobuf::Message* message = nullptr;
  const google::protobuf::FieldDescriptor* field = nullptr;  // that holds it; null at top level
  Place bracket;                                             // with which it begins
};

struct UnknownField {
  // The field is one of a message further out, or at top level one of a message further in. Several
  // in a row are one mistake: a bracket too few or too many above.
  bool is_misplaced = false;

  std::string text;  // "unknown field 'num_ouput' in inner_product_param; did you mean ...?"

  // Fields of `owner` whose messages have a field of that name; see Belonging().
  std::vector<const google::protobuf::FieldDescriptor*> homes;
  const google::protobuf::Message* owner = nullptr;
};

// `open` is the message with the unknown field (last) and all around it, outermost first.
UnknownField ExplainUnknownField(const std::string& name, const std::vector<OpenMessage>& open);

// "; it belongs into convolution_param", or into one of a few, or "" when too many fit. To be asked
// when all of `owner` has been read, as what it says makes the choice smaller.
std::string Belonging(const std::vector<const google::protobuf::FieldDescriptor*>& homes,
                      const google::protobuf::Message& owner);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_PARSE_UNKNOWN_FIELD_HPP_
