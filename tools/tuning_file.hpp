// The file of --tune: what was measured, to be taken again the next time.
#ifndef DEMITASSE_TOOLS_TUNING_FILE_HPP_
#define DEMITASSE_TOOLS_TUNING_FILE_HPP_

#include <string>

#include "src/ops/tuning.hpp"
#include "tools/command.hpp"

namespace demitasse {

Flag TuneFlag(std::string* path);

// Measures while it lives what the file does not know yet.
class TuningFile {
 public:
  // Reads the file if it is there; does nothing for an empty path. Throws Error if it was measured
  // on another kind of processor or has lines that are not understood.
  explicit TuningFile(const std::string& path);

  // Writes the file if something was measured.
  void Write() const;

 private:
  const std::string path_;
  Tuning tuning_;
  const size_t known_;  // choices that were in the file
  const Tuning::Scope scope_;
};

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_TUNING_FILE_HPP_
