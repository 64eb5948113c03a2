// Protocol Buffers messages to files.
#ifndef DEMITASSE_SRC_IO_WRITE_MESSAGE_HPP_
#define DEMITASSE_SRC_IO_WRITE_MESSAGE_HPP_

#include <google/protobuf/message_lite.h>

#include <string>

namespace demitasse {

// Writes `message` in binary form; the file has its name only when it is complete. Throws Error if
// it would be longer than the 2^31 - 1 bytes that Protocol Buffers can read, or if the file cannot
// be written; then whatever stood there before is untouched.
void WriteMessage(const std::string& path, const google::protobuf::MessageLite& message);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_WRITE_MESSAGE_HPP_
