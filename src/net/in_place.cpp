#include "src/net/in_place.hpp"

namespace demitasse {
namespace {

const Buffer* Memory(const Blob& blob) { return blob.data().get(); }

// The value that `layer` gives another shape or name, and no memory of its own, as a top that is
// in `memory`; kNoValue if it computes the top.
size_t ViewedValue(const NetState& state, size_t layer, const Buffer* memory, const Blob* top) {
  const std::vector<Blob*>& bottoms = state.bottoms[layer];
  for (size_t i = 0; i < bottoms.size(); ++i) {
    if (bottoms[i] != top && Memory(*bottoms[i]) == memory) return state.wiring.bottoms[layer][i];
  }
  return Wiring::kNoValue;
}

int TopsIn(const NetState& state, size_t layer, const Buffer* memory) {
  int count = 0;
  for (const Blob* const top : state.tops[layer]) count += Memory(*top) == memory ? 1 : 0;
  return count;
}

}  // namespace

// From the value down through the layers that only pass its memory on (Flatten, Split).
bool IsNeededLater(const NetState& state, size_t value) {
  while (value != Wiring::kNoValue) {
    const size_t writer = state.wiring.values[value].layer;
    if (state.layers[writer] == nullptr) return false;  // of a type that nobody knows
    if (state.layers[writer]->BackwardReadsTops()) return true;
    const size_t number = static_cast<size_t>(state.wiring.values[value].top);
    const Blob* const top = state.tops[writer][number];
    const Buffer* const memory = Memory(*top);
    if (TopsIn(state, writer, memory) > 1) return true;
    value = ViewedValue(state, writer, memory, top);
  }
  return false;
}

}  // namespace demitasse
