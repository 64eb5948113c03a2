// Reads protobuf's text format into any message. Unlike protobuf's own TextFormat it finds all
// mistakes in one go, says where each one is and what may have been meant, and remembers where
// every field stands.
#ifndef DEMITASSE_SRC_PARSE_TEXT_READER_HPP_
#define DEMITASSE_SRC_PARSE_TEXT_READER_HPP_

#include <google/protobuf/message.h>

#include <string>

#include "demitasse/error.hpp"
#include "demitasse/source_map.hpp"

namespace demitasse {

struct TextOptions {
  bool lenient = false;  // unknown fields are warnings, and skipped
};

// Reads `text`, found in `file`, into `message`, which should be empty. What is wrong goes to
// `diagnostics`, in the order of the file; after an error `message` holds what could be read.
// Problems within a layer begin with its name.
//
// `source` may be null. Lines and columns count from 1, a column is a character (a tab is one, a
// UTF-8 sequence is one). The place of a scalar is its value, that of a message its field name, or
// its opening bracket when it is an element of a list. Behind the 1000th element of a list of
// scalars no places are kept.
void ReadText(const std::string& text, const std::string& file, const TextOptions& options,
              google::protobuf::Message* message, SourceMap* source, Diagnostics* diagnostics);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_PARSE_TEXT_READER_HPP_
