#include "src/io/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "src/core/text.hpp"

namespace demitasse {
namespace {

ErrorKind KindOf(int code) {
  switch (code) {
    case ENOENT:
    case ENOTDIR:
    case EISDIR:
    case EACCES:
    case EPERM:
    case EROFS:
    case ELOOP:
    case ENAMETOOLONG:
      return ErrorKind::kInput;
    default:
      return ErrorKind::kRun;
  }
}

int OpenForReading(const std::string& path) {
  if (path.empty()) throw Error("the name of the file to read is empty");
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw SystemError(path, "cannot open the file", errno);
  return descriptor;
}

}  // namespace

Error SystemError(const std::string& path, const std::string& doing, int code) {
  const std::string reason = std::generic_category().message(code);
  return Error(Location{path}, doing + ": " + reason, KindOf(code));
}

InputFile::InputFile(const std::string& path) : path_(path), descriptor_(OpenForReading(path)) {
  struct stat status = {};
  const int result = fstat(descriptor_, &status);
  const int code = errno;
  if (result != 0 || S_ISDIR(status.st_mode)) close(descriptor_);
  if (result != 0) throw SystemError(path, "cannot look at the file", code);
  if (S_ISDIR(status.st_mode)) {
    throw Error(Location{path}, "this is a directory where a file is needed");
  }
  known_size_ = S_ISREG(status.st_mode) ? status.st_size : 0;
}

InputFile::~InputFile() { close(descriptor_); }

size_t InputFile::Read(void* to, size_t size) {
  size_t done = 0;
  while (done < size) {
    const ssize_t got = read(descriptor_, static_cast<char*>(to) + done, size - done);
    if (got == 0) break;
    if (got < 0) {
      if (errno == EINTR) continue;
      throw SystemError(path_, "cannot read the file", errno);
    }
    done += static_cast<size_t>(got);
  }
  return done;
}

std::string ReadFile(const std::string& path, int64_t limit) {
  constexpr int64_t kSmallestStep = 1 << 16;
  InputFile file(path);
  std::string bytes;
  bool at_end = false;
  while (!at_end) {
    const auto before = static_cast<int64_t>(bytes.size());
    if (before > limit || file.known_size() > limit) {
      throw Error(Location{path}, Cat("the file is longer than ", limit, " bytes"));
    }
    // One byte more than the file holds finds its end without another step.
    const int64_t step = std::max({kSmallestStep, file.known_size() + 1 - before, before});
    bytes.resize(static_cast<size_t>(before + std::min(step, limit + 1 - before)));
    const size_t got = file.Read(&bytes[static_cast<size_t>(before)], bytes.size() - before);
    at_end = got < bytes.size() - before;
    bytes.resize(static_cast<size_t>(before) + got);
  }
  return bytes;
}

}  // namespace demitasse
