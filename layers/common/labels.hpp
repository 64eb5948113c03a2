// Labels and indices: whole numbers in a blob of floats.
#ifndef DEMITASSE_LAYERS_COMMON_LABELS_HPP_
#define DEMITASSE_LAYERS_COMMON_LABELS_HPP_

#include <optional>
#include <string>
#include <vector>

#include "demitasse/layer.hpp"

namespace demitasse {

constexpr int kIgnoredLabel = -1;

// A label or an index as a whole number: as in Caffe, a fraction is cut off. None for NaN and for
// what is beyond int.
std::optional<int> WholePart(float value);

// Checks that bottom[1] of `layer` has one label for each of the places of bottom[0], which are its
// elements over `classes_axis`. Throws LayerError.
void CheckLabelCount(const Layer& layer, const Blob& scores, int classes_axis, const Blob& labels);

// The labels in bottom[1] as indices below `classes`; kIgnoredLabel for those equal to
// `ignore_label`. Throws LayerError for a label that is not a class.
std::vector<int> ReadLabels(const Layer& layer, const Blob& labels, int classes,
                            std::optional<int> ignore_label = std::nullopt);

// The indices in bottom[bottom_index] as whole numbers from 0 to count - 1. Throws LayerError for
// one that is none of the `count` things ("rows").
std::vector<int> ReadIndices(const Layer& layer, int bottom_index, const Blob& indices, int count,
                             const std::string& things);

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_LABELS_HPP_
