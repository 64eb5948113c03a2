// Errors and warnings that know where in the user's files they belong.
//
// The library reports wrong input and failed runs by throwing demitasse::Error; it never aborts,
// exits or prints. Stages that can find several problems at once add them to a Diagnostics list,
// whose ThrowIfErrors() throws the first.
#ifndef DEMITASSE_ERROR_HPP_
#define DEMITASSE_ERROR_HPP_

#include <stdexcept>
#include <string>
#include <vector>

#include "demitasse/export.hpp"

namespace demitasse {

// A place in a file a user wrote. Line and column count from 1; 0 means unknown, and an empty file
// means that the text did not come from a file.
struct Location {
  std::string file;
  int line = 0;
  int column = 0;
};

// "net.prototxt:14:5", or as much of it as is known; "" for an unknown place.
DEMITASSE_API std::string ToString(const Location& where);

// Who is to act: the author of the input (a file, a flag, an argument), or whoever looks after the
// machine the run failed on (disk full, out of memory).
enum class ErrorKind { kInput, kRun };

// what() is the whole line, ready to print: "FILE:LINE:COLUMN: error: MESSAGE", without the parts
// of the place that are not known.
class DEMITASSE_API Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, ErrorKind kind = ErrorKind::kInput)
      : Error(Location{}, message, kind) {}
  Error(const Location& where, const std::string& message, ErrorKind kind = ErrorKind::kInput);

  const Location& where() const { return where_; }
  const std::string& message() const { return message_; }  // without place and "error:"
  ErrorKind kind() const { return kind_; }

 private:
  Location where_;
  std::string message_;
  ErrorKind kind_;
};

enum class Severity { kWarning, kError };

struct DEMITASSE_API Diagnostic {
  Severity severity = Severity::kError;
  Location where;
  std::string message;

  // "FILE:LINE:COLUMN: warning: MESSAGE"
  std::string ToString() const;
};

// All problems a stage found, in the order in which it found them.
class DEMITASSE_API Diagnostics {
 public:
  void AddError(const Location& where, const std::string& message);
  void AddWarning(const Location& where, const std::string& message);
  void Add(const Error& error) { AddError(error.where(), error.message()); }
  void Add(const Diagnostics& more);

  bool has_errors() const;
  const std::vector<Diagnostic>& list() const { return list_; }

  // Throws the error that stands first in its file, if there is any.
  void ThrowIfErrors() const;

 private:
  std::vector<Diagnostic> list_;
};

}  // namespace demitasse

#endif  // DEMITASSE_ERROR_HPP_
