#include "layers/common/labels.hpp"

#include "src/core/text.hpp"

namespace demitasse {
namespace {

// "3 is none of the 3 classes; allowed are 0 to 2"
std::string NoneOf(const std::string& value, int count, const std::string& things) {
  const std::string allowed =
      count > 0 ? Cat("allowed are 0 to ", count - 1) : "there are no " + things;
  return Cat(value, " is none of the ", count, " ", things, "; ", allowed);
}

bool IsBelow(std::optional<int> index, int count) {
  return index.has_value() && *index >= 0 && *index < count;
}

}  // namespace

std::optional<int> WholePart(float value) {
  if (!(value >= -0x1p31f && value < 0x1p31f)) return std::nullopt;
  return static_cast<int>(value);
}

void CheckLabelCount(const Layer& layer, const Blob& scores, int classes_axis, const Blob& labels) {
  const int64_t places =
      scores.size(0, classes_axis) * scores.size(classes_axis + 1, scores.num_axes());
  if (labels.size() == places) return;
  throw layer.Fail("bottom[1]", Cat("needs one label for each of the ", places, " places of ",
                                    scores.shape_string(), " scores with the classes on axis ",
                                    classes_axis, ", got ", labels.size(), " labels"));
}

std::vector<int> ReadLabels(const Layer& layer, const Blob& labels, int classes,
                            std::optional<int> ignore_label) {
  const float* const values = labels.cpu_data();
  std::vector<int> read(static_cast<size_t>(labels.size()));
  for (int64_t i = 0; i < labels.size(); ++i) {
    const std::optional<int> label = WholePart(values[i]);
    const bool is_ignored = label.has_value() && label == ignore_label;
    if (!is_ignored && !IsBelow(label, classes)) {
      throw layer.Fail("bottom[1]",
                       NoneOf(Cat("label ", values[i], " at index ", i), classes, "classes"));
    }
    read[static_cast<size_t>(i)] = is_ignored ? kIgnoredLabel : *label;
  }
  return read;
}

std::vector<int> ReadIndices(const Layer& layer, int bottom_index, const Blob& indices, int count,
                             const std::string& things) {
  const float* const values = indices.cpu_data();
  std::vector<int> read(static_cast<size_t>(indices.size()));
  for (int64_t i = 0; i < indices.size(); ++i) {
    const std::optional<int> index = WholePart(values[i]);
    if (!IsBelow(index, count)) {
      throw layer.Fail(Cat("bottom[", bottom_index, "]"),
                       NoneOf(Cat("index ", values[i], " at position ", i), count, things));
    }
    read[static_cast<size_t>(i)] = *index;
  }
  return read;
}

}  // namespace demitasse
