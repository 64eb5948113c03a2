// Parameters that are not a number.
#ifndef DEMITASSE_SRC_PARSE_NAN_CHECK_HPP_
#define DEMITASSE_SRC_PARSE_NAN_CHECK_HPP_

#include <google/protobuf/message.h>

#include "demitasse/error.hpp"
#include "demitasse/source_map.hpp"

namespace demitasse {

// Adds an error for every float field of `message`, however deep, that is or holds a NaN; infinity
// is a number. "layer 'relu1' (ReLU): negative_slope is nan"
void CheckNoNan(const google::protobuf::Message& message, const SourceMap& source,
                Diagnostics* diagnostics);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_PARSE_NAN_CHECK_HPP_
