#include "tools/feature_output.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <utility>

#include "demitasse/caffe.pb.h"
#include "src/core/text.hpp"
#include "src/io/atomic_file.hpp"
#include "src/io/hdf5_writer.hpp"
#include "src/io/lmdb_writer.hpp"
#include "src/io/npy_header.hpp"
#include "tools/flags.hpp"

namespace demitasse {
namespace {

int Rows(const Blob& blob) { return blob.num_axes() == 0 ? 1 : blob.shape(0); }

std::vector<int> RowShape(const Blob& blob) {
  std::vector<int> shape = blob.shape();
  if (!shape.empty()) shape.erase(shape.begin());
  return shape;
}

class Hdf5Features : public FeatureOutput {
 public:
  Hdf5Features(const std::string& path, std::vector<std::string> names)
      : names_(std::move(names)), file_(path), writer_(&file_) {}

  void Add(const std::vector<const Blob*>& blobs) override {
    for (size_t i = 0; i < blobs.size(); ++i) {
      writer_.AppendRows(names_[i], Rows(*blobs[i]), RowShape(*blobs[i]), blobs[i]->cpu_data());
    }
  }

  void Finish() override {
    writer_.Close();
    file_.Commit();
  }

 private:
  const std::vector<std::string> names_;
  AtomicFile file_;
  Hdf5Writer writer_;
};

// Datums of float_data under keys of ten digits, as Caffe's extract_features writes them.
class LmdbFeatures : public FeatureOutput {
 public:
  explicit LmdbFeatures(const std::vector<std::string>& paths) : counts_(paths.size()) {
    for (const std::string& path : paths) writers_.push_back(std::make_unique<LmdbWriter>(path));
  }

  void Add(const std::vector<const Blob*>& blobs) override {
    for (size_t i = 0; i < blobs.size(); ++i) {
      const Blob& blob = *blobs[i];
      const int rows = Rows(blob);
      const int64_t size = rows == 0 ? 0 : blob.size() / rows;
      caffe::Datum datum;
      datum.set_channels(blob.channels());
      datum.set_height(blob.height());
      datum.set_width(blob.width());
      const float* values = blob.cpu_data();
      for (int row = 0; row < rows; ++row, values += size) {
        datum.clear_float_data();
        datum.mutable_float_data()->Add(values, values + size);
        writers_[i]->Put(Key(counts_[i]++), datum.SerializeAsString());
      }
    }
  }

  void Finish() override {
    for (const auto& writer : writers_) writer->Finish();
  }

 private:
  static std::string Key(int64_t number) {
    constexpr size_t kDigits = 10;
    std::string digits = std::to_string(number);
    digits.insert(0, kDigits - std::min(kDigits, digits.size()), '0');
    return digits;
  }

  std::vector<std::unique_ptr<LmdbWriter>> writers_;
  std::vector<int64_t> counts_;
};

class NpyFeatures : public FeatureOutput {
 public:
  NpyFeatures(const std::vector<std::string>& paths, int iterations) : iterations_(iterations) {
    for (const std::string& path : paths) files_.push_back(std::make_unique<AtomicFile>(path));
  }

  void Add(const std::vector<const Blob*>& blobs) override {
    if (shapes_.empty()) Start(blobs);
    for (size_t i = 0; i < blobs.size(); ++i) {
      if (blobs[i]->shape() != shapes_[i]) {
        throw Error(Cat("--output: the blob for ", files_[i]->path(), " was of ",
                        ShapeString(shapes_[i]), " and is now of ", blobs[i]->shape_string(),
                        "; a .npy file needs one shape, use --format=lmdb"));
      }
      files_[i]->Write(blobs[i]->cpu_data(), static_cast<size_t>(blobs[i]->size()) * sizeof(float));
    }
  }

  void Finish() override {
    for (const auto& file : files_) file->Commit();
  }

 private:
  // The headers, which say how much will follow.
  void Start(const std::vector<const Blob*>& blobs) {
    for (size_t i = 0; i < blobs.size(); ++i) {
      shapes_.push_back(blobs[i]->shape());
      std::vector<int> whole = RowShape(*blobs[i]);
      const int64_t rows = static_cast<int64_t>(Rows(*blobs[i])) * iterations_;
      if (rows > std::numeric_limits<int>::max()) {
        throw UsageError(Cat("--iterations: they would make ", rows, " samples, a .npy file here ",
                             "has fewer than 2^31; use --format=hdf5"));
      }
      whole.insert(whole.begin(), static_cast<int>(rows));
      const std::string prefix = NpyPrefix(whole);
      files_[i]->Write(prefix.data(), prefix.size());
    }
  }

  const int iterations_;
  std::vector<std::unique_ptr<AtomicFile>> files_;
  std::vector<std::vector<int>> shapes_;
};

FeatureFormat FormatOf(FeatureFormat format, const std::string& output) {
  if (format != FeatureFormat::kByName) return format;
  const std::string extension = std::filesystem::path(output).extension().string();
  if (extension == ".h5" || extension == ".hdf5") return FeatureFormat::kHdf5;
  return extension == ".npy" ? FeatureFormat::kNpy : FeatureFormat::kLmdb;
}

}  // namespace

std::unique_ptr<FeatureOutput> MakeFeatureOutput(FeatureFormat format,
                                                 const std::vector<std::string>& outputs,
                                                 const std::vector<std::string>& names,
                                                 int iterations) {
  if (outputs.empty()) throw UsageError("there is no place to write to; give --output=PATH");
  const FeatureFormat chosen = FormatOf(format, outputs[0]);
  const size_t needed = chosen == FeatureFormat::kHdf5 ? 1 : names.size();
  if (outputs.size() != needed) {
    throw UsageError(Cat("--output needs ", needed, needed == 1 ? " path" : " paths",
                         chosen == FeatureFormat::kHdf5 ? " for HDF5" : ", one for each of --blobs",
                         ", got ", outputs.size()));
  }
  for (const std::string& output : outputs) {
    if (std::count(outputs.begin(), outputs.end(), output) == 1) continue;
    throw UsageError(Cat("--output names '", OneLine(output), "' twice"));
  }
  if (chosen == FeatureFormat::kHdf5) return std::make_unique<Hdf5Features>(outputs[0], names);
  if (chosen == FeatureFormat::kLmdb) return std::make_unique<LmdbFeatures>(outputs);
  return std::make_unique<NpyFeatures>(outputs, iterations);
}

}  // namespace demitasse
