// Where each field of a message that was read from text stands, so that an error found much later
// (a kernel larger than its input, say) can still point at the value that caused it. Several
// threads may read one while nobody changes it.
#ifndef DEMITASSE_SOURCE_MAP_HPP_
#define DEMITASSE_SOURCE_MAP_HPP_

#include <string>
#include <unordered_map>
#include <utility>

#include "demitasse/error.hpp"
#include "demitasse/export.hpp"

namespace demitasse {

// Keys are field paths from the root message, an index behind every element of a repeated field:
// "layer[3].convolution_param.kernel_size[0]". A scalar's place is that of its value, a message's
// that of its field name.
class DEMITASSE_API SourceMap {
 public:
  // Of the file of that name; "" if the text came from none.
  explicit SourceMap(std::string file = "") : file_(std::move(file)) {}

  const std::string& file() const { return file_; }  // what it was made with

  // Line and column count from 1.
  void Set(const std::string& path, int line, int column) { places_[path] = {line, column}; }

  // The place of `path`, or of the innermost message around it that was written in the file; the
  // file alone when there is none.
  Location Find(const std::string& path) const;

  // The places below the message at `path`, as if it were the root.
  SourceMap Below(const std::string& path) const;

  // Moves everything at and below each key of `moves` to the path beside it ("layers[2]" to
  // "layer[5]"), or forgets it if that is "". Of several keys around a place the innermost counts.
  // All moves happen at once, so a list of layers can be shifted or reordered.
  void Rename(const std::unordered_map<std::string, std::string>& moves);

 private:
  std::string file_;
  std::unordered_map<std::string, std::pair<int, int>> places_;  // path -> line, column
};

}  // namespace demitasse

#endif  // DEMITASSE_SOURCE_MAP_HPP_
