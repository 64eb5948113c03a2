// The tool under the names of Caffe's programs, so that old scripts run.
#ifndef DEMITASSE_TOOLS_CAFFE_NAMES_HPP_
#define DEMITASSE_TOOLS_CAFFE_NAMES_HPP_

#include <string>
#include <vector>

namespace demitasse {

// The arguments with which the tool does what `program`, called with `args`, would do if it were
// the program of Caffe that it is named like; `args` if there is none of that name. Folders before
// the name do not count. Throws UsageError for arguments that say too little.
std::vector<std::string> TranslateCaffeCommand(const std::string& program,
                                               const std::vector<std::string>& args);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_CAFFE_NAMES_HPP_
