// How the HDF5 library writes files here: through a driver of ours, that never fails.
//
// The library (1.10) leaves freed memory in use when a write fails as an object is closed, and the
// program crashes, then or at its end. So the driver keeps the first failure to itself and lets all
// writes after it succeed without doing anything; the library's caller asks for the failure.
#ifndef DEMITASSE_SRC_IO_HDF5_DRIVER_HPP_
#define DEMITASSE_SRC_IO_HDF5_DRIVER_HPP_

#include "src/io/hdf5_handle.hpp"

namespace demitasse {

// Where a file goes. Must outlive the handle made for it.
struct Hdf5Target {
  int descriptor = -1;  // open for reading and writing, of an empty file
  int failure = 0;      // errno of the first write that failed
};

// A new HDF5 file; not valid if the library cannot make one.
Hdf5Handle CreateHdf5File(Hdf5Target* target);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_HDF5_DRIVER_HPP_
