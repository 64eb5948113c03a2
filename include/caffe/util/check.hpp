// CHECK, CHECK_EQ and their like, and LOG(FATAL), as glog has them; but they throw
// demitasse::Error. The other LOGs are glog's where it is installed. Without it they go to the sink
// of demitasse/log.hpp.
#ifndef DEMITASSE_CAFFE_UTIL_CHECK_HPP_
#define DEMITASSE_CAFFE_UTIL_CHECK_HPP_

#include <cerrno>
#include <cmath>
#include <cstring>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>

#if __has_include(<glog/logging.h>)
#include <glog/logging.h>  // IWYU pragma: export
#else
#include "caffe/util/log.hpp"  // IWYU pragma: export
#endif

#include "demitasse/error.hpp"
#include "demitasse/export.hpp"

namespace caffe {
namespace compat {

// Collects a message and throws it at the end of the statement.
class DEMITASSE_API Fatal {
 public:
  Fatal(const char* file, int line, const std::string& what);
  ~Fatal() noexcept(false);
  Fatal(const Fatal&) = delete;
  Fatal& operator=(const Fatal&) = delete;

  std::ostream& stream() { return message_; }

 private:
  std::ostringstream message_;
  const char* const file_;
  const int line_;
  const int exceptions_;  // that were on their way when it was made
};

// Turns a stream into nothing: `&` binds less tightly than << and more so than ?:.
struct Voidify {
  void operator&(std::ostream& /*stream*/) const {}
};

template <typename A, typename B>
std::unique_ptr<std::string> Failure(const A& a, const B& b, const char* expression) {
  std::ostringstream text;
  text << "Check failed: " << expression << " (" << a << " vs. " << b << ") ";
  return std::make_unique<std::string>(text.str());
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wfloat-equal"
// The second form takes static const members of classes, which have no address.
#define DEMITASSE_CHECK_FUNCTION(name, op)                                             \
  template <typename A, typename B>                                                    \
  std::unique_ptr<std::string> Check##name(const A& a, const B& b, const char* text) { \
    return a op b ? nullptr : Failure(a, b, text);                                     \
  }                                                                                    \
  inline std::unique_ptr<std::string> Check##name(int a, int b, const char* text) {    \
    return a op b ? nullptr : Failure(a, b, text);                                     \
  }
DEMITASSE_CHECK_FUNCTION(Eq, ==)
DEMITASSE_CHECK_FUNCTION(Ne, !=)
DEMITASSE_CHECK_FUNCTION(Le, <=)
DEMITASSE_CHECK_FUNCTION(Lt, <)
DEMITASSE_CHECK_FUNCTION(Ge, >=)
DEMITASSE_CHECK_FUNCTION(Gt, >)
#undef DEMITASSE_CHECK_FUNCTION
#pragma GCC diagnostic pop

DEMITASSE_API std::unique_ptr<std::string> CheckStrings(const char* a, const char* b,
                                                        bool ignore_case, bool equal,
                                                        const char* expression);

template <typename T>
T NotNull(const char* file, int line, const char* expression, T&& pointer) {
  if (pointer == nullptr) Fatal(file, line, expression);
  return std::forward<T>(pointer);
}

}  // namespace compat
}  // namespace caffe

#undef CHECK
#undef PCHECK
#undef CHECK_EQ
#undef CHECK_NE
#undef CHECK_LE
#undef CHECK_LT
#undef CHECK_GE
#undef CHECK_GT
#undef CHECK_NOTNULL
#undef CHECK_STREQ
#undef CHECK_STRNE
#undef CHECK_STRCASEEQ
#undef CHECK_STRCASENE
#undef CHECK_DOUBLE_EQ
#undef CHECK_NEAR
#undef CHECK_OP
#undef DCHECK
#undef DCHECK_EQ
#undef DCHECK_NE
#undef DCHECK_LE
#undef DCHECK_LT
#undef DCHECK_GE
#undef DCHECK_GT
#undef DCHECK_NOTNULL
#undef DCHECK_STREQ
#undef DCHECK_STRNE
#undef DCHECK_STRCASEEQ
#undef DCHECK_STRCASENE
#undef COMPACT_GOOGLE_LOG_FATAL

// What LOG(FATAL) becomes.
#define COMPACT_GOOGLE_LOG_FATAL ::caffe::compat::Fatal(__FILE__, __LINE__, "")

#define CHECK(condition)             \
  (condition)                        \
      ? static_cast<void>(0)         \
      : ::caffe::compat::Voidify() & \
            ::caffe::compat::Fatal(__FILE__, __LINE__, "Check failed: " #condition " ").stream()
#define PCHECK(condition) CHECK(condition) << ::std::strerror(errno) << " "

#define DEMITASSE_CHECK_THAT(failed)                                          \
  while (const ::std::unique_ptr<::std::string> demitasse_failure = (failed)) \
  ::caffe::compat::Fatal(__FILE__, __LINE__, *demitasse_failure).stream()
#define DEMITASSE_CHECK_OP(name, op, a, b) \
  DEMITASSE_CHECK_THAT(::caffe::compat::Check##name(a, b, #a " " #op " " #b))
#define CHECK_EQ(a, b) DEMITASSE_CHECK_OP(Eq, ==, a, b)
#define CHECK_NE(a, b) DEMITASSE_CHECK_OP(Ne, !=, a, b)
#define CHECK_LE(a, b) DEMITASSE_CHECK_OP(Le, <=, a, b)
#define CHECK_LT(a, b) DEMITASSE_CHECK_OP(Lt, <, a, b)
#define CHECK_GE(a, b) DEMITASSE_CHECK_OP(Ge, >=, a, b)
#define CHECK_GT(a, b) DEMITASSE_CHECK_OP(Gt, >, a, b)

#define CHECK_NOTNULL(pointer)                                                                   \
  ::caffe::compat::NotNull(__FILE__, __LINE__, "Check failed: '" #pointer "' must not be null ", \
                           (pointer))

#define DEMITASSE_CHECK_STRINGS(a, b, op, ignore_case, equal) \
  DEMITASSE_CHECK_THAT(::caffe::compat::CheckStrings(a, b, ignore_case, equal, #a " " op " " #b))
#define CHECK_STREQ(a, b) DEMITASSE_CHECK_STRINGS(a, b, "==", false, true)
#define CHECK_STRNE(a, b) DEMITASSE_CHECK_STRINGS(a, b, "!=", false, false)
#define CHECK_STRCASEEQ(a, b) DEMITASSE_CHECK_STRINGS(a, b, "==", true, true)
#define CHECK_STRCASENE(a, b) DEMITASSE_CHECK_STRINGS(a, b, "!=", true, false)

#define CHECK_NEAR(a, b, margin) CHECK_LE(::std::abs((a) - (b)), (margin))
#define CHECK_DOUBLE_EQ(a, b) CHECK_NEAR(a, b, 0.000000000000001L)

// Compiled, but not evaluated, in a program without assertions.
#ifdef NDEBUG
#define DEMITASSE_DEBUG_ONLY while (false)
#define DCHECK_NOTNULL(pointer) (pointer)
#else
#define DEMITASSE_DEBUG_ONLY
#define DCHECK_NOTNULL(pointer) CHECK_NOTNULL(pointer)
#endif
#define DCHECK(condition) DEMITASSE_DEBUG_ONLY CHECK(condition)
#define DCHECK_EQ(a, b) DEMITASSE_DEBUG_ONLY CHECK_EQ(a, b)
#define DCHECK_NE(a, b) DEMITASSE_DEBUG_ONLY CHECK_NE(a, b)
#define DCHECK_LE(a, b) DEMITASSE_DEBUG_ONLY CHECK_LE(a, b)
#define DCHECK_LT(a, b) DEMITASSE_DEBUG_ONLY CHECK_LT(a, b)
#define DCHECK_GE(a, b) DEMITASSE_DEBUG_ONLY CHECK_GE(a, b)
#define DCHECK_GT(a, b) DEMITASSE_DEBUG_ONLY CHECK_GT(a, b)
#define DCHECK_STREQ(a, b) DEMITASSE_DEBUG_ONLY CHECK_STREQ(a, b)
#define DCHECK_STRNE(a, b) DEMITASSE_DEBUG_ONLY CHECK_STRNE(a, b)
#define DCHECK_STRCASEEQ(a, b) DEMITASSE_DEBUG_ONLY CHECK_STRCASEEQ(a, b)
#define DCHECK_STRCASENE(a, b) DEMITASSE_DEBUG_ONLY CHECK_STRCASENE(a, b)

#define NOT_IMPLEMENTED LOG(FATAL) << "Not Implemented Yet"

#endif  // DEMITASSE_CAFFE_UTIL_CHECK_HPP_
