// What a reader of text found wrong. Held back until the layer around a problem has been read to
// its end, because only then its name and type are known.
#ifndef DEMITASSE_SRC_PARSE_PROBLEMS_HPP_
#define DEMITASSE_SRC_PARSE_PROBLEMS_HPP_

#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "demitasse/error.hpp"
#include "src/parse/tokens.hpp"
#include "src/parse/unknown_field.hpp"

namespace demitasse {

class Problems {
 public:
  // Of each severity, 1000 are kept: a file with more has another problem.
  bool IsFull(Severity severity) const;
  size_t size() const { return list_.size(); }

  void Add(Severity severity, Place place, const std::string& text);
  void Add(Severity severity, Place place, UnknownField unknown);

  // To be called when `message` is read: completes the problems found in it, the `first`-th and
  // those after it, with where a field belongs and with the name of the layer that `message` is.
  void Complete(size_t first, const google::protobuf::Message& message);

  // Hands over all problems in the order of the file.
  void MoveTo(const std::string& file, Diagnostics* diagnostics);

 private:
  struct Problem {
    Severity severity;
    Place place;
    UnknownField what;
    bool names_layer = false;
  };
  std::vector<Problem> list_;
  size_t error_count_ = 0;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_PARSE_PROBLEMS_HPP_
