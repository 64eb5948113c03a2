#include "tools/dataset_formats.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <system_error>

#include "demitasse/blob.hpp"
#include "demitasse/caffe.pb.h"
#include "src/core/text.hpp"
#include "src/io/atomic_file.hpp"
#include "src/io/encode_picture.hpp"
#include "src/io/file.hpp"
#include "src/io/hdf5_writer.hpp"
#include "src/io/lmdb_writer.hpp"
#include "tools/new_folder.hpp"

namespace demitasse {
namespace {

namespace fs = std::filesystem;

// "00000042", as Caffe's keys begin.
std::string EightDigits(int64_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, 8 - std::min<size_t>(8, digits.size()), '0');
  return digits;
}

std::vector<float> ScaledValues(const PixelArray& pixels, float scale) {
  std::vector<float> values = pixels.floats;
  values.insert(values.end(), pixels.bytes.begin(), pixels.bytes.end());
  for (float& value : values) value *= scale;
  return values;
}

// The label of a sample that has one, as a whole number; `format` is what needs it.
int WholeLabel(const Sample& sample, const std::string& format) {
  if (sample.label.size() != 1) {
    throw Error(sample.where, Cat(format, " has one label for a sample, here are ",
                                  sample.label.size(), "; use --format=hdf5"));
  }
  const double label = sample.label[0];
  using Limits = std::numeric_limits<int>;
  if (std::floor(label) != label || label < Limits::min() || label > Limits::max()) {
    throw Error(sample.where,
                Cat(format, " has labels of whole numbers, got ", label, "; use --format=hdf5"));
  }
  return static_cast<int>(label);
}

// Whole numbers from 0 to 255 as bytes; false if there are others.
bool ToBytes(const std::vector<float>& values, std::string* bytes) {
  const bool fits = std::all_of(values.begin(), values.end(), [](float value) {
    return value >= 0 && value <= 255 && std::floor(value) == value;
  });
  if (!fits) return false;
  for (const float value : values) bytes->push_back(static_cast<char>(static_cast<int>(value)));
  return true;
}

caffe::Datum ToDatum(const Sample& sample, float scale) {
  caffe::Datum datum;
  datum.set_encoded(!sample.encoded.empty());
  if (!sample.label.empty()) datum.set_label(WholeLabel(sample, "LMDB"));
  if (datum.encoded()) {
    datum.set_data(sample.encoded);
    return datum;
  }
  const PixelArray& pixels = sample.pixels;
  datum.set_channels(pixels.channels);
  datum.set_height(pixels.height);
  datum.set_width(pixels.width);
  if (scale == 1 && !pixels.bytes.empty()) {
    datum.set_data(pixels.bytes.data(), pixels.bytes.size());
    return datum;
  }
  const std::vector<float> values = ScaledValues(pixels, scale);
  if (!ToBytes(values, datum.mutable_data())) {
    datum.clear_data();
    datum.mutable_float_data()->Add(values.begin(), values.end());
  }
  return datum;
}

bool Exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

class LmdbFormat : public DatasetFormat {
 public:
  explicit LmdbFormat(const DatasetOptions& options)
      : scale_(options.scale),
        replacing_(Exists(options.output) ? std::make_unique<NewFolder>(options.output) : nullptr),
        writer_(replacing_ != nullptr ? replacing_->temporary() : options.output) {}

  void Add(const Sample& sample, int64_t index) override {
    const std::string name = sample.name.empty() ? "" : "_" + sample.name;
    writer_.Put(EightDigits(index) + name, ToDatum(sample, scale_).SerializeAsString());
  }

  void Finish() override {
    writer_.Finish();
    if (replacing_ != nullptr) replacing_->MoveIntoPlace();
  }

 private:
  const float scale_;
  const std::unique_ptr<NewFolder> replacing_;  // none where there is nothing to replace
  LmdbWriter writer_;
};

class Hdf5Format : public DatasetFormat {
 public:
  explicit Hdf5Format(const DatasetOptions& options)
      : scale_(options.scale), file_(options.output), writer_(&file_) {}

  void Add(const Sample& sample, int64_t index) override {
    const PixelArray& pixels = sample.pixels;
    const std::vector<int> shape = {pixels.channels, pixels.height, pixels.width};
    if (index == 0) {
      shape_ = shape;
      labels_per_row_ = sample.label.size();
    }
    if (shape != shape_) {
      throw Error(sample.where,
                  Cat("samples in HDF5 need one shape, but this is ", ShapeString(shape),
                      ", and the first was ", ShapeString(shape_)));
    }
    const std::vector<float> values = ScaledValues(pixels, scale_);
    data_.insert(data_.end(), values.begin(), values.end());
    for (const double label : sample.label) labels_.push_back(static_cast<float>(label));
    ++rows_;
    constexpr size_t kValuesAtOnce = size_t{1} << 20;
    if (data_.size() >= kValuesAtOnce) WriteRows();
  }

  void Finish() override {
    if (rows_ > 0) WriteRows();
    writer_.Close();
    file_.Commit();
  }

 private:
  void WriteRows() {
    writer_.AppendRows("data", rows_, shape_, data_.data());
    if (labels_per_row_ > 0) {
      const std::vector<int> shape(labels_per_row_ == 1 ? 0 : 1, static_cast<int>(labels_per_row_));
      writer_.AppendRows("label", rows_, shape, labels_.data());
    }
    rows_ = 0;
    data_.clear();
    labels_.clear();
  }

  const float scale_;
  AtomicFile file_;
  Hdf5Writer writer_;
  std::vector<int> shape_;
  size_t labels_per_row_ = 0;
  int64_t rows_ = 0;  // not yet written
  std::vector<float> data_;
  std::vector<float> labels_;
};

class PngFormat : public DatasetFormat {
 public:
  explicit PngFormat(const DatasetOptions& options)
      : scale_(options.scale), folder_(options.output) {
    std::error_code code;
    fs::create_directory(folder_.temporary(), code);
    if (code) throw SystemError(options.output, "cannot make the folder", code.value());
  }

  void Add(const Sample& sample, int64_t index) override {
    if (scale_ != 1) throw UsageError("--scale has no meaning for PNG files, which hold 0 to 255");
    const std::string label =
        sample.label.empty() ? "" : Cat(WholeLabel(sample, "a list of files"));
    const std::string name = EightDigits(index) + (label.empty() ? "" : "_" + label) + ".png";
    list_ += name + (label.empty() ? "" : " " + label) + "\n";
    WriteWhole(name, Encode(sample));
  }

  void Finish() override {
    WriteWhole("list.txt", list_);
    folder_.MoveIntoPlace();
  }

 private:
  void WriteWhole(const std::string& name, const std::string& bytes) const {
    errno = 0;
    std::ofstream file(folder_.temporary() + "/" + name, std::ios::binary);
    if (!(file << bytes << std::flush)) {
      throw SystemError(folder_.path() + "/" + name, "cannot write the file", errno);
    }
  }

  static std::string Encode(const Sample& sample) {
    try {
      return EncodePng(PixelsToPicture(sample.pixels));
    } catch (const Error& error) {
      throw Error(sample.where, error.message());
    }
  }

  const float scale_;
  NewFolder folder_;
  std::string list_;
};

}  // namespace

std::unique_ptr<DatasetFormat> MakeLmdbFormat(const DatasetOptions& options) {
  return std::make_unique<LmdbFormat>(options);
}

std::unique_ptr<DatasetFormat> MakeHdf5Format(const DatasetOptions& options) {
  return std::make_unique<Hdf5Format>(options);
}

std::unique_ptr<DatasetFormat> MakePngFormat(const DatasetOptions& options) {
  return std::make_unique<PngFormat>(options);
}

}  // namespace demitasse
