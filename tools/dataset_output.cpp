#include "tools/dataset_output.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "src/core/text.hpp"
#include "tools/dataset_formats.hpp"

namespace demitasse {
namespace {

namespace fs = std::filesystem;

struct FormatNames {
  const char* flag;
  const char* text;
  std::unique_ptr<DatasetFormat> (*make)(const DatasetOptions& options);
};

// In the order of DatasetOptions::Format, from kLmdb.
constexpr FormatNames kFormats[] = {{"lmdb", "LMDB", MakeLmdbFormat},
                                    {"hdf5", "HDF5", MakeHdf5Format},
                                    {"png", "PNG files", MakePngFormat}};

const FormatNames& NamesOf(const DatasetOptions& options) {
  return kFormats[FormatOf(options) - DatasetOptions::kLmdb];
}

std::string ShapeOf(const Sample& sample) {
  const PixelArray& pixels = sample.pixels;
  if (!sample.encoded.empty()) return "encoded";
  return Cat(pixels.channels, "x", pixels.height, "x", pixels.width);
}

// The options with an output that ends in no slash and may be written.
DatasetOptions Checked(DatasetOptions options) {
  if (options.output.empty()) throw UsageError("there is no place to write to; give --output=PATH");
  while (options.output.size() > 1 && options.output.back() == '/') options.output.pop_back();
  std::error_code ignored;
  if (!options.force && fs::exists(fs::symlink_status(options.output, ignored))) {
    throw Error(Location{options.output}, "exists already; give --force to replace it");
  }
  return options;
}

}  // namespace

FlagGroup DatasetFlags(DatasetOptions* options) {
  return {"What comes out",
          {TextFlag("output", "PATH", &options->output,
                    "the database, the file or the folder to make; always needed"),
           ChoiceFlag<DatasetOptions::Format>("format", &options->format,
                                              {{"auto", DatasetOptions::kByName},
                                               {"lmdb", DatasetOptions::kLmdb},
                                               {"hdf5", DatasetOptions::kHdf5},
                                               {"png", DatasetOptions::kPng}},
                                              "an LMDB database for Data layers; an HDF5 file with "
                                              "datasets 'data' and 'label' for HDF5Data layers; a "
                                              "folder of pictures with their list, list.txt. auto: "
                                              "HDF5 if PATH ends in .h5 or .hdf5, else LMDB"),
           RealFlag("scale", &options->scale, "the values are multiplied by this"),
           SwitchFlag("force", &options->force, "replace what is there")}};
}

DatasetOptions::Format FormatOf(const DatasetOptions& options) {
  if (options.format != DatasetOptions::kByName) return options.format;
  const std::string extension = fs::path(options.output).extension().string();
  return extension == ".h5" || extension == ".hdf5" ? DatasetOptions::kHdf5 : DatasetOptions::kLmdb;
}

DatasetWriter::DatasetWriter(const DatasetOptions& options, int64_t expected)
    : options_(Checked(options)),
      format_(NamesOf(options_).make(options_)),
      progress_(std::make_unique<ProgressBar>(expected)) {}

void DatasetWriter::Add(const Sample& sample) {
  const std::string shape = ShapeOf(sample);
  if (count_ == 0) first_shape_ = shape;
  one_shape_ = one_shape_ && shape == first_shape_;
  format_->Add(sample, count_);
  ++count_;
  progress_->Step();
}

void DatasetWriter::Finish() {
  progress_.reset();
  if (count_ == 0) throw Error(Location{options_.output}, "there are no samples to write");
  format_->Finish();
  std::cout << options_.output << ": " << NamesOf(options_).text << ", " << count_
            << (count_ == 1 ? " sample" : " samples") << ", "
            << (one_shape_ ? first_shape_ : "of several sizes") << "\n";
}

}  // namespace demitasse
