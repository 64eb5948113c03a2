#include "src/io/hdf5_rows.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "demitasse/blob.hpp"
#include "demitasse/error.hpp"
#include "demitasse/random.hpp"
#include "src/core/shuffle.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

uint64_t Mix(uint64_t seed, uint64_t number) { return Rng(seed + number).Next(); }

std::vector<int> RowShape(const Hdf5Dataset& dataset) {
  if (dataset.shape().empty()) {
    throw Error(Location{dataset.path()},
                Cat("dataset '", dataset.name(), "' is a single value, rows are needed"));
  }
  std::vector<int> shape;
  for (size_t i = 1; i < dataset.shape().size(); ++i) {
    const int64_t dimension = dataset.shape()[i];
    if (dimension > std::numeric_limits<int>::max()) {
      throw Error(Location{dataset.path()},
                  Cat("dataset '", dataset.name(), "' has an axis of length ", dimension,
                      ", longer than ", std::numeric_limits<int>::max()));
    }
    shape.push_back(static_cast<int>(dimension));
  }
  return shape;
}

}  // namespace

Hdf5Rows::Hdf5Rows(std::vector<std::string> files, std::vector<std::string> datasets)
    : files_(std::move(files)), names_(std::move(datasets)) {
  for (size_t file = 0; file < files_.size(); ++file) {
    constexpr int64_t kMostRows = int64_t{1} << 40;  // of all files, lest their numbers overflow
    int64_t rows = 0;
    Open(file, &rows);
    rows_.push_back(rows);
    if (rows > kMostRows - rows_per_epoch_) {
      throw Error(Location{files_[file]}, Cat("there are more than ", kMostRows, " rows"));
    }
    rows_per_epoch_ += rows;
  }
  if (rows_per_epoch_ == 0) {
    throw Error(files_.size() == 1 ? Cat(files_[0], " has no rows")
                                   : Cat("none of the ", files_.size(), " files has rows"));
  }
}

void Hdf5Rows::Shuffle(uint64_t seed) {
  shuffle_ = true;
  seed_ = seed;
}

std::vector<Hdf5Dataset> Hdf5Rows::Open(size_t file, int64_t* rows) {
  const Hdf5File opened(files_[file]);
  std::vector<Hdf5Dataset> datasets;
  for (size_t i = 0; i < names_.size(); ++i) {
    datasets.push_back(opened.OpenDataset(names_[i]));
    CheckRowShape(datasets[i], i);
    *rows = datasets[0].shape()[0];
    if (datasets[i].shape()[0] == *rows) continue;
    throw Error(Location{files_[file]},
                Cat("dataset '", names_[0], "' has ", *rows, " rows and dataset '", names_[i],
                    "' has ", datasets[i].shape()[0], "; they need as many"));
  }
  return datasets;
}

void Hdf5Rows::CheckRowShape(const Hdf5Dataset& dataset, size_t index) {
  const std::vector<int> shape = RowShape(dataset);
  if (index == row_shapes_.size()) {  // the first file
    row_sizes_.push_back(ShapeSize(shape));
    row_shapes_.push_back(shape);
  }
  if (shape == row_shapes_[index]) return;
  throw Error(Location{dataset.path()},
              Cat("dataset '", dataset.name(), "' has rows of ", ShapeString(shape), ", in ",
                  files_[0], " they are of ", ShapeString(row_shapes_[index])));
}

void Hdf5Rows::StartEpoch(int64_t epoch) {
  epoch_ = epoch;
  file_order_.resize(files_.size());
  std::iota(file_order_.begin(), file_order_.end(), size_t{0});
  if (shuffle_) ShuffleBySeed(Mix(seed_, static_cast<uint64_t>(epoch)), &file_order_);
  first_row_.clear();
  int64_t rows = 0;
  for (const size_t file : file_order_) {
    first_row_.push_back(rows);
    rows += rows_[file];
  }
}

void Hdf5Rows::MoveTo(size_t file) {
  const bool is_open = file_ == file;
  if (!is_open) {
    file_ = kNone;  // should opening fail
    datasets_.clear();
    memory_.clear();
    claim_.reset();
    int64_t rows = 0;
    datasets_ = Open(file, &rows);
    if (rows != rows_[file]) {
      throw Error(Location{files_[file]},
                  Cat("the file had ", rows_[file], " rows and has ", rows, " now"));
    }
    if (shuffle_) Load();
    file_ = file;
  }
  if (!shuffle_ || (is_open && row_order_epoch_ == epoch_)) return;
  order_claim_.reset();
  order_claim_.emplace(rows_[file] * static_cast<int64_t>(sizeof(int64_t)), budget_);
  row_order_.resize(static_cast<size_t>(rows_[file]));
  std::iota(row_order_.begin(), row_order_.end(), int64_t{0});
  ShuffleBySeed(Mix(Mix(seed_, static_cast<uint64_t>(epoch_)), file + 1), &row_order_);
  row_order_epoch_ = epoch_;
}

void Hdf5Rows::Load() {
  constexpr int64_t kMostValues = (int64_t{1} << 30) / static_cast<int64_t>(sizeof(float));
  const int64_t rows = datasets_[0].shape()[0];
  int64_t left = kMostValues;
  for (const int64_t row_size : row_sizes_) {
    if (row_size > 0 && rows > left / row_size) return;
    left -= rows * row_size;
  }
  try {
    claim_.emplace((kMostValues - left) * static_cast<int64_t>(sizeof(float)), budget_);
  } catch (const Error&) {  // then rows are read one by one
    return;
  }
  for (size_t i = 0; i < datasets_.size(); ++i) {
    memory_.emplace_back(static_cast<size_t>(rows * row_sizes_[i]));
    datasets_[i].ReadRows(0, rows, memory_[i].data());
  }
}

void Hdf5Rows::ReadFromFile(int64_t begin, int64_t count, const std::vector<float*>& to) const {
  for (size_t i = 0; i < datasets_.size(); ++i) {
    if (!shuffle_) {
      datasets_[i].ReadRows(begin, count, to[i]);
      continue;
    }
    const int64_t size = row_sizes_[i];
    for (int64_t row = 0; row < count; ++row) {
      const int64_t from = row_order_[static_cast<size_t>(begin + row)];
      float* const target = to[i] + row * size;
      if (memory_.empty()) {
        datasets_[i].ReadRows(from, 1, target);
      } else {
        std::copy_n(memory_[i].data() + from * size, size, target);
      }
    }
  }
}

void Hdf5Rows::Read(int64_t begin, int64_t count, std::vector<float*> to) {
  while (count > 0) {
    const int64_t epoch = begin / rows_per_epoch_;
    if (epoch != epoch_) StartEpoch(epoch);
    const int64_t row = begin % rows_per_epoch_;
    // The last file that does not begin behind the row: those before may be empty.
    const auto next = std::upper_bound(first_row_.begin(), first_row_.end(), row);
    const auto place = static_cast<size_t>(next - first_row_.begin() - 1);
    const size_t file = file_order_[place];
    const int64_t row_in_file = row - first_row_[place];
    const int64_t rows = std::min(count, rows_[file] - row_in_file);
    MoveTo(file);
    ReadFromFile(row_in_file, rows, to);
    for (size_t i = 0; i < to.size(); ++i) to[i] += rows * row_sizes_[i];
    begin += rows;
    count -= rows;
  }
}

}  // namespace demitasse
