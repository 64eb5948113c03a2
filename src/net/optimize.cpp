// Net::Optimize: a net that only infers does not need each of its layers, nor to keep each of its
// blobs.
#include <algorithm>
#include <set>
#include <utility>

#include "src/core/text.hpp"
#include "src/net/net_state.hpp"

namespace demitasse {
namespace {

// Lets layers do on their way out what the layers behind them did.
class Fuser {
 public:
  explicit Fuser(NetState* state)
      : state_(*state), values_(state->wiring.values), dropped_(state->layers.size(), false) {}

  void Run() {
    for (size_t layer = 0; layer < dropped_.size(); ++layer) {
      if (state_.layers[layer]->IsIdentity()) DropIdentity(layer);
    }
    for (size_t layer = 0; layer < dropped_.size(); ++layer) {
      if (!dropped_[layer]) dropped_[layer] = MoveForward(layer) || MoveSumForward(layer);
    }
    Compact();
    DiscardUnwritten();
  }

 private:
  Blob* BlobOf(const Value& value) const {
    return state_.tops[value.layer][static_cast<size_t>(value.top)];
  }
  bool IsOutput(const Value& value) const { return value.readers.empty(); }

  // Instead of `from`, which the dropped layer made from `to`, its readers read that.
  void Redirect(size_t dropped, Value* from, size_t to) {
    Value& value = values_[to];
    const auto is_dropped = [&](const Value::Reader& reader) { return reader.layer == dropped; };
    value.readers.erase(std::remove_if(value.readers.begin(), value.readers.end(), is_dropped),
                        value.readers.end());
    for (const Value::Reader& reader : from->readers) {
      const size_t bottom = static_cast<size_t>(reader.bottom);
      state_.wiring.bottoms[reader.layer][bottom] = to;
      state_.bottoms[reader.layer][bottom] = BlobOf(value);
      value.readers.push_back(reader);
    }
    from->readers.clear();
  }

  // The layers behind an identity read what it reads.
  void DropIdentity(size_t layer) {
    const size_t source = state_.wiring.bottoms[layer][0];
    const std::vector<size_t>& tops = state_.wiring.tops[layer];
    for (const size_t top : tops) {
      // Of an output, the blob itself must be written.
      if (IsOutput(values_[top]) && BlobOf(values_[top]) != BlobOf(values_[source])) return;
    }
    for (const size_t top : tops) {
      Redirect(layer, &values_[top], source);
      NoteUnwritten(BlobOf(values_[top]), BlobOf(values_[source]));
    }
    dropped_[layer] = true;
  }

  void NoteUnwritten(Blob* blob, const Blob* other) {
    if (blob != other) unwritten_.insert(blob);
  }

  // Whether the layer that writes a value may do more to it, for the only one that reads it.
  bool IsBetweenTwo(const Value& value) const {
    return value.readers.size() == 1 && HasOneTop(value.layer);
  }
  bool HasOneTop(size_t layer) const {
    return state_.tops[layer].size() == 1 && state_.layers[layer]->loss(0) == 0;
  }

  // An affine map or a rectifier becomes the last step of the layer in front.
  bool MoveForward(size_t layer) {
    if (state_.bottoms[layer].size() != 1 || !HasOneTop(layer)) return false;
    const size_t source = state_.wiring.bottoms[layer][0];
    if (!IsBetweenTwo(values_[source])) return false;
    const size_t result = state_.wiring.tops[layer][0];
    if (IsOutput(values_[result]) && adding_.count(values_[source].layer) > 0) return false;
    Layer* const front = state_.layers[values_[source].layer].get();
    if (!Offer(*state_.layers[layer], *state_.bottoms[layer][0], front)) return false;
    TakePlace(layer, source, result);
    return true;
  }

  static bool Offer(const Layer& layer, const Blob& bottom, Layer* front) {
    if (const auto affine = layer.AsChannelAffine(bottom)) return front->Absorb(*affine);
    if (const auto rectifier = layer.AsRectifier()) return front->Absorb(*rectifier);
    return false;
  }

  // What wrote `source` now writes `result`, the top of a layer that is no longer needed.
  void TakePlace(size_t layer, size_t source, size_t result) {
    Blob* const old_blob = BlobOf(values_[source]);
    Blob* const new_blob = BlobOf(values_[result]);
    if (IsOutput(values_[result])) {
      state_.tops[values_[source].layer][static_cast<size_t>(values_[source].top)] = new_blob;
      values_[source].readers.clear();
      NoteUnwritten(old_blob, new_blob);
      return;
    }
    Redirect(layer, &values_[result], source);
    NoteUnwritten(new_blob, old_blob);
  }

  // The sum of two branches: the layer that ends the later one adds to the result of the other.
  bool MoveSumForward(size_t layer) {
    if (!state_.layers[layer]->IsSum() || !HasOneTop(layer)) return false;
    const size_t result = state_.wiring.tops[layer][0];
    if (IsOutput(values_[result])) return false;
    const std::vector<size_t>& terms = state_.wiring.bottoms[layer];
    return AddTo(layer, terms[0], terms[1], result) || AddTo(layer, terms[1], terms[0], result);
  }

  // What writes the value `term` adds it to `sum` instead, if nothing else needs that any more.
  bool AddTo(size_t layer, size_t sum, size_t term, size_t result) {
    const size_t writer = values_[term].layer;
    if (sum == term || !IsBetweenTwo(values_[term]) || values_[sum].layer >= writer) return false;
    for (const Value::Reader& reader : values_[sum].readers) {
      if (reader.layer != layer && reader.layer >= writer) return false;
    }
    if (!OwnsMemory(values_[sum]) || !state_.layers[writer]->AbsorbSum()) return false;
    adding_.insert(writer);
    NoteUnwritten(BlobOf(values_[term]), nullptr);
    state_.tops[writer][static_cast<size_t>(values_[term].top)] = BlobOf(values_[sum]);
    Redirect(layer, &values_[result], term);
    NoteUnwritten(BlobOf(values_[result]), BlobOf(values_[sum]));
    return true;
  }

  // Whether a value is computed, into memory that no other blob shows in another form.
  bool OwnsMemory(const Value& value) const {
    if (state_.bottoms[value.layer].empty()) return false;
    const Blob* const blob = BlobOf(value);
    for (size_t layer = 0; layer < dropped_.size(); ++layer) {
      if (dropped_[layer]) continue;
      for (const Blob* const top : state_.tops[layer]) {
        if (top != blob && top->data() == blob->data()) return false;
      }
    }
    return true;
  }

  // Reading them is an error from now on.
  void DiscardUnwritten() {
    for (const std::vector<Blob*>& tops : state_.tops) {
      for (Blob* const top : tops) unwritten_.erase(top);
    }
    for (Blob* const blob : unwritten_) {
      blob->UseMemory(std::make_shared<Buffer>(blob->size(), state_.budget));
      blob->data()->Discard();
    }
  }

  void Compact() {
    const auto keep = [this](auto* list) {
      size_t kept = 0;
      for (size_t i = 0; i < list->size(); ++i) {
        if (!dropped_[i]) std::swap((*list)[kept++], (*list)[i]);
      }
      list->resize(kept);
    };
    keep(&state_.layers);
    keep(&state_.layer_names);
    keep(&state_.plan);
    keep(&state_.bottoms);
    keep(&state_.tops);
    state_.layer_index.clear();
    for (size_t i = 0; i < state_.layers.size(); ++i) state_.layer_index[state_.layer_names[i]] = i;
    state_.layer_runs_backward.assign(state_.layers.size(), false);
    state_.propagate_down.clear();
    state_.blobs_with_gradient.clear();
    state_.wiring = {};
    // Folding has put copies in the place of parameters.
    state_.params.clear();
    for (const auto& layer : state_.layers) {
      state_.params.insert(state_.params.end(), layer->blobs().begin(), layer->blobs().end());
    }
    state_.learnable_params.clear();
    state_.params_lr.clear();
    state_.params_weight_decay.clear();
  }

  NetState& state_;
  std::vector<Value>& values_;
  std::vector<bool> dropped_;  // of each layer
  std::set<size_t> adding_;    // layers that add to what their top holds
  std::set<Blob*> unwritten_;  // that dropped layers wrote, unless others do too
};

}  // namespace

void NetState::FuseLayers() { Fuser(this).Run(); }

void NetState::RefuseOptimized(const std::string& what) const {
  if (!is_optimized) return;
  throw Error(Cat("a net that was optimized for inference cannot ", what,
                  "; use one that was not optimized"));
}

void Net::Optimize() {
  if (state_->is_optimized) return;
  if (phase() != caffe::TEST) {
    throw Error("only a net in phase TEST can be optimized: it will compute no gradients");
  }
  state_->FuseLayers();
  state_->is_optimized = true;
}

bool Net::is_optimized() const { return state_->is_optimized; }

}  // namespace demitasse
