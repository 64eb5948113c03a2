// Which gradients Backward computes: those that something needs, where a path leads to a loss.
#include <algorithm>

#include "src/core/text.hpp"
#include "src/net/net_state.hpp"

namespace demitasse {
namespace {

class Planner {
 public:
  Planner(NetState* state, Diagnostics* diagnostics)
      : state_(*state),
        diagnostics_(*diagnostics),
        wanted_(state->wiring.values.size(), false),
        reached_(state->wiring.values.size(), false),
        is_index_(state->wiring.values.size(), false) {}

  void Run() {
    state_.layer_runs_backward.assign(state_.layers.size(), false);
    for (size_t layer = 0; layer < state_.layers.size(); ++layer) FindWanted(layer);
    Seed();
    for (size_t layer = state_.layers.size(); layer-- > 0;) {
      FindIndices(layer);
      FindReached(layer);
    }
    ClearUnreachedTops();
    for (size_t i = 0; i < reached_.size(); ++i) {
      const std::string& blob = state_.wiring.values[i].blob;
      if (reached_[i] && wanted_[i]) state_.blobs_with_gradient.insert(blob);
      if (is_index_[i]) state_.index_blobs.insert(blob);
    }
  }

 private:
  // From the front: a gradient is wanted of a bottom if something below it learns or asks for it.
  void FindWanted(size_t index) {
    const Layer& layer = *state_.layers[index];
    const auto& overrides = layer.layer_param().propagate_down();
    const std::vector<size_t>& bottoms = state_.wiring.bottoms[index];
    const bool has_overrides =
        !overrides.empty() && CheckOverrides(layer, static_cast<int>(bottoms.size()));

    bool layer_wanted = false;
    std::vector<bool> propagate_down;
    for (size_t i = 0; i < bottoms.size(); ++i) {
      const int bottom = static_cast<int>(i);
      bool want = wanted_[bottoms[i]];
      if (has_overrides) want = overrides[bottom];
      if (state_.param.force_backward()) want = true;
      want = want && layer.AllowForceBackward(bottom);
      if (want) wanted_[bottoms[i]] = true;
      propagate_down.push_back(want);
      layer_wanted = layer_wanted || want;
    }
    for (size_t i = 0; i < layer.blobs().size(); ++i) {
      layer_wanted = layer_wanted || layer.param_propagate_down(static_cast<int>(i));
    }
    state_.propagate_down.push_back(propagate_down);
    for (const size_t top : state_.wiring.tops[index]) wanted_[top] = layer_wanted;
    state_.layer_runs_backward[index] = layer_wanted;
  }

  // Returns whether there is one for each bottom.
  bool CheckOverrides(const Layer& layer, int bottoms) {
    const auto& overrides = layer.layer_param().propagate_down();
    if (overrides.size() != bottoms) {
      diagnostics_.Add(
          layer.Fail(Cat("propagate_down[", std::min(overrides.size() - 1, bottoms), "]"),
                     Cat("propagate_down must be given once for each bottom or not at all, got ",
                         overrides.size(), " for ", bottoms, " bottoms")));
      return false;
    }
    for (int i = 0; i < bottoms; ++i) {
      if (!overrides[i] || layer.AllowForceBackward(i)) continue;
      diagnostics_.Add(
          layer.Fail(Cat("propagate_down[", i, "]"),
                     Cat("has no gradient with respect to bottom[", i, "] '",
                         layer.layer_param().bottom(i), "'; its propagate_down must be false")));
    }
    return true;
  }

  // Where gradients start: at the losses, or at every output of a net that has none.
  void Seed() {
    for (size_t i = 0; i < state_.wiring.values.size(); ++i) {
      const Value& value = state_.wiring.values[i];
      SeedFrom(i, state_.layers[value.layer]->loss(value.top));
    }
    for (size_t layer = 0; layer < state_.layers.size(); ++layer) SeedAutomaticTops(layer);
    state_.sums_outputs = state_.gradient_seeds.empty();
    if (!state_.sums_outputs) return;
    for (size_t i = 0; i < state_.wiring.values.size(); ++i) {
      if (state_.wiring.values[i].readers.empty() && wanted_[i]) SeedFrom(i, 1);
    }
  }

  void SeedFrom(size_t value_index, float weight) {
    if (weight == 0) return;
    const Value& value = state_.wiring.values[value_index];
    reached_[value_index] = true;
    state_.gradient_seeds.push_back(
        {state_.tops[value.layer][static_cast<size_t>(value.top)], weight, {}});
  }

  // Tops that the prototxt leaves out are in no wiring; they are losses or nothing.
  void SeedAutomaticTops(size_t layer) {
    const size_t named = state_.wiring.tops[layer].size();
    for (size_t i = named; i < state_.tops[layer].size(); ++i) {
      const float weight = state_.layers[layer]->loss(static_cast<int>(i));
      if (weight == 0) continue;
      state_.gradient_seeds.push_back({state_.tops[layer][i], weight, {}});
      layers_with_automatic_loss_.insert(layer);
    }
  }

  // From the back: whole numbers stay whole numbers through layers that only move values.
  void FindIndices(size_t index) {
    const Layer& layer = *state_.layers[index];
    bool top_is_index = false;
    for (const size_t top : state_.wiring.tops[index]) {
      top_is_index = top_is_index || is_index_[top];
    }
    const std::vector<size_t>& bottoms = state_.wiring.bottoms[index];
    for (size_t i = 0; i < bottoms.size(); ++i) {
      const int bottom = static_cast<int>(i);
      const bool moved = top_is_index && layer.blobs().empty() && layer.AllowForceBackward(bottom);
      if (layer.BottomIsIndex(bottom) || moved) is_index_[bottoms[i]] = true;
    }
  }

  // From the back: a gradient reaches a bottom through a layer whose tops it reaches.
  void FindReached(size_t index) {
    bool reached = layers_with_automatic_loss_.count(index) > 0;
    for (const size_t top : state_.wiring.tops[index]) reached = reached || reached_[top];
    state_.layer_runs_backward[index] = state_.layer_runs_backward[index] && reached;
    const std::vector<size_t>& bottoms = state_.wiring.bottoms[index];
    for (size_t i = 0; i < bottoms.size(); ++i) {
      if (!state_.layer_runs_backward[index]) state_.propagate_down[index][i] = false;
      if (!state_.propagate_down[index][i]) continue;
      CheckNotALoss(bottoms[i], *state_.layers[index]);
      reached_[bottoms[i]] = true;
    }
  }

  // A layer would overwrite the weight that a loss starts from with its own gradient. (With an
  // explicit loss_weight the loss is split from what the layer reads.)
  void CheckNotALoss(size_t value_index, const Layer& reader) {
    const Value& value = state_.wiring.values[value_index];
    const Layer& writer = *state_.layers[value.layer];
    if (writer.loss(value.top) == 0) return;
    diagnostics_.Add(writer.Fail(
        Cat("top[", value.top, "]"),
        Cat("'", value.blob, "' is a loss and is read by layer '", reader.layer_param().name(),
            "' too; write its loss_weight (loss_weight: 1) so that both gradients "
            "count")));
  }

  // Layers that run backward may read the gradient of every top.
  void ClearUnreachedTops() {
    for (size_t i = 0; i < state_.wiring.values.size(); ++i) {
      const Value& value = state_.wiring.values[i];
      if (reached_[i] || !state_.layer_runs_backward[value.layer]) continue;
      // In front: a blob that is changed in place later may start from a weight all the same.
      state_.gradient_seeds.insert(
          state_.gradient_seeds.begin(),
          {state_.tops[value.layer][static_cast<size_t>(value.top)], 0, {}});
    }
  }

  NetState& state_;
  Diagnostics& diagnostics_;
  // Of each value: whether something below wants its gradient, whether one reaches it from above,
  // and whether it holds labels or indices.
  std::vector<bool> wanted_;
  std::vector<bool> reached_;
  std::vector<bool> is_index_;
  std::set<size_t> layers_with_automatic_loss_;
};

}  // namespace

void NetState::PlanBackward(Diagnostics* diagnostics) { Planner(this, diagnostics).Run(); }

}  // namespace demitasse
