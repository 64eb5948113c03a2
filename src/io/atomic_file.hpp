// A file that appears under its name only when it is complete.
//
// The bytes go to a temporary file beside it, PATH.tmp.<process>.<number>, which Commit() moves
// into place: a run that fails leaves nothing under the name, and what was there before stays. A
// symbolic link stays one, the file it leads to is replaced. Devices and pipes cannot be replaced;
// they are written to directly.
//
// For one thread; several objects may write to the same path, the last Commit() wins.
#ifndef DEMITASSE_SRC_IO_ATOMIC_FILE_HPP_
#define DEMITASSE_SRC_IO_ATOMIC_FILE_HPP_

#include <cstddef>
#include <string>

namespace demitasse {

class AtomicFile {
 public:
  // Throws Error if the file could not be written: no such folder, no permission, a directory.
  explicit AtomicFile(const std::string& path);
  // Removes the temporary file unless it was committed.
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  const std::string& path() const { return path_; }  // as the caller named it
  // For a library that writes by itself, wherever it likes; it must be done before Commit().
  int descriptor() const { return descriptor_; }

  // Appends `size` bytes. Throws Error (kRun) if the disk is full or fails.
  void Write(const void* data, size_t size);

  // Waits until the bytes are on the disk and gives the file its name and the permissions of any
  // new file. Throws Error (kRun) if that fails. Nothing may be written after it.
  void Commit();

 private:
  [[noreturn]] void Fail(const std::string& doing, int code) const;
  void OpenTemporary();

  const std::string path_;
  std::string target_;     // path_ with its symbolic links followed
  std::string temporary_;  // empty: path_ is written directly, or it has been committed
  int descriptor_ = -1;
};

// Removes the temporary files of paths that begin with `prefix` whose process was killed.
void RemoveLeftovers(const std::string& prefix);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_ATOMIC_FILE_HPP_
