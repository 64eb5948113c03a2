// Class labels: whole numbers in a blob of floats, one for each place that scores belong to.
#ifndef DEMITASSE_LAYERS_COMMON_LABELS_HPP_
#define DEMITASSE_LAYERS_COMMON_LABELS_HPP_

#include <optional>
#include <vector>

#include "demitasse/layer.hpp"

namespace demitasse {

constexpr int kIgnoredLabel = -1;

// Checks that bottom[1] of `layer` has one label for each of the places of bottom[0], which are its
// elements over `classes_axis`. Throws LayerError.
void CheckLabelCount(const Layer& layer, const Blob& scores, int classes_axis, const Blob& labels);

// The labels as indices below `classes`; kIgnoredLabel for those equal to `ignore_label`. As in
// Caffe, a fraction is cut off. Throws LayerError for a label that is not a class.
std::vector<int> ReadLabels(const Layer& layer, const Blob& labels, int classes,
                            std::optional<int> ignore_label);

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_LABELS_HPP_
