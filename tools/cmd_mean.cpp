// demitasse mean: the mean image of a data set.
#include <filesystem>
#include <iostream>
#include <memory>

#include "demitasse/caffe.pb.h"
#include "src/core/text.hpp"
#include "src/io/database.hpp"
#include "src/io/datum.hpp"
#include "src/io/write_message.hpp"
#include "tools/commands.hpp"
#include "tools/progress_bar.hpp"

namespace demitasse {
namespace {

constexpr char kDescription[] =
    R"(Prints the mean value of each channel, for `mean_value` in transform_param, and
writes the mean image, for `mean_file`.
)";

constexpr char kExamples[] = R"(  demitasse mean train_lmdb mean.binaryproto
)";

enum class Backend { kAuto, kLmdb, kLevelDb };

struct MeanOptions {
  std::vector<std::string> names;
  Backend backend = Backend::kAuto;
};

DatabaseKind KindOf(const std::string& path, Backend backend) {
  if (backend == Backend::kLmdb) return DatabaseKind::kLmdb;
  if (backend == Backend::kLevelDb) return DatabaseKind::kLevelDb;
  std::error_code ignored;  // every LevelDB database has this file
  const bool is_leveldb = std::filesystem::exists(path + "/CURRENT", ignored);
  return is_leveldb ? DatabaseKind::kLevelDb : DatabaseKind::kLmdb;
}

class MeanImage {
 public:
  void Add(const PixelArray& pixels) {
    if (count_ == 0) {
      channels_ = pixels.channels;
      height_ = pixels.height;
      width_ = pixels.width;
      sums_.resize(pixels.bytes.size() + pixels.floats.size());
    }
    if (pixels.channels != channels_ || pixels.height != height_ || pixels.width != width_) {
      throw Error(Cat("the picture is ", pixels.channels, " x ", pixels.height, " x ", pixels.width,
                      ", the first was ", channels_, " x ", height_, " x ", width_,
                      "; the mean image needs pictures of one size"));
    }
    for (size_t i = 0; i < pixels.bytes.size(); ++i) sums_[i] += pixels.bytes[i];
    for (size_t i = 0; i < pixels.floats.size(); ++i) sums_[i] += pixels.floats[i];
    ++count_;
  }

  // In the old form of a shape, which is how Caffe writes it too.
  caffe::BlobProto ToProto() const {
    caffe::BlobProto proto;
    proto.set_num(1);
    proto.set_channels(channels_);
    proto.set_height(height_);
    proto.set_width(width_);
    for (const double sum : sums_) {
      proto.add_data(static_cast<float>(sum / static_cast<double>(count_)));
    }
    return proto;
  }

  void PrintChannels(std::ostream& out) const {
    out << "Number of channels: " << channels_ << "\n";
    const size_t plane = sums_.size() / static_cast<size_t>(channels_);
    for (int channel = 0; channel < channels_; ++channel) {
      double sum = 0;
      for (size_t i = 0; i < plane; ++i) sum += sums_[static_cast<size_t>(channel) * plane + i];
      out << "mean_value channel [" << channel
          << "]: " << Cat(sum / static_cast<double>(plane) / static_cast<double>(count_)) << "\n";
    }
  }

 private:
  int channels_ = 0;
  int height_ = 0;
  int width_ = 0;
  int64_t count_ = 0;
  std::vector<double> sums_;
};

MeanImage MeanOf(const std::string& path, DatabaseKind kind) {
  const std::unique_ptr<DatabaseCursor> cursor = OpenDatabase(path, kind);
  if (cursor->AtEnd()) throw Error(Location{path}, "the database has no records");
  MeanImage mean;
  // LevelDB would read all of its records to count them.
  ProgressBar progress(kind == DatabaseKind::kLmdb ? cursor->CountRecords() : 0);
  for (; !cursor->AtEnd(); cursor->Next()) {
    const std::string name = Cat("record '", OneLine(std::string(cursor->key())), "'");
    try {
      mean.Add(DatumToPixels(ParseDatum(cursor->value()), PictureColor::kAsStored, name));
    } catch (const Error& error) {
      throw Error(Location{path}, Cat(name, ": ", error.message()), error.kind());
    }
    progress.Step();
  }
  return mean;
}

void Mean(const MeanOptions& options) {
  const std::vector<std::string>& names = options.names;
  if (names.empty() || names.size() > 2) {
    throw UsageError(Cat("needs the name of a database, and perhaps that of a file to write; got ",
                         names.size(), " names"));
  }
  const MeanImage mean = MeanOf(names[0], KindOf(names[0], options.backend));
  if (names.size() == 2) WriteMessage(names[1], mean.ToProto());
  mean.PrintChannels(std::cout);
}

}  // namespace

Command MeanCommand() {
  const auto options = std::make_shared<MeanOptions>();
  Command command;
  command.name = "demitasse mean";
  command.summary = "the mean image of a data set in an LMDB or LevelDB database";
  command.usage = {"DB [OUT.binaryproto] [flags]"};
  command.description = kDescription;
  command.examples = kExamples;
  command.flags = {
      {"The database",
       {ChoiceFlag<Backend>(
           "backend", &options->backend,
           {{"auto", Backend::kAuto}, {"lmdb", Backend::kLmdb}, {"leveldb", Backend::kLevelDb}},
           "what kind it is; auto: as its files tell")}}};
  command.names = &options->names;
  command.run = [options] { Mean(*options); };
  return command;
}

}  // namespace demitasse
