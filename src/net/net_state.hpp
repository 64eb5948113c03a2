// What a net is made of. The stages that build it (net_build.cpp, parameters.cpp,
// backward_plan.cpp) fill it in; running it (net.cpp) and its weights (trained_layers.cpp) use it.
#ifndef DEMITASSE_SRC_NET_NET_STATE_HPP_
#define DEMITASSE_SRC_NET_NET_STATE_HPP_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "demitasse/net.hpp"
#include "src/core/buffer_state.hpp"
#include "src/net/planned_layer.hpp"
#include "src/net/wiring.hpp"

namespace demitasse {

// The blobs between layers that a layer is the first to write, and the last to use.
struct BlobLifetimes {
  std::vector<Blob*> begin;
  std::vector<Blob*> end;
};

// Where Backward starts: a blob whose gradient is `value`, unless the program has written there.
struct GradientSeed {
  Blob* blob;
  float value;
  BufferState after_pass;  // of the gradient, when the last Forward or Backward ended
};

struct NetState {
  NetState(caffe::NetParameter net, const NetOptions& net_options,
           std::shared_ptr<const SourceMap> net_source);

  caffe::NetParameter param;  // without its layers, with the state it was built for
  NetOptions options;
  std::shared_ptr<const SourceMap> source;
  std::shared_ptr<MemoryBudget> budget;
  // The layers that take part, without rules, splits and blobs.
  std::vector<caffe::LayerParameter> written;
  std::vector<PlannedLayer> plan;  // one for each of `layers`
  Wiring wiring;                   // of `plan`

  // A net that will never run, see shapes.hpp. `layers` then has null for an unknown type, and
  // layers that are not set up.
  bool shapes_only = false;
  std::map<std::string, std::vector<int>> given_shapes;  // see BuildShapes
  std::set<std::string> doubtful;  // paths of layers that are not as their author means them
  std::vector<bool> is_set_up;     // of each layer

  std::vector<std::shared_ptr<Layer>> layers;
  std::vector<std::string> layer_names;
  std::unordered_map<std::string, size_t> layer_index;
  std::vector<std::vector<Blob*>> bottoms;
  std::vector<std::vector<Blob*>> tops;

  std::vector<std::shared_ptr<Blob>> blobs;
  std::vector<std::string> blob_names;
  std::unordered_map<std::string, size_t> blob_index;
  std::set<std::string> split_copies;
  std::vector<Blob*> inputs;
  std::vector<std::string> input_names;
  std::vector<Blob*> outputs;
  std::vector<std::string> output_names;

  std::vector<std::shared_ptr<Blob>> params;
  std::vector<Blob*> learnable_params;
  std::vector<float> params_lr;
  std::vector<float> params_weight_decay;
  std::set<std::string> trained_layers;  // that were given weights

  // What Backward does; see backward_plan.cpp.
  std::vector<bool> layer_runs_backward;
  std::vector<std::vector<bool>> propagate_down;
  std::vector<GradientSeed> gradient_seeds;
  bool sums_outputs = false;  // there is no loss
  std::set<std::string> blobs_with_gradient;
  std::set<std::string> index_blobs;

  // What Backward relies on: which layers have run forward on what is in their bottoms now, and the
  // inputs' shapes then.
  std::vector<bool> has_run;
  std::vector<std::vector<int>> forward_shapes;

  bool is_optimized = false;  // see optimize.cpp
  // Of an optimized net's memory, see memory_plan.cpp; for the inputs' shapes it was planned for.
  std::vector<BlobLifetimes> lifetimes;  // of each layer
  std::vector<Blob*> moved_blobs;        // into memory they share
  std::optional<std::vector<std::vector<int>>> planned_shapes;

  std::shared_ptr<Rng> rng;    // of the layers
  int64_t forward_passes = 0;  // of the whole net, those that were skipped too

  // The stages, in this order. Each goes on behind what it finds wrong, for what else there is; a
  // net that is to run goes on to the next stage only if there are no errors.
  void PlanLayers(Diagnostics* diagnostics);   // filter, wiring, splits
  void BuildLayers(Diagnostics* diagnostics);  // layers, blobs, shapes
  void CollectParameters(Diagnostics* diagnostics);
  void PlanBackward(Diagnostics* diagnostics);

  // Notes that the layers from `first` on, but those without bottoms, will read other values.
  void OutdateLayers(size_t first);
  // Fills the gradients that Backward starts from, but those that were written since a pass ended.
  void SeedGradients();
  void NoteGradients();  // when a pass ends
  bool HasRun(size_t layer) const { return layer < has_run.size() && has_run[layer]; }

  // For inference only: drops and fuses layers; lays blobs out in memory they share.
  void FuseLayers();
  void PlanMemory();
  void ForgetMemoryPlan();
  // Throws Error that says what ("compute gradients") an optimized net cannot do any more.
  void RefuseOptimized(const std::string& what) const;

  // Log what is to be built (the layers that take part), and what was.
  void LogParameters() const;
  void LogBuilt() const;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_NET_NET_STATE_HPP_
