#include "src/net/shapes.hpp"

#include <algorithm>

namespace demitasse {

std::unique_ptr<NetState> BuildShapes(const NetSource& net, const NetOptions& options,
                                      const GivenShapes& shapes, Diagnostics* diagnostics,
                                      const std::set<std::string>& doubtful) {
  auto state = std::make_unique<NetState>(net.net, options, net.source);
  state->shapes_only = true;
  state->given_shapes = shapes;
  state->doubtful = doubtful;
  const MemoryBudget::Scope scope(state->budget);
  Diagnostics found;
  state->PlanLayers(&found);
  state->BuildLayers(&found);
  state->CollectParameters(&found);
  if (IsConnected(*state)) state->PlanBackward(&found);
  diagnostics->Add(found);
  return state;
}

bool IsConnected(const NetState& state) {
  const bool has_all_bottoms =
      std::all_of(state.wiring.bottoms.begin(), state.wiring.bottoms.end(), [](const auto& values) {
        return std::find(values.begin(), values.end(), Wiring::kNoValue) == values.end();
      });
  const auto& layers = state.layers;
  return has_all_bottoms && std::find(layers.begin(), layers.end(), nullptr) == layers.end();
}

std::vector<std::string> SourceTops(const NetState& state) {
  std::vector<std::string> names;
  for (const PlannedLayer& planned : state.plan) {
    if (planned.param.bottom_size() > 0) continue;
    names.insert(names.end(), planned.param.top().begin(), planned.param.top().end());
  }
  return names;
}

}  // namespace demitasse
