// Building a net: from the message to layers that are set up, with blobs of known shapes.
#include <algorithm>
#include <cmath>

#include "demitasse/layer_registry.hpp"
#include "src/core/text.hpp"
#include "src/net/filter.hpp"
#include "src/net/in_place.hpp"
#include "src/net/net_state.hpp"
#include "src/net/splits.hpp"

namespace demitasse {
namespace {

// Adds up the memory that parameters and tops take, before it is taken, so that a net that cannot
// fit is refused at the layer with which it stops fitting, and there alone.
class PlannedMemory {
 public:
  explicit PlannedMemory(int64_t limit) : limit_(limit) {}

  bool fits() const { return !is_refused_; }

  void Add(const Layer& layer, const std::vector<Blob*>& tops) {
    for (const auto& blob : layer.blobs()) Count(*blob);
    Check(layer, "", "parameters");
    for (size_t i = 0; i < tops.size(); ++i) {
      Count(*tops[i]);
      Check(layer, Cat("top[", i, "]"), Cat("top of ", tops[i]->shape_string()));
    }
  }

 private:
  // Throws Error if `what` of the layer is too much, unless something was before.
  void Check(const Layer& layer, const std::string& field, const std::string& what) {
    if (is_refused_ || total_ <= static_cast<double>(limit_)) return;
    is_refused_ = true;
    throw layer.Fail(
        field, Cat("with its ", what, " the net needs ", Megabytes(total_),
                   " for its blobs, but the limit is ", Megabytes(static_cast<double>(limit_)),
                   "; use smaller inputs or raise the memory limit"));
  }

  void Count(const Blob& blob) {
    const bool is_shared = !counted_.insert(blob.data().get()).second;  // with a bottom
    if (!is_shared) total_ += static_cast<double>(blob.size()) * sizeof(float);
  }

  static std::string Megabytes(double bytes) {
    return Cat(static_cast<int64_t>(std::ceil(bytes / (1 << 20))), " MB");
  }

  const int64_t limit_;
  double total_ = 0;  // bytes, more of them perhaps than an int64_t holds
  bool is_refused_ = false;
  std::set<const Buffer*> counted_;
};

class Builder {
 public:
  Builder(NetState* state, bool shapes_only, Diagnostics* diagnostics)
      : state_(*state),
        shapes_only_(shapes_only),
        memory_(state->budget->limit()),
        diagnostics_(*diagnostics) {
    state_.rng = std::make_shared<Rng>(state->options.seed);
  }

  void Run() {
    state_.layers.resize(state_.plan.size());
    state_.layer_names.resize(state_.plan.size());
    state_.bottoms.resize(state_.plan.size());
    state_.tops.resize(state_.plan.size());
    state_.is_set_up.resize(state_.plan.size());
    for (size_t index = 0; index < state_.plan.size(); ++index) {
      if (!TryToBuild(index)) ForgetTops(index);
    }
  }

  // Whether the memory was enough for all that was built.
  bool fits() const { return memory_.fits(); }

 private:
  bool TryToBuild(size_t index) {
    try {
      Build(index);
      return true;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kInput) throw;
      if (state_.doubtful.count(state_.plan[index].path) == 0) diagnostics_.Add(error);
      return false;
    }
  }

  // Makes layer, bottoms and tops of one planned layer.
  void Build(size_t index) {
    PlannedLayer& planned = state_.plan[index];
    state_.layer_index[planned.param.name()] = index;
    state_.layer_names[index] = planned.param.name();
    std::vector<Blob*>& bottoms = state_.bottoms[index];
    for (const std::string& name : planned.param.bottom()) bottoms.push_back(NamedBlob(name));

    LayerContext context{state_.options.engine, state_.rng, state_.source, planned.path};
    // There is nothing to be said about what would work on the tops of a layer that has failed.
    context.shapes_only = shapes_only_ || diagnostics_.has_errors();
    std::shared_ptr<Layer>& layer = state_.layers[index];
    layer = LayerRegistry::Create(planned.param, context);
    planned.param.clear_blobs();  // the layer has them
    if (state_.doubtful.count(planned.path) > 0) {
      ForgetTops(index);
      return;
    }

    std::vector<Blob*>& tops = state_.tops[index];
    for (int i = 0; i < planned.param.top_size(); ++i) tops.push_back(TopBlob(index, i));
    AddAutomaticTops(*layer, &tops);
    layer->SetUp(bottoms, tops);
    if (bottoms.empty()) GiveShapes(planned.param, tops);
    memory_.Add(*layer, tops);
    state_.is_set_up[index] =
        std::all_of(bottoms.begin(), bottoms.end(), [](const Blob* b) { return b->has_shape(); });
  }

  // Of shapes that were set otherwise than the prototxt says, or that it does not say.
  void GiveShapes(const caffe::LayerParameter& param, const std::vector<Blob*>& tops) const {
    for (int i = 0; i < param.top_size(); ++i) {
      const auto found = state_.given_shapes.find(param.top(i));
      if (found != state_.given_shapes.end()) tops[static_cast<size_t>(i)]->Reshape(found->second);
    }
  }

  // The tops of a layer that has failed have no shape, whatever it gave them or they had before.
  void ForgetTops(size_t index) {
    state_.tops[index].clear();
    for (const std::string& name : state_.plan[index].param.top()) {
      state_.tops[index].push_back(NewUnknownBlob(name));
    }
  }

  // One without a shape, unless that is given.
  Blob* NewUnknownBlob(const std::string& name) {
    Blob* const blob = NewNamedBlob(name);
    const auto found = state_.given_shapes.find(name);
    if (found != state_.given_shapes.end()) blob->Reshape(found->second);
    return blob;
  }

  // Whether a layer that could work in place would overwrite what others need.
  bool NeedsOwnTop(size_t index, size_t top) const {
    return state_.bottoms[index][top]->has_shape() &&
           state_.layers[index]->SupportsInPlace(static_cast<int>(top)) &&
           IsNeededLater(state_, state_.wiring.bottoms[index][top]);
  }

  Blob* TopBlob(size_t index, int top) {
    const caffe::LayerParameter& param = state_.plan[index].param;
    const std::string& name = param.top(top);
    for (int i = 0; i < param.bottom_size(); ++i) {
      if (param.bottom(i) != name || (i == top && NeedsOwnTop(index, static_cast<size_t>(i)))) {
        continue;
      }
      return state_.bottoms[index][static_cast<size_t>(i)];
    }
    return NewNamedBlob(name);
  }

  // A new one, if no layer above makes it.
  Blob* NamedBlob(const std::string& name) {
    const auto found = state_.blob_index.find(name);
    return found != state_.blob_index.end() ? state_.blobs[found->second].get()
                                            : NewUnknownBlob(name);
  }

  Blob* NewNamedBlob(const std::string& name) {
    state_.blob_index[name] = state_.blobs.size();
    return NewBlob(name);
  }

  Blob* NewBlob(const std::string& name) {
    state_.blobs.push_back(std::make_shared<Blob>());
    state_.blob_names.push_back(name);
    return state_.blobs.back().get();
  }

  // Tops the prototxt leaves out, for layers that allow it (a loss nobody reads needs no name).
  void AddAutomaticTops(const Layer& layer, std::vector<Blob*>* tops) {
    if (!layer.AutoTopBlobs()) return;
    const int needed = std::max(layer.MinTopBlobs(), layer.ExactNumTopBlobs());
    while (static_cast<int>(tops->size()) < needed) tops->push_back(NewBlob("(automatic)"));
  }

  NetState& state_;
  const bool shapes_only_;
  PlannedMemory memory_;
  Diagnostics& diagnostics_;
};

// Whether the net has enough memory, as far as its shapes are known without data. Asked before
// anything is filled, which takes seconds for what fits only just.
bool Fits(const NetState& state) {
  NetState trial(state.param, state.options, state.source);
  trial.plan = state.plan;
  trial.wiring = state.wiring;
  Diagnostics ignored;
  Builder builder(&trial, true, &ignored);
  builder.Run();
  return builder.fits();
}

void WarnOfEqualNames(const std::vector<PlannedLayer>& plan, const SourceMap& source,
                      Diagnostics* diagnostics) {
  std::set<std::string> names;
  for (const PlannedLayer& planned : plan) {
    if (names.insert(planned.param.name()).second) continue;
    diagnostics->AddWarning(source.Find(planned.path + ".name"),
                            Cat("two layers are named '", planned.param.name(),
                                "'; weights are found by name, and will go to the last of them"));
  }
}

}  // namespace

void NetState::PlanLayers(Diagnostics* diagnostics) {
  plan = FilterLayers(param, *source, diagnostics);
  const Wiring before_splits = Connect(plan, param, *source, diagnostics);
  if (plan.empty() && !diagnostics->has_errors()) {
    diagnostics->AddError(Location{source->file()},
                          param.layer_size() == 0
                              ? "the net has no layers"
                              : "the rules of all layers leave them out in phase " +
                                    caffe::Phase_Name(param.state().phase()));
  }
  param.clear_layer();
  WarnOfEqualNames(plan, *source, diagnostics);
  for (const PlannedLayer& planned : plan) {
    written.push_back(planned.param);
    written.back().clear_blobs();
  }
  if (!shapes_only && !diagnostics->has_errors()) LogParameters();
  for (caffe::LayerParameter& layer : written) {
    layer.clear_include();
    layer.clear_exclude();
  }
  plan = InsertSplits(std::move(plan), before_splits);
  Diagnostics known_already;
  wiring = Connect(plan, param, *source, &known_already);
}

void NetState::BuildLayers(Diagnostics* diagnostics) {
  Builder(this, shapes_only || !Fits(*this), diagnostics).Run();
  for (size_t i = 0; i < plan.size(); ++i) {
    if (plan[i].is_split)
      split_copies.insert(plan[i].param.top().begin(), plan[i].param.top().end());
    if (layers[i] == nullptr || !layers[i]->TopsAreInputs()) continue;
    inputs.insert(inputs.end(), tops[i].begin(), tops[i].end());
    input_names.insert(input_names.end(), plan[i].param.top().begin(), plan[i].param.top().end());
  }
  std::map<std::string, Blob*> unread;
  for (const Value& value : wiring.values) {
    if (!value.readers.empty()) continue;
    unread[value.blob] = tops[value.layer][static_cast<size_t>(value.top)];
  }
  for (const auto& [name, blob] : unread) {
    output_names.push_back(name);
    outputs.push_back(blob);
  }
}

}  // namespace demitasse
