// Reading files, with errors that name them.
#ifndef DEMITASSE_SRC_IO_FILE_HPP_
#define DEMITASSE_SRC_IO_FILE_HPP_

#include <cstddef>
#include <cstdint>
#include <string>

#include "demitasse/error.hpp"

namespace demitasse {

// The Error "PATH: error: DOING: <what the system says about `code`, an errno>". A path that is
// wrong is the input's fault (kInput), a full disk or a failing one the machine's (kRun).
Error SystemError(const std::string& path, const std::string& doing, int code);

// An open file or pipe, read from front to back.
class InputFile {
 public:
  // Throws Error if there is no such file, it is a directory, or it may not be read.
  explicit InputFile(const std::string& path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  const std::string& path() const { return path_; }
  int descriptor() const { return descriptor_; }

  // Size in bytes, as far as the system knows it: 0 for a pipe.
  int64_t known_size() const { return known_size_; }

  // Reads `size` bytes, fewer only at the end of the file; returns how many. Throws Error (kRun)
  // if reading fails.
  size_t Read(void* to, size_t size);

 private:
  std::string path_;
  int descriptor_;
  int64_t known_size_;
};

// The whole file; throws Error if it holds more than `limit` bytes.
std::string ReadFile(const std::string& path, int64_t limit);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_FILE_HPP_
