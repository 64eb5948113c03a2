// Errors and warnings that know where in the user's files they belong.
//
// The library reports wrong input and failed runs by throwing demitasse::Error; it never aborts,
// exits or prints. Stages that can find several problems at once add them to a Diagnostics list,
// whose ThrowIfErrors() throws the first. Nothing here is shared between threads.
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
  std::string file;  // as it was opened
  int line = 0;      // from 1
  int column = 0;    // from 1, in characters
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
  // `message` without its place and "error:".
  explicit Error(const std::string& message, ErrorKind kind = ErrorKind::kInput)
      : Error(Location{}, message, kind) {}
  Error(const Location& where, const std::string& message, ErrorKind kind = ErrorKind::kInput);

  const Location& where() const { return where_; }         // empty if it is in no file
  const std::string& message() const { return message_; }  // without place and "error:"
  ErrorKind kind() const { return kind_; }                 // who is to act

 private:
  Location where_;
  std::string message_;
  ErrorKind kind_;
};

// Whether a net can be built in spite of a problem.
enum class Severity { kWarning, kError };

// A problem in a file.
struct DEMITASSE_API Diagnostic {
  Severity severity = Severity::kError;  // whether it is an error
  Location where;                        // of the field it is about
  std::string message;                   // without its place and severity

  // "FILE:LINE:COLUMN: warning: MESSAGE"
  std::string ToString() const;
};

// All problems a stage found, in the order in which it found them.
class DEMITASSE_API Diagnostics {
 public:
  // Append a problem, or all of another list.
  void AddError(const Location& where, const std::string& message);
  void AddWarning(const Location& where, const std::string& message);
  void Add(const Error& error) { AddError(error.where(), error.message()); }
  void Add(const Diagnostics& more);

  bool has_errors() const;                                       // or only warnings
  const std::vector<Diagnostic>& list() const { return list_; }  // in the order they were found

  // Throws the error that stands first in its file, if there is any.
  void ThrowIfErrors() const;

 private:
  std::vector<Diagnostic> list_;
};

}  // namespace demitasse

#endif  // DEMITASSE_ERROR_HPP_
