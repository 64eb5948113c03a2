// demitasse dataset mnist: files in MNIST's form, IDX.
#include <cstdint>
#include <memory>
#include <utility>

#include "src/core/text.hpp"
#include "src/io/file.hpp"
#include "tools/dataset_output.hpp"
#include "tools/dataset_sources.hpp"

namespace demitasse {
namespace {

constexpr char kDescription[] =
    R"(The two files, in MNIST's form (IDX), must be unpacked (gunzip).
)";

constexpr char kExamples[] =
    R"(  demitasse dataset mnist train-images-idx3-ubyte train-labels-idx1-ubyte \
      --output=mnist_train_lmdb
)";

// An IDX file of bytes: 0, 0, 8 (the type), the number of axes, their lengths as big-endian numbers
// of 4 bytes, and the values. http://yann.lecun.com/exdb/mnist
class IdxFile {
 public:
  // Throws Error if the file is of another kind, has not so many axes, or is not as long as these
  // need.
  IdxFile(const std::string& path, int axes) : file_(path) {
    uint8_t start[4];
    const size_t got = file_.Read(start, sizeof start);
    if (got >= 2 && start[0] == 0x1f && start[1] == 0x8b) {
      Fail("the file is compressed; unpack it first: gunzip");
    }
    constexpr uint8_t kBytes = 8;
    if (got < sizeof start || start[0] != 0 || start[1] != 0 || start[2] != kBytes ||
        start[3] != axes) {
      Fail(Cat("this is no IDX file of bytes with ", axes, axes == 1 ? " axis" : " axes",
               ", it should begin with 0 0 8 ", axes));
    }
    for (int i = 0; i < axes; ++i) shape_.push_back(ReadLength());
  }

  const std::string& path() const { return file_.path(); }
  int64_t records() const { return shape_[0]; }
  int length(size_t axis) const { return static_cast<int>(shape_[axis]); }

  // The next record, of `size` bytes; `number` counts from 0.
  std::vector<uint8_t> ReadRecord(int64_t number, size_t size) {
    std::vector<uint8_t> bytes(size);
    if (file_.Read(bytes.data(), size) < size) {
      Fail(Cat("the file ends inside record ", number, " of ", records(), ": it is truncated"));
    }
    return bytes;
  }

  [[noreturn]] void Fail(const std::string& message) const {
    throw Error(Location{path()}, message);
  }

 private:
  int64_t ReadLength() {
    uint8_t bytes[4];
    if (file_.Read(bytes, sizeof bytes) < sizeof bytes) Fail("the file ends inside its header");
    int64_t length = 0;
    for (const uint8_t byte : bytes) length = length << 8 | byte;
    return length;
  }

  InputFile file_;
  std::vector<int64_t> shape_;
};

struct MnistOptions {
  std::vector<std::string> names;
  DatasetOptions output;
};

void WriteMnist(const MnistOptions& options) {
  if (options.names.size() != 2) {
    throw UsageError(Cat("needs two names, of images and of labels, got ", options.names.size()));
  }
  IdxFile images(options.names[0], 3);
  IdxFile labels(options.names[1], 1);
  if (images.records() != labels.records()) {
    labels.Fail(Cat("the file has ", labels.records(), " labels for the ", images.records(),
                    " images in ", images.path()));
  }
  constexpr int kLongestSide = 1 << 14;
  const int height = images.length(1);
  const int width = images.length(2);
  if (height < 1 || width < 1 || height > kLongestSide || width > kLongestSide) {
    images.Fail(Cat("images of ", height, " x ", width, " pixels; sides of 1 to ", kLongestSide,
                    " are allowed"));
  }
  DatasetWriter writer(options.output, images.records());
  for (int64_t i = 0; i < images.records(); ++i) {
    Sample sample;
    sample.where = Location{images.path()};
    sample.pixels = {1,
                     height,
                     width,
                     images.ReadRecord(i, static_cast<size_t>(height) * static_cast<size_t>(width)),
                     {}};
    sample.label = {static_cast<double>(labels.ReadRecord(i, 1)[0])};
    writer.Add(sample);
  }
  writer.Finish();
}

}  // namespace

Command DatasetMnistCommand() {
  const auto options = std::make_shared<MnistOptions>();
  Command command;
  command.name = "demitasse dataset mnist";
  command.summary = "a data set of MNIST's files of images and labels";
  command.usage = {"IMAGES LABELS --output=PATH [flags]"};
  command.description = kDescription;
  command.examples = kExamples;
  command.flags = {DatasetFlags(&options->output)};
  command.names = &options->names;
  command.run = [options] { WriteMnist(*options); };
  return command;
}

}  // namespace demitasse
