#include "src/parse/print_text.hpp"

#include <google/protobuf/text_format.h>

#include "demitasse/error.hpp"

namespace demitasse {

std::string PrintText(const google::protobuf::Message& message) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  if (!printer.PrintToString(message, &text)) throw Error("cannot print the message as text");
  return text;
}

}  // namespace demitasse
