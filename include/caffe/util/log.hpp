// LOG(INFO) and its like in glog's words, for where glog is not installed: messages go to the sink
// of demitasse/log.hpp.
#ifndef DEMITASSE_CAFFE_UTIL_LOG_HPP_
#define DEMITASSE_CAFFE_UTIL_LOG_HPP_

#include <sstream>

#include "demitasse/log.hpp"

namespace caffe {
namespace compat {

// Collects a message and hands it on at the end of the statement.
class LogMessage {
 public:
  explicit LogMessage(demitasse::LogLevel level) : level_(level) {}
  ~LogMessage() {
    if (level_ == demitasse::LogLevel::kWarning) {
      demitasse::LogWarning(message_.str());
    } else {
      demitasse::LogInfo(message_.str());
    }
  }
  LogMessage(const LogMessage&) = delete;
  LogMessage& operator=(const LogMessage&) = delete;

  std::ostream& stream() { return message_; }

 private:
  std::ostringstream message_;
  const demitasse::LogLevel level_;
};

}  // namespace compat
}  // namespace caffe

#define COMPACT_GOOGLE_LOG_INFO ::caffe::compat::LogMessage(::demitasse::LogLevel::kInfo)
#define COMPACT_GOOGLE_LOG_WARNING ::caffe::compat::LogMessage(::demitasse::LogLevel::kWarning)
#define COMPACT_GOOGLE_LOG_ERROR COMPACT_GOOGLE_LOG_WARNING

#define LOG(severity) COMPACT_GOOGLE_LOG_##severity.stream()
#define LOG_IF(severity, condition) \
  !(condition) ? static_cast<void>(0) : ::caffe::compat::Voidify() & LOG(severity)
#define LOG_EVERY_N(severity, n) \
  LOG_IF(severity, [&] {         \
    static long long count = 0;  \
    return count++ % (n) == 0;   \
  }())
#define LOG_FIRST_N(severity, n) \
  LOG_IF(severity, [&] {         \
    static long long count = 0;  \
    return count++ < (n);        \
  }())
#define VLOG(level) LOG_IF(INFO, false)
#define VLOG_IS_ON(level) false
#ifdef NDEBUG
#define DLOG(severity) LOG_IF(severity, false)
#else
#define DLOG(severity) LOG(severity)
#endif
#define DLOG_IF(severity, condition) LOG_IF(severity, condition)
#define PLOG(severity) LOG(severity)

namespace google {
inline void InitGoogleLogging(const char* /*program*/) {}
inline void InstallFailureSignalHandler() {}
}  // namespace google

#endif  // DEMITASSE_CAFFE_UTIL_LOG_HPP_
