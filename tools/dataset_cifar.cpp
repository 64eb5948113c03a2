// demitasse dataset cifar: the binary files of CIFAR-10 and CIFAR-100.
#include <algorithm>
#include <cstdint>
#include <memory>

#include "src/core/text.hpp"
#include "src/io/file.hpp"
#include "tools/dataset_output.hpp"
#include "tools/dataset_sources.hpp"

namespace demitasse {
namespace {

constexpr char kDescription[] =
    R"(The two are told apart by the sizes of their files. Channels stay in the order
red, green, blue, as Caffe's converter leaves them.
)";

constexpr char kExamples[] =
    R"(  demitasse dataset cifar data_batch_1.bin data_batch_2.bin data_batch_3.bin \
      data_batch_4.bin data_batch_5.bin --output=cifar10_train_lmdb
  demitasse dataset cifar test.bin --output=cifar100_test_lmdb
)";

// A record: labels of a byte each, then the red, the green and the blue plane.
// https://www.cs.toronto.edu/~kriz/cifar.html
constexpr int kSide = 32;
constexpr size_t kPlane = size_t{kSide} * kSide;
constexpr size_t kPixels = 3 * kPlane;

struct CifarFile {
  std::string path;
  std::string bytes;
  size_t labels = 0;  // in a record: the class, or the superclass (of 20) and the class (of 100)

  size_t record_size() const { return labels + kPixels; }
  size_t records() const { return bytes.size() / record_size(); }
};

CifarFile ReadCifarFile(const std::string& path) {
  constexpr int64_t kLongestFile = int64_t{1} << 32;
  CifarFile file{path, ReadFile(path, kLongestFile)};
  for (const size_t labels : {size_t{1}, size_t{2}}) {
    file.labels = labels;
    if (!file.bytes.empty() && file.bytes.size() % file.record_size() == 0) return file;
  }
  throw Error(
      Location{path},
      Cat("the file has ", file.bytes.size(), " bytes, which is no whole number of records ",
          "of CIFAR-10 (3073 bytes) or CIFAR-100 (3074): it is truncated, or another file"));
}

Sample SampleOf(const CifarFile& file, size_t number, bool coarse) {
  const char* const record = file.bytes.data() + number * file.record_size();
  const bool fine = file.labels == 2 && !coarse;
  const int label = static_cast<unsigned char>(record[fine ? 1 : 0]);
  const int classes = file.labels == 1 ? 10 : coarse ? 20 : 100;
  if (label >= classes) {
    throw Error(Location{file.path},
                Cat("record ", number, " has the label ", label, "; there are ", "0 to ",
                    classes - 1, ": this is another file"));
  }
  Sample sample;
  sample.where = Location{file.path};
  const char* const pixels = record + file.labels;
  sample.pixels = {3, kSide, kSide, {pixels, pixels + kPixels}, {}};
  sample.label = {static_cast<double>(label)};
  return sample;
}

struct CifarOptions {
  std::vector<std::string> names;
  bool coarse = false;
  DatasetOptions output;
};

void WriteCifar(const CifarOptions& options) {
  if (options.names.empty()) throw UsageError("needs the names of one or more files");
  DatasetWriter writer(options.output, 0);
  for (const std::string& path : options.names) {
    const CifarFile file = ReadCifarFile(path);
    if (options.coarse && file.labels == 1) {
      throw Error(Location{path}, "this is a file of CIFAR-10, which has no --coarse labels");
    }
    for (size_t i = 0; i < file.records(); ++i) {
      Sample sample = SampleOf(file, i, options.coarse);
      if (FormatOf(options.output) == DatasetOptions::kPng) {  // its pixels are BGR, as everywhere
        const auto red = sample.pixels.bytes.begin();
        std::swap_ranges(red, red + kPlane, red + 2 * kPlane);
      }
      writer.Add(sample);
    }
  }
  writer.Finish();
}

}  // namespace

Command DatasetCifarCommand() {
  const auto options = std::make_shared<CifarOptions>();
  Command command;
  command.name = "demitasse dataset cifar";
  command.summary = "a data set of the binary files of CIFAR-10 or CIFAR-100";
  command.usage = {"FILE... --output=PATH [flags]"};
  command.description = kDescription;
  command.examples = kExamples;
  command.flags = {{"The labels",
                    {SwitchFlag("coarse", &options->coarse,
                                "the 20 superclasses of CIFAR-100, not its 100 classes")}},
                   DatasetFlags(&options->output)};
  command.names = &options->names;
  command.run = [options] { WriteCifar(*options); };
  return command;
}

}  // namespace demitasse
