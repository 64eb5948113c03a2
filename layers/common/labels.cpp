#include "layers/common/labels.hpp"

#include "src/core/text.hpp"

namespace demitasse {
namespace {

LayerError NotAClass(const Layer& layer, float label, int64_t index, int classes) {
  const std::string allowed =
      classes > 0 ? Cat("allowed are 0 to ", classes - 1) : std::string("there are no classes");
  return layer.Fail("bottom[1]", Cat("label ", label, " at index ", index, " is none of the ",
                                     classes, " classes; ", allowed));
}

}  // namespace

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
  std::vector<int> indices(static_cast<size_t>(labels.size()));
  for (int64_t i = 0; i < labels.size(); ++i) {
    const float value = values[i];
    // Outside of int, as NaN is, the conversion below would have no meaning.
    if (!(value >= -0x1p31f && value < 0x1p31f)) throw NotAClass(layer, value, i, classes);
    int index = static_cast<int>(value);
    if (ignore_label.has_value() && index == *ignore_label) {
      index = kIgnoredLabel;
    } else if (index < 0 || index >= classes) {
      throw NotAClass(layer, value, i, classes);
    }
    indices[static_cast<size_t>(i)] = index;
  }
  return indices;
}

}  // namespace demitasse
