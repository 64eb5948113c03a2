#include "src/net/filter.hpp"

#include <algorithm>

#include "src/core/text.hpp"

namespace demitasse {
namespace {

bool Meets(const caffe::NetState& state, const caffe::NetStateRule& rule) {
  const auto has_stage = [&](const std::string& stage) {
    return std::find(state.stage().begin(), state.stage().end(), stage) != state.stage().end();
  };
  if (rule.has_phase() && rule.phase() != state.phase()) return false;
  if (rule.has_min_level() && state.level() < rule.min_level()) return false;
  if (rule.has_max_level() && state.level() > rule.max_level()) return false;
  return std::all_of(rule.stage().begin(), rule.stage().end(), has_stage) &&
         std::none_of(rule.not_stage().begin(), rule.not_stage().end(), has_stage);
}

bool TakesPart(const caffe::NetState& state, const caffe::LayerParameter& layer) {
  const auto met = [&](const caffe::NetStateRule& rule) { return Meets(state, rule); };
  if (layer.include_size() > 0) {
    return std::any_of(layer.include().begin(), layer.include().end(), met);
  }
  return std::none_of(layer.exclude().begin(), layer.exclude().end(), met);
}

}  // namespace

std::vector<PlannedLayer> FilterLayers(const caffe::NetParameter& net, const SourceMap& source,
                                       Diagnostics* diagnostics) {
  std::vector<PlannedLayer> layers;
  for (int i = 0; i < net.layer_size(); ++i) {
    const caffe::LayerParameter& layer = net.layer(i);
    const std::string path = LayerPath(i);
    if (layer.include_size() > 0 && layer.exclude_size() > 0) {
      diagnostics->AddError(source.Find(path + ".exclude[0]"),
                            LayerPrefix(layer.name(), layer.type()) +
                                "has both include and exclude rules; use one kind");
    }
    if (!TakesPart(net.state(), layer)) continue;
    layers.push_back({layer, path, false});
    // A layer of a net runs in the phase of the net, unless it says otherwise.
    if (!layer.has_phase()) layers.back().param.set_phase(net.state().phase());
  }
  return layers;
}

}  // namespace demitasse
