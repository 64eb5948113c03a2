// Where `demitasse dataset` puts a data set: an LMDB database of Datum messages, an HDF5 file or a
// folder of PNG files. It has its name only when it is complete.
#ifndef DEMITASSE_TOOLS_DATASET_OUTPUT_HPP_
#define DEMITASSE_TOOLS_DATASET_OUTPUT_HPP_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "demitasse/error.hpp"
#include "src/io/pixel_array.hpp"
#include "tools/flags.hpp"
#include "tools/progress_bar.hpp"

namespace demitasse {

struct Sample {
  Location where;             // it was read from, for errors
  PixelArray pixels;          // without values if `encoded` is given
  std::string encoded;        // the bytes of a PNG or JPEG file
  std::vector<double> label;  // none, one or several values
  std::string name;           // becomes part of the key; may be empty
};

struct DatasetOptions {
  enum Format { kByName, kLmdb, kHdf5, kPng };

  std::string output;
  Format format = kByName;
  float scale = 1;
  bool force = false;
};

FlagGroup DatasetFlags(DatasetOptions* options);

// The format that is meant: if that is left to the output's name, HDF5 for .h5 and .hdf5 files,
// else LMDB.
DatasetOptions::Format FormatOf(const DatasetOptions& options);

// One of the formats.
class DatasetFormat {
 public:
  virtual ~DatasetFormat() = default;
  virtual void Add(const Sample& sample, int64_t index) = 0;
  virtual void Finish() = 0;
};

class DatasetWriter {
 public:
  // `expected` is the number of samples for the progress bar, 0 if it is not known. Throws Error if
  // the output exists, unless it is to be replaced, or cannot be made.
  DatasetWriter(const DatasetOptions& options, int64_t expected);

  // Throws Error at the sample's place if it does not go with the format, and (kRun) if the disk is
  // full or fails.
  void Add(const Sample& sample);

  // Completes the output and says on standard output what it holds. Throws Error if that is
  // nothing.
  void Finish();

 private:
  const DatasetOptions options_;
  std::unique_ptr<DatasetFormat> format_;
  std::unique_ptr<ProgressBar> progress_;
  int64_t count_ = 0;
  std::string first_shape_;
  bool one_shape_ = true;
};

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_DATASET_OUTPUT_HPP_
