// An id that the HDF5 library gave out, closed at the end of its life.
#ifndef DEMITASSE_SRC_IO_HDF5_HANDLE_HPP_
#define DEMITASSE_SRC_IO_HDF5_HANDLE_HPP_

#include <cstdint>
#include <utility>

namespace demitasse {

class Hdf5Handle {
 public:
  using Close = int (*)(int64_t id);

  Hdf5Handle() = default;
  // A negative id is that of a call that failed.
  Hdf5Handle(int64_t id, Close close) : id_(id), close_(close) {}
  // The library that gave the id is there: Reset does not throw.
  ~Hdf5Handle() { Reset(); }  // NOLINT(bugprone-exception-escape)
  Hdf5Handle(Hdf5Handle&& other) noexcept
      : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }

  bool valid() const { return id_ >= 0; }
  int64_t id() const { return id_; }

  // Closes it now; false if that fails.
  bool Reset();

 private:
  int64_t id_ = -1;
  Close close_ = nullptr;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_HDF5_HANDLE_HPP_
