// demitasse dataset npy: arrays of samples and labels.
#include <cstddef>
#include <memory>
#include <utility>

#include "demitasse/blob.hpp"
#include "src/core/text.hpp"
#include "src/io/npy.hpp"
#include "tools/dataset_output.hpp"
#include "tools/dataset_sources.hpp"

namespace demitasse {
namespace {

constexpr char kDescription[] =
    R"(X is of the shape (samples, channels, height, width), (samples, height, width)
or (samples, values); Y, the labels, of (samples), or for HDF5
(samples, labels).
)";

constexpr char kExamples[] = R"(  demitasse dataset npy x_train.npy y_train.npy --output=train.h5
)";

// Samples, channels, height and width of an array; it has those that `shape` leaves out once.
std::vector<int> SampleShape(const NdArray& array, const std::string& path) {
  const std::vector<int>& shape = array.shape;
  switch (shape.size()) {
    case 2:
      return {shape[0], shape[1], 1, 1};
    case 3:
      return {shape[0], 1, shape[1], shape[2]};
    case 4:
      return shape;
    default:
      throw Error(Location{path},
                  Cat("the array of samples needs 2, 3 or 4 axes, got ", ShapeString(shape)));
  }
}

// The labels of a sample: none without a file.
size_t LabelsPerSample(const NdArray& labels, int samples, const std::string& path) {
  if (path.empty()) return 0;
  const std::vector<int>& shape = labels.shape;
  if ((shape.size() != 1 && shape.size() != 2) || shape[0] != samples) {
    throw Error(Location{path}, Cat("the array of labels needs 1 or 2 axes, the first of them of ",
                                    samples, ", the number of samples; got ", ShapeString(shape)));
  }
  return shape.size() == 1 ? 1 : static_cast<size_t>(shape[1]);
}

struct NpyOptions {
  std::vector<std::string> names;
  DatasetOptions output;
};

void WriteArrays(const NpyOptions& options) {
  const std::vector<std::string>& names = options.names;
  if (names.empty() || names.size() > 2) {
    throw UsageError(Cat("needs the name of an array of samples, and perhaps that of one of ",
                         "labels; got ", names.size(), " names"));
  }
  const std::string& data_path = names[0];
  const std::string label_path = names.size() == 2 ? names[1] : "";
  const NdArray data = ReadNpy(data_path);
  const std::vector<int> shape = SampleShape(data, data_path);
  const NdArray labels = label_path.empty() ? NdArray{} : ReadNpy(label_path);
  const size_t label_count = LabelsPerSample(labels, shape[0], label_path);

  DatasetWriter writer(options.output, shape[0]);
  const ptrdiff_t size = static_cast<ptrdiff_t>(shape[1]) * shape[2] * shape[3];
  if (size == 0) {
    throw Error(Location{data_path}, Cat("the samples are empty: ", ShapeString(data.shape)));
  }
  auto value = data.values.begin();
  auto label = labels.values.begin();
  for (int i = 0; i < shape[0]; ++i, value += size) {
    Sample sample;
    sample.where = Location{label_path.empty() ? data_path : label_path};
    sample.pixels = {shape[1], shape[2], shape[3], {}, {value, value + size}};
    sample.label = {label, label + static_cast<ptrdiff_t>(label_count)};
    label += static_cast<ptrdiff_t>(label_count);
    writer.Add(sample);
  }
  writer.Finish();
}

}  // namespace

Command DatasetNpyCommand() {
  const auto options = std::make_shared<NpyOptions>();
  Command command;
  command.name = "demitasse dataset npy";
  command.summary = "a data set of arrays that numpy.save wrote";
  command.usage = {"X.npy [Y.npy] --output=PATH [flags]"};
  command.description = kDescription;
  command.examples = kExamples;
  command.flags = {DatasetFlags(&options->output)};
  command.names = &options->names;
  command.run = [options] { WriteArrays(*options); };
  return command;
}

}  // namespace demitasse
