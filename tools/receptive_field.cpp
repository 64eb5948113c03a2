#include "tools/receptive_field.hpp"

#include <algorithm>
#include <optional>

#include "layers/common/window_layer.hpp"

namespace demitasse {
namespace {

constexpr int kFirstSpatialAxis = 2;

// The last `axes` axes.
std::vector<int> SpatialShape(const Blob& blob, size_t axes) {
  return {blob.shape().end() - static_cast<int64_t>(axes), blob.shape().end()};
}

// Place by place.
ReceptiveField FieldOfInput(const Blob& blob) {
  const size_t axes = static_cast<size_t>(blob.num_axes() - kFirstSpatialAxis);
  return {std::vector<int64_t>(axes, 1), std::vector<int64_t>(axes, 1),
          std::vector<int64_t>(axes, 0)};
}

// Araujo, Norris, Sim (2019), "Computing receptive fields of convolutional neural networks",
// Distill: r' = r + (k - 1) * j, j' = j * s, with the kernel k and the stride s of a layer, and r
// the size, j the stride of the field before it. A dilation d makes it d * (k - 1); the padding
// moves the start by as many strides j.
ReceptiveField ThroughWindows(const WindowGeometry& window, ReceptiveField field) {
  for (size_t i = 0; i < field.size.size(); ++i) {
    field.size[i] += int64_t{window.dilation[i]} * (window.kernel[i] - 1) * field.stride[i];
    field.start[i] -= window.pad[i] * field.stride[i];
    field.stride[i] *= window.stride[i];
  }
  return field;
}

// Of `top`, as far as it depends on `bottom`, which has that field.
std::optional<ReceptiveField> Through(const Layer& layer, const Blob& bottom, const Blob& top,
                                      const ReceptiveField& field) {
  const size_t axes = field.size.size();
  if (bottom.num_axes() != top.num_axes()) return {};
  const std::vector<int> from = SpatialShape(bottom, axes);
  const std::vector<int> to = SpatialShape(top, axes);
  const WindowGeometry* const window = WindowOf(layer);
  if (window == nullptr) return from == to ? std::optional<ReceptiveField>(field) : std::nullopt;
  // Windows that slide over the top, as those of Deconvolution, have another input.
  if (window->input != from || window->output != to) return {};
  return ThroughWindows(*window, field);
}

// The smallest that holds both. Fields that move at different paces have none.
std::optional<ReceptiveField> Union(const ReceptiveField& a, const ReceptiveField& b) {
  if (a.stride != b.stride) return {};
  ReceptiveField both = a;
  for (size_t i = 0; i < both.size.size(); ++i) {
    both.start[i] = std::min(a.start[i], b.start[i]);
    both.size[i] = std::max(a.start[i] + a.size[i], b.start[i] + b.size[i]) - both.start[i];
  }
  return both;
}

class FieldFinder {
 public:
  explicit FieldFinder(const NetState& net) : net_(net) {}

  std::map<const Blob*, ReceptiveField> Find() {
    for (size_t i = 0; i < net_.layers.size(); ++i) {
      for (const Blob* const top : net_.tops[i]) {
        const std::optional<ReceptiveField> field = FieldOf(i, *top);
        if (field) {
          fields_[top] = *field;
        } else {
          fields_.erase(top);  // of the bottom, if the layer works in place
        }
      }
    }
    return std::move(fields_);
  }

 private:
  std::optional<ReceptiveField> FieldOf(size_t layer, const Blob& top) const {
    const std::vector<Blob*>& bottoms = net_.bottoms[layer];
    if (!top.has_shape() || top.num_axes() <= kFirstSpatialAxis) return {};
    if (bottoms.empty()) return FieldOfInput(top);
    std::optional<ReceptiveField> whole;
    for (const Blob* const bottom : bottoms) {
      const auto field = fields_.find(bottom);
      if (field == fields_.end()) return {};
      const auto part = Through(*net_.layers[layer], *bottom, top, field->second);
      if (!part) return {};
      whole = whole ? Union(*whole, *part) : part;
      if (!whole) return {};
    }
    return whole;
  }

  const NetState& net_;
  std::map<const Blob*, ReceptiveField> fields_;
};

}  // namespace

std::map<const Blob*, ReceptiveField> FindReceptiveFields(const NetState& net) {
  return FieldFinder(net).Find();
}

}  // namespace demitasse
