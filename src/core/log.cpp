#include "demitasse/log.hpp"

#include <mutex>
#include <utility>

namespace demitasse {
namespace {

struct Output {
  std::mutex mutex;
  LogSink sink;
};

Output& TheOutput() {
  static Output output;
  return output;
}

void Say(LogLevel level, const std::string& message) {
  Output& output = TheOutput();
  const std::lock_guard<std::mutex> lock(output.mutex);
  if (output.sink) output.sink(level, message);
}

}  // namespace

void SetLogSink(LogSink sink) {
  Output& output = TheOutput();
  const std::lock_guard<std::mutex> lock(output.mutex);
  output.sink = std::move(sink);
}

void LogInfo(const std::string& message) { Say(LogLevel::kInfo, message); }
void LogWarning(const std::string& message) { Say(LogLevel::kWarning, message); }

}  // namespace demitasse
