#include "caffe/util/check.hpp"

#include <strings.h>

#include <cstring>
#include <exception>

#include "src/core/text.hpp"

namespace caffe {
namespace compat {

using demitasse::Cat;
using demitasse::Error;

Fatal::Fatal(const char* file, int line, const std::string& what)
    : file_(file), line_(line), exceptions_(std::uncaught_exceptions()) {
  message_ << what;
}

// To throw is what it is for. NOLINTNEXTLINE(bugprone-exception-escape)
Fatal::~Fatal() noexcept(false) {
  if (std::uncaught_exceptions() > exceptions_) return;  // thrown by what was to be written
  std::string message = message_.str();
  while (!message.empty() && std::strchr(" \n", message.back()) != nullptr) message.pop_back();
  const char* const slash = std::strrchr(file_, '/');
  throw Error(Cat(message, " [", slash != nullptr ? slash + 1 : file_, ":", line_, "]"));
}

std::unique_ptr<std::string> CheckStrings(const char* a, const char* b, bool ignore_case,
                                          bool equal, const char* expression) {
  const bool both = a != nullptr && b != nullptr;
  const bool same = both ? (ignore_case ? strcasecmp(a, b) : std::strcmp(a, b)) == 0 : a == b;
  if (same == equal) return nullptr;
  return Failure(a != nullptr ? a : "", b != nullptr ? b : "", expression);
}

}  // namespace compat
}  // namespace caffe
