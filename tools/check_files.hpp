// What `check` finds in files: nets, and solvers with the nets they name.
#ifndef DEMITASSE_TOOLS_CHECK_FILES_HPP_
#define DEMITASSE_TOOLS_CHECK_FILES_HPP_

#include <string>
#include <vector>

#include "demitasse/error.hpp"
#include "tools/check_net.hpp"

namespace demitasse {

struct FileCheck {
  NetCheck net;
  std::vector<caffe::Phase> phases = {caffe::TRAIN, caffe::TEST};  // of nets without solver
};

struct CheckedFile {
  std::string path;
  std::vector<Diagnostic> problems;  // in the order of their places, those of its nets behind
  std::string scope;                 // what was checked: "TRAIN and TEST"
  std::vector<std::string> unknown;  // inputs whose shapes only data tell
  std::vector<std::string> inputs;   // SourceTops of its nets
};

CheckedFile CheckFile(const std::string& path, const FileCheck& check);

int CountOf(Severity severity, const std::vector<Diagnostic>& problems);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_CHECK_FILES_HPP_
