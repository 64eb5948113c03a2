// What the files of src/io that call the HDF5 library share; only they include this.
#ifndef DEMITASSE_SRC_IO_HDF5_LIBRARY_HPP_
#define DEMITASSE_SRC_IO_HDF5_LIBRARY_HPP_

#include <hdf5.h>

#include <mutex>
#include <string>
#include <type_traits>

#include "src/io/hdf5_handle.hpp"

namespace demitasse {

static_assert(std::is_same_v<hid_t, int64_t>, "HDF5 1.10 or newer is needed");

// A stretch of calls of the library: one thread at a time, since not every build of it can take
// more, and nothing printed when one fails. May be nested.
class Hdf5Session {
 public:
  Hdf5Session();
  ~Hdf5Session();
  Hdf5Session(const Hdf5Session&) = delete;
  Hdf5Session& operator=(const Hdf5Session&) = delete;

 private:
  std::lock_guard<std::recursive_mutex> lock_;
  H5E_auto2_t printer_ = nullptr;  // what the program had set
  void* printer_data_ = nullptr;
};

// Throws the Error "PATH: error: MESSAGE (HDF5 says: ...)" about the call that has just failed.
[[noreturn]] void ThrowHdf5Error(const std::string& path, const std::string& message);

// What the library calls an object: "dataset 'data/conv1/0'".
std::string DatasetName(const std::string& name);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_HDF5_LIBRARY_HPP_
