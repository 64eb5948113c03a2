// Times of layers as a file that chrome://tracing and Perfetto show.
#ifndef DEMITASSE_TOOLS_TRACE_FILE_HPP_
#define DEMITASSE_TOOLS_TRACE_FILE_HPP_

#include <fstream>
#include <string>

#include "tools/net_timer.hpp"

namespace demitasse {

// In Chrome's trace event format: one event for each layer, pass and iteration.
class TraceFile {
 public:
  // Throws Error if the file cannot be written.
  explicit TraceFile(const std::string& path);
  void Write(const NetTimer& timer);

 private:
  const std::string path_;
  std::ofstream file_;
};

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_TRACE_FILE_HPP_
