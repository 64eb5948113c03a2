// How the library says something that is not an error. Silent until a program sets a sink.
#ifndef DEMITASSE_LOG_HPP_
#define DEMITASSE_LOG_HPP_

#include <functional>
#include <string>

#include "demitasse/export.hpp"

namespace demitasse {

// Whether a message asks for attention.
enum class LogLevel { kInfo, kWarning };

// Receives messages, each without a newline at its end. It must not log itself.
using LogSink = std::function<void(LogLevel, const std::string& message)>;

// Replaces the sink; an empty one silences the library. Safe to call from any thread; the sink may
// be called from several threads, one at a time.
DEMITASSE_API void SetLogSink(LogSink sink);

// Hands one message, without a newline at its end, to the sink.
DEMITASSE_API void LogInfo(const std::string& message);
DEMITASSE_API void LogWarning(const std::string& message);

}  // namespace demitasse

#endif  // DEMITASSE_LOG_HPP_
