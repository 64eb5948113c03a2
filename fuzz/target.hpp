// Fuzz targets: each reads bytes that a file may hold, and must come back or throw Error.
//
// A target is one file, fuzz/<name>_fuzzer.cpp, which registers it. The program demitasse_fuzz runs
// one of them under libFuzzer; tests/fuzz runs all, without it, on what was ever found.
#ifndef DEMITASSE_FUZZ_TARGET_HPP_
#define DEMITASSE_FUZZ_TARGET_HPP_

#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace demitasse {

struct FuzzTarget {
  std::string name;
  void (*read)(const std::string& bytes);
  std::vector<std::string> (*seeds)();  // whole and right ones, to begin with
};

// For messages of tests.
inline std::ostream& operator<<(std::ostream& out, const FuzzTarget& target) {
  return out << target.name;
}

// To be called at the end of the target's file; returns true.
bool RegisterFuzzTarget(const FuzzTarget& target);

// All targets, in no order.
const std::vector<FuzzTarget>& FuzzTargets();

// What RunFuzzTarget says when nothing was wrong.
constexpr char kNoFuzzError[] = "no error";

// Gives the bytes to the target; returns the message of the Error that it throws.
std::string RunFuzzTarget(const FuzzTarget& target, const std::string& bytes);

// Bytes in a file that lies in no folder, and is gone with the object.
class MemoryFile {
 public:
  explicit MemoryFile(const std::string& bytes);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  int descriptor_;
  std::string path_;
};

// The bytes of the file that `write` makes at a path it is given.
std::string WrittenBytes(const std::function<void(const std::string& path)>& write);

// The contents of the files of a folder of the source tree, or of the folders in it, whose names
// end with `end`.
std::vector<std::string> FilesOfTree(const std::string& folder, const std::string& end);

}  // namespace demitasse

#endif  // DEMITASSE_FUZZ_TARGET_HPP_
