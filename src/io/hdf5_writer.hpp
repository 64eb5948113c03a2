// Writing files in HDF5 form; see hdf5.hpp. Groups on the way to a dataset are made with it, and
// the same values always make the same bytes.
#ifndef DEMITASSE_SRC_IO_HDF5_WRITER_HPP_
#define DEMITASSE_SRC_IO_HDF5_WRITER_HPP_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "src/io/atomic_file.hpp"
#include "src/io/hdf5_driver.hpp"
#include "src/io/hdf5_handle.hpp"

namespace demitasse {

// All functions throw Error if the file cannot be written, the disk being full for instance (kRun);
// nothing more can be written then.
class Hdf5Writer {
 public:
  // Writes to a new file of that name, in place of one that is there.
  explicit Hdf5Writer(const std::string& path);
  // Writes to `file`, which the caller commits after Close().
  explicit Hdf5Writer(AtomicFile* file);
  // Closes the file if Close() has not; failures are lost then.
  ~Hdf5Writer();
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;

  // Makes a group unless it is there.
  void AddGroup(const std::string& name);
  // Makes a dataset; no shape makes one value.
  void Write(const std::string& name, const std::vector<int>& shape, const float* values);
  void WriteInt(const std::string& name, int value);
  void WriteString(const std::string& name, const std::string& value);
  void WriteBytes(const std::string& name, const std::string& bytes);

  // Appends to a dataset of rows, made with the first of them. Throws Error if these are of another
  // shape than the first.
  void AppendRows(const std::string& name, int64_t rows, const std::vector<int>& row_shape,
                  const float* values);

  // Makes the file complete, so that it can be read as it is.
  void Flush();
  void Close();

 private:
  // A dataset that grows.
  struct Table {
    Hdf5Handle dataset;
    std::vector<int> row_shape;
    int64_t rows = 0;
  };

  void Create(int descriptor);
  // Throws the Error if a call of the library failed or what it wrote did not reach the disk.
  void Check(bool done, const std::string& doing) const;
  void Put(const std::string& name, const Hdf5Handle& space, int64_t type, const void* values);
  Table MakeTable(const std::string& name, const std::vector<int>& row_shape);

  std::string path_;
  Hdf5Target target_;
  Hdf5Handle file_;
  std::map<std::string, Table> tables_;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_HDF5_WRITER_HPP_
