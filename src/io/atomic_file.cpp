#include "src/io/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "demitasse/error.hpp"
#include "src/io/file.hpp"

namespace demitasse {
namespace {

// The file a symbolic link leads to, whether or not that exists.
std::string FollowLinks(const std::string& path) {
  constexpr int kMostLinks = 40;  // as many as Linux follows
  std::filesystem::path target = path;
  std::error_code failed;
  for (int i = 0; i < kMostLinks && std::filesystem::is_symlink(target, failed); ++i) {
    const std::filesystem::path link = std::filesystem::read_symlink(target, failed);
    if (failed) break;
    target = target.parent_path() / link;  // an absolute link replaces the whole path
  }
  return target.string();
}

constexpr char kTemporary[] = ".tmp.";  // and the process, a dot, a number

// The process that `name` is a temporary file of; 0 if it is none.
pid_t ProcessOf(const std::string& name) {
  const size_t at = name.rfind(kTemporary);
  if (at == std::string::npos) return 0;
  const char* const end = name.data() + name.size();
  pid_t process = 0;
  int number = 0;
  const auto first = std::from_chars(name.data() + at + std::strlen(kTemporary), end, process);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != '.') return 0;
  const auto second = std::from_chars(first.ptr + 1, end, number);
  return second.ec == std::errc() && second.ptr == end ? process : 0;
}

}  // namespace

AtomicFile::AtomicFile(const std::string& path) : path_(path) {
  if (path.empty()) throw Error("the name of the file to write is empty");
  struct stat status = {};
  const bool exists = stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    throw Error(Location{path}, "cannot write to this: it is a directory");
  }
  if (exists && !S_ISREG(status.st_mode)) {
    descriptor_ = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) Fail("cannot open for writing", errno);
    return;
  }
  // A rename would need no permission to write to the old file; its write protection counts.
  if (exists && access(path.c_str(), W_OK) != 0) Fail("cannot open for writing", errno);
  target_ = FollowLinks(path);
  OpenTemporary();
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

void AtomicFile::OpenTemporary() {
  static std::atomic<int> next_number{0};
  do {
    temporary_ =
        target_ + kTemporary + std::to_string(getpid()) + "." + std::to_string(next_number++);
    descriptor_ = open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (descriptor_ < 0 && errno == EEXIST);  // left behind by a killed process
  if (descriptor_ < 0) Fail("cannot create the file", errno);
}

void AtomicFile::Write(const void* data, size_t size) {
  assert(descriptor_ >= 0);
  const char* next = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t written = write(descriptor_, next, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) Fail("cannot write the file", errno);
    next += written;
    size -= static_cast<size_t>(written);
  }
}

void AtomicFile::Commit() {
  assert(descriptor_ >= 0);
  const bool replaces = !temporary_.empty();
  // EINVAL: a file system that has no such thing as waiting for the disk.
  if (replaces && fsync(descriptor_) != 0 && errno != EINVAL) Fail("cannot write the file", errno);
  if (close(std::exchange(descriptor_, -1)) != 0) Fail("cannot write the file", errno);
  if (!replaces) return;
  if (rename(temporary_.c_str(), target_.c_str()) != 0) Fail("cannot replace the file", errno);
  temporary_.clear();
}

void AtomicFile::Fail(const std::string& doing, int code) const {
  throw SystemError(path_, doing, code);
}

void RemoveLeftovers(const std::string& prefix) {
  namespace fs = std::filesystem;
  const fs::path start = prefix;
  const std::string name_start = start.filename().string();
  const fs::path folder = start.has_parent_path() ? start.parent_path() : fs::path(".");
  std::error_code failed;
  std::error_code ignored;  // what cannot be removed stays
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    const pid_t process = name.compare(0, name_start.size(), name_start) == 0 ? ProcessOf(name) : 0;
    if (process <= 0 || kill(process, 0) == 0 || errno != ESRCH) continue;
    fs::remove(entry->path(), ignored);
  }
}

}  // namespace demitasse
