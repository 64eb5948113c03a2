#include "tools/checked_net.hpp"

#include <algorithm>

#include "src/core/text.hpp"
#include "src/net/filter.hpp"

namespace demitasse {

namespace {

bool LacksBottoms(const Layer& layer) {
  const int given = layer.layer_param().bottom_size();
  return given < std::max(layer.ExactNumBottomBlobs(), layer.MinBottomBlobs());
}

}  // namespace

CheckedNet::CheckedNet(const NetSource& source, const NetState& built)
    : source_(source.source), phase_(built.param.state().phase()) {
  caffe::NetParameter net = source.net;
  *net.mutable_state() = built.param.state();
  Diagnostics known_already;
  const std::vector<PlannedLayer> plan = FilterLayers(net, *source.source, &known_already);
  wiring_ = Connect(plan, net, *source.source, &known_already);
  is_wired_ = !known_already.has_errors() && built.doubtful.empty() &&
              std::none_of(built.layers.begin(), built.layers.end(),
                           [](const auto& layer) { return LacksBottoms(*layer); });
  const bool is_planned = !built.layer_runs_backward.empty();
  size_t index = 0;  // in `built`, which has the same layers and splits between them
  for (const PlannedLayer& planned : plan) {
    while (built.plan[index].is_split) ++index;
    layers_.push_back({planned.param, planned.path, built.layers[index].get(),
                       is_planned && built.layer_runs_backward[index], built.tops[index],
                       built.bottoms[index]});
    ++index;
  }
  for (size_t i = 0; i < layers_.size(); ++i) has_loss_ = has_loss_ || IsLoss(i);
}

const CheckedLayer* CheckedNet::Writer(size_t layer, size_t bottom) const {
  const size_t value = wiring_.bottoms[layer][bottom];
  return value == Wiring::kNoValue ? nullptr : &layers_[wiring_.values[value].layer];
}

bool CheckedNet::IsLoss(size_t layer) const {
  const CheckedLayer& checked = layers_[layer];
  for (size_t i = 0; i < checked.tops.size(); ++i) {
    const int top = static_cast<int>(i);
    if (checked.layer->loss(top) != 0 || LossWeight(checked.param, top) != 0) return true;
  }
  return false;
}

bool CheckedNet::HasToLearn(size_t layer) const {
  const Layer& checked = *layers_[layer].layer;
  for (size_t i = 0; i < checked.blobs().size(); ++i) {
    if (checked.param_propagate_down(static_cast<int>(i))) return true;
  }
  return false;
}

bool CheckedNet::HasReaders(size_t layer, size_t top) const {
  return !wiring_.values[wiring_.tops[layer][top]].readers.empty();
}

void CheckedNet::Warn(size_t layer, const std::string& field, const std::string& message,
                      Diagnostics* warnings) const {
  const CheckedLayer& checked = layers_[layer];
  warnings->AddWarning(source_->Find(field.empty() ? checked.path : checked.path + "." + field),
                       LayerPrefix(checked.param.name(), checked.param.type()) + message);
}

}  // namespace demitasse
