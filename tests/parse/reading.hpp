// Texts read into messages, for the tests of the readers.
#ifndef DEMITASSE_TESTS_PARSE_READING_HPP_
#define DEMITASSE_TESTS_PARSE_READING_HPP_

#include <string>
#include <vector>

#include "demitasse/caffe.pb.h"
#include "demitasse/error.hpp"
#include "demitasse/source_map.hpp"
#include "src/parse/text_reader.hpp"

namespace demitasse {

// The problems as they are printed.
inline std::vector<std::string> Lines(const Diagnostics& diagnostics) {
  std::vector<std::string> lines;
  for (const Diagnostic& problem : diagnostics.list()) lines.push_back(problem.ToString());
  return lines;
}

inline TextOptions Lenient() {
  TextOptions options;
  options.lenient = true;
  return options;
}

template <typename MessageType>
struct Reading {
  MessageType message;
  SourceMap source{"net.prototxt"};
  std::vector<std::string> lines;  // problems

  std::string Place(const std::string& path) const { return ToString(source.Find(path)); }
};

template <typename MessageType = caffe::NetParameter>
Reading<MessageType> Read(const std::string& text, const TextOptions& options = TextOptions{}) {
  Reading<MessageType> reading;
  Diagnostics diagnostics;
  ReadText(text, "net.prototxt", options, &reading.message, &reading.source, &diagnostics);
  reading.lines = Lines(diagnostics);
  return reading;
}

inline std::vector<std::string> ProblemsIn(const std::string& text,
                                           const TextOptions& options = TextOptions{}) {
  return Read(text, options).lines;
}

}  // namespace demitasse

#endif  // DEMITASSE_TESTS_PARSE_READING_HPP_
