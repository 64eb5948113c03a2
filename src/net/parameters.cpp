// The parameters of a net's layers: sharing by name, and their multipliers of the learning rate and
// of the weight decay.
#include <map>

#include "src/core/text.hpp"
#include "src/net/net_state.hpp"

namespace demitasse {
namespace {

using caffe::ParamSpec;

// The first parameter of a name, which the others of that name share.
struct Owner {
  const Layer* layer;
  int index;
  size_t learnable;  // in NetState::learnable_params
  // Whether one of those that share it says so itself.
  bool lr_mult_given;
  bool decay_mult_given;
};

class Collector {
 public:
  Collector(NetState* state, Diagnostics* diagnostics)
      : state_(*state), diagnostics_(*diagnostics) {}

  void Run() {
    for (size_t index = 0; index < state_.layers.size(); ++index) {
      if (!state_.is_set_up[index]) continue;
      Layer* const layer = state_.layers[index].get();
      CheckSpecCount(*layer);
      for (size_t i = 0; i < layer->blobs().size(); ++i) Collect(layer, static_cast<int>(i));
    }
  }

 private:
  static ParamSpec SpecOf(const Layer& layer, int index) {
    return index < layer.layer_param().param_size() ? layer.layer_param().param(index)
                                                    : ParamSpec();
  }

  void CheckSpecCount(const Layer& layer) {
    const int specs = layer.layer_param().param_size();
    const int blobs = static_cast<int>(layer.blobs().size());
    if (specs > blobs) {
      diagnostics_.Add(layer.Fail(Cat("param[", blobs, "]"),
                                  Cat("has ", blobs, " parameter blobs, but ", specs,
                                      " param entries; give at most one for each blob")));
    }
  }

  void Collect(Layer* layer, int index) {
    ParamSpec spec = SpecOf(*layer, index);
    const std::shared_ptr<Blob>& blob = layer->blobs()[static_cast<size_t>(index)];
    state_.params.push_back(blob);
    if (!layer->ParameterHasGradient(index)) {  // running statistics: not the solver's business
      spec.set_lr_mult(0);
      spec.set_decay_mult(0);
    }
    layer->set_param_propagate_down(index,
                                    layer->ParameterHasGradient(index) &&
                                        (spec.lr_mult() != 0 || state_.param.force_backward()));

    const auto owner = spec.name().empty() ? owners_.end() : owners_.find(spec.name());
    if (owner != owners_.end()) {
      Share(*layer, index, spec, &owner->second);
      return;
    }
    if (!spec.name().empty()) {
      owners_[spec.name()] = {layer, index, state_.learnable_params.size(), spec.has_lr_mult(),
                              spec.has_decay_mult()};
    }
    state_.learnable_params.push_back(blob.get());
    state_.params_lr.push_back(spec.lr_mult());
    state_.params_weight_decay.push_back(spec.decay_mult());
  }

  void Share(const Layer& layer, int index, const ParamSpec& spec, Owner* owner) {
    const Blob& theirs = *owner->layer->blobs()[static_cast<size_t>(owner->index)];
    Blob* const ours = layer.blobs()[static_cast<size_t>(index)].get();
    const bool permissive = spec.share_mode() == ParamSpec::PERMISSIVE;
    const std::string field = Cat("param[", index, "]");
    const std::string shared = Cat("parameter '", spec.name(), "', shared with layer '",
                                   owner->layer->layer_param().name(), "', ");
    if (permissive ? ours->size() != theirs.size() : ours->shape() != theirs.shape()) {
      diagnostics_.Add(layer.Fail(
          field + ".name",
          Cat(shared, "is ", ours->shape_string(), " here and ", theirs.shape_string(),
              " there; they need the same ", permissive ? "number of values" : "shape")));
      return;
    }
    ours->ShareData(theirs);
    ours->ShareDiff(theirs);
    if (spec.has_lr_mult()) {
      Agree(layer, field + ".lr_mult", shared + "has lr_mult ", spec.lr_mult(),
            &owner->lr_mult_given, &state_.params_lr[owner->learnable]);
    }
    if (spec.has_decay_mult()) {
      Agree(layer, field + ".decay_mult", shared + "has decay_mult ", spec.decay_mult(),
            &owner->decay_mult_given, &state_.params_weight_decay[owner->learnable]);
    }
  }

  // A multiplier may be given at any of the places that share a parameter, but only one value.
  void Agree(const Layer& layer, const std::string& field, const std::string& subject, float value,
             bool* was_given, float* shared_value) {
    if (*was_given && value != *shared_value) {
      diagnostics_.Add(layer.Fail(
          field, Cat(subject, value, " here and ", *shared_value, " above; give it once")));
    }
    *was_given = true;
    *shared_value = value;
  }

  NetState& state_;
  Diagnostics& diagnostics_;
  std::map<std::string, Owner> owners_;
};

}  // namespace

void NetState::CollectParameters(Diagnostics* diagnostics) { Collector(this, diagnostics).Run(); }

}  // namespace demitasse
