// Reading files in HDF5 form: groups, and in them datasets, arrays of numbers with a name.
//
// A name is a path from the file's root, "data/conv1/0". Several threads may read different files;
// one file is for one thread at a time.
#ifndef DEMITASSE_SRC_IO_HDF5_HPP_
#define DEMITASSE_SRC_IO_HDF5_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "src/io/hdf5_handle.hpp"
#include "src/io/ndarray.hpp"

namespace demitasse {

// Throws Error, without a place, if this build has no HDF5.
void RequireHdf5();

// For the start of a program that ends when its main() does: keeps the library from closing itself
// then, where it prints about what calls that failed have left behind. Files are closed before.
void LeaveHdf5OpenAtExit();

// Whether the file begins as HDF5 files do; false for pipes and for what cannot be read.
bool IsHdf5File(const std::string& path);

// A dataset of a file, which it keeps open. Values of any kind of number become float as they are
// read, the nearest one.
class Hdf5Dataset {
 public:
  const std::string& path() const { return path_; }
  const std::string& name() const { return name_; }
  const std::vector<int64_t>& shape() const { return shape_; }  // no axes: one value

  // Copies rows [begin, begin + count) of the first axis; throws Error if they cannot be read. Of a
  // dataset that is stored in chunks (compressed, for instance) as many are kept in memory as it
  // takes not to unpack one twice if the rows are read in their order.
  void ReadRows(int64_t begin, int64_t count, float* to) const;
  // The whole; throws Error if an axis is longer than 2^31 - 1 or the memory is not there.
  NdArray ReadAll() const;

 private:
  friend class Hdf5File;
  Hdf5Dataset(std::string path, std::string name, Hdf5Handle dataset);

  void CheckClaim(int64_t size) const;

  std::string path_;
  std::string name_;
  Hdf5Handle dataset_;
  std::vector<int64_t> shape_;
};

class Hdf5File {
 public:
  // Opens the file for reading; throws Error if it is missing, truncated, damaged or of another
  // kind.
  explicit Hdf5File(const std::string& path);

  const std::string& path() const { return path_; }

  // The names in a group, "" for the root, in alphabetical order. Throws Error if there is no such
  // group.
  std::vector<std::string> Names(const std::string& group) const;
  // Throws Error if there is something of that name that cannot be opened.
  bool IsGroup(const std::string& name) const;

  // Throws Error if there is no such dataset or if it does not hold numbers.
  Hdf5Dataset OpenDataset(const std::string& name) const;

  // All values of a dataset. Throws Error as it does, and if those read by this function are more
  // together than can be in the file: links may give one dataset any number of names.
  NdArray ReadAll(const std::string& name);

  // A dataset of one whole number; throws Error if it is not that.
  int ReadInt(const std::string& name) const;
  // A dataset of one string.
  std::string ReadString(const std::string& name) const;

 private:
  [[noreturn]] void ThrowMissing(const std::string& name) const;

  std::string path_;
  Hdf5Handle file_;
  int64_t values_read_ = 0;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_HDF5_HPP_
