// Messages as text.
#ifndef DEMITASSE_SRC_PARSE_PRINT_TEXT_HPP_
#define DEMITASSE_SRC_PARSE_PRINT_TEXT_HPP_

#include <google/protobuf/message.h>

#include <string>

namespace demitasse {

// The message in the form of a prototxt.
std::string PrintText(const google::protobuf::Message& message);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_PARSE_PRINT_TEXT_HPP_
