// Log lines: what the library has to say while it works, printed by glog on standard error.
#ifndef DEMITASSE_TOOLS_LOG_LINES_HPP_
#define DEMITASSE_TOOLS_LOG_LINES_HPP_

#include "tools/flags.hpp"

namespace demitasse {

struct LogOptions {
  bool verbose = false;  // show informational lines too
  bool quiet = false;    // show none of them, and no progress, even so
};

// --verbose and --quiet, and those of glog's own flags that Caffe's scripts pass along.
FlagGroup LogFlags(LogOptions* options);

// Sends the library's messages to glog; to be called once, when the flags are parsed. Warnings
// alone are shown unless `verbose` or glog's own settings say otherwise, and nothing is written to
// files unless --log_dir or --logtostderr=false asks for it.
void StartLogging(const LogOptions& options);

// Whether informational lines are shown or written, once logging has started.
bool LogsInformation();

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_LOG_LINES_HPP_
