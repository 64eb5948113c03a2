#include "fuzz/target.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include "demitasse/error.hpp"
#include "src/io/file.hpp"

// HDF5 1.10 loses some of its objects when H5Fopen fails on a damaged file, and its frames cannot
// be walked any further up than this.
extern "C" __attribute__((visibility("default"))) const char*
__lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)
extern "C" const char* __lsan_default_suppressions() { return "leak:H5FL_\n"; }

namespace demitasse {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kLongestFile = std::numeric_limits<int>::max();

std::vector<FuzzTarget>& MutableTargets() {
  static std::vector<FuzzTarget> targets;
  return targets;
}

[[noreturn]] void Die(const char* doing) {
  std::perror(doing);
  std::abort();
}

}  // namespace

bool RegisterFuzzTarget(const FuzzTarget& target) {
  MutableTargets().push_back(target);
  return true;
}

const std::vector<FuzzTarget>& FuzzTargets() { return MutableTargets(); }

std::string RunFuzzTarget(const FuzzTarget& target, const std::string& bytes) {
  try {
    target.read(bytes);
  } catch (const Error& error) {
    return error.message();
  }
  return kNoFuzzError;
}

MemoryFile::MemoryFile(const std::string& bytes) : descriptor_(memfd_create("fuzz", MFD_CLOEXEC)) {
  if (descriptor_ < 0) Die("memfd_create");
  const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
  if (written != static_cast<ssize_t>(bytes.size())) Die("write");
  path_ = "/proc/self/fd/" + std::to_string(descriptor_);
}

MemoryFile::~MemoryFile() { close(descriptor_); }

std::string WrittenBytes(const std::function<void(const std::string& path)>& write) {
  std::string folder = (fs::temp_directory_path() / "demitasse_fuzz_XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) Die("mkdtemp");
  const std::string path = folder + "/file";
  write(path);
  std::string bytes = ReadFile(path, kLongestFile);
  fs::remove_all(folder);
  return bytes;
}

std::vector<std::string> FilesOfTree(const std::string& folder, const std::string& end) {
  std::vector<std::string> paths;
  const fs::path root = fs::path(DEMITASSE_SOURCE_DIR) / folder;
  if (!fs::exists(root)) return {};
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string path = entry.path().string();
    const bool ends =
        path.size() >= end.size() && path.compare(path.size() - end.size(), end.size(), end) == 0;
    if (entry.is_regular_file() && ends) paths.push_back(path);
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> contents;
  for (const std::string& path : paths) contents.push_back(ReadFile(path, kLongestFile));
  return contents;
}

}  // namespace demitasse
