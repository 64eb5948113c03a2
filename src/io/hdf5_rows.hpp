// The rows of several HDF5 files, one after the other and without end, as a net is fed with them.
#ifndef DEMITASSE_SRC_IO_HDF5_ROWS_HPP_
#define DEMITASSE_SRC_IO_HDF5_ROWS_HPP_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/core/memory_claim.hpp"
#include "src/io/hdf5.hpp"

namespace demitasse {

// Row i of an epoch is row i of every one of the named datasets, which are as long in a file. After
// the last file the next epoch begins. In order, or shuffled: the files of each epoch, and in each
// file its rows; the order depends on the seed and the number of the epoch alone. In order nothing
// is kept in memory; shuffled, the open file is if its rows take no more than 1 GiB and the memory
// budget that is current when the object is made has as much left.
class Hdf5Rows {
 public:
  // Opens every file, once, to look at its shapes. Throws Error if a file cannot be read, if a
  // dataset is missing or has no numbers or no axis, if its rows are of another shape than in the
  // first file, if datasets of a file have different numbers of rows, or if there are no rows.
  Hdf5Rows(std::vector<std::string> files, std::vector<std::string> datasets);

  // To be called before anything is read.
  void Shuffle(uint64_t seed);

  // The shape of a dataset's rows, without the first axis.
  const std::vector<int>& row_shape(size_t dataset) const { return row_shapes_[dataset]; }
  int64_t rows_per_epoch() const { return rows_per_epoch_; }

  // Copies rows [begin, begin + count) of the endless sequence, of each dataset to its place.
  // Throws Error if a file cannot be read, or has changed.
  void Read(int64_t begin, int64_t count, std::vector<float*> to);

 private:
  static constexpr size_t kNone = static_cast<size_t>(-1);

  // The datasets of a file, checked; gives their number of rows to `rows`.
  std::vector<Hdf5Dataset> Open(size_t file, int64_t* rows);
  void CheckRowShape(const Hdf5Dataset& dataset, size_t index);
  void StartEpoch(int64_t epoch);
  // Makes a file the open one, in the order of rows that it has in this epoch.
  void MoveTo(size_t file);
  // Reads all rows of the open file into memory_ if they are few enough.
  void Load();
  void ReadFromFile(int64_t begin, int64_t count, const std::vector<float*>& to) const;

  const std::vector<std::string> files_;
  const std::vector<std::string> names_;
  std::vector<std::vector<int>> row_shapes_;  // of each dataset
  std::vector<int64_t> row_sizes_;            // their numbers of values
  std::vector<int64_t> rows_;                 // in each file
  int64_t rows_per_epoch_ = 0;
  bool shuffle_ = false;
  uint64_t seed_ = 0;

  int64_t epoch_ = -1;
  std::vector<size_t> file_order_;  // of this epoch
  std::vector<int64_t> first_row_;  // of the files in that order
  size_t file_ = kNone;             // the one whose datasets are open
  std::vector<Hdf5Dataset> datasets_;
  const std::shared_ptr<MemoryBudget> budget_ = MemoryBudget::Current();
  std::optional<MemoryClaim> claim_;
  std::vector<std::vector<float>> memory_;  // all their values, or nothing
  int64_t row_order_epoch_ = -1;
  std::vector<int64_t> row_order_;  // of the open file, if shuffled
  std::optional<MemoryClaim> order_claim_;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_HDF5_ROWS_HPP_
