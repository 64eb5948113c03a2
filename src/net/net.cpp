#include "demitasse/net.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "demitasse/log.hpp"
#include "src/core/log_warnings.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"
#include "src/net/net_state.hpp"
#include "src/parse/prototxt.hpp"
#include "src/parse/upgrade.hpp"

namespace demitasse {
namespace {

void SetNetState(const NetOptions& options, caffe::NetParameter* param) {
  caffe::NetState* const state = param->mutable_state();
  state->set_phase(options.phase);
  if (options.level != 0) state->set_level(options.level);
  for (const std::string& stage : options.stages) state->add_stage(stage);
  if (options.force_backward) param->set_force_backward(true);
}

std::unique_ptr<NetState> Build(caffe::NetParameter param, const NetOptions& options,
                                std::shared_ptr<const SourceMap> source) {
  auto state = std::make_unique<NetState>(std::move(param), options, std::move(source));
  const MemoryBudget::Scope scope(state->budget);
  const ThreadScope threads(options.threads);
  Diagnostics diagnostics;
  for (const auto stage : {&NetState::PlanLayers, &NetState::BuildLayers,
                           &NetState::CollectParameters, &NetState::PlanBackward}) {
    (*state.*stage)(&diagnostics);
    diagnostics.ThrowIfErrors();
  }
  LogWarnings(diagnostics);
  state->LogBuilt();
  return state;
}

std::unique_ptr<NetState> Build(const std::string& prototxt, const NetOptions& options) {
  Diagnostics diagnostics;
  TextOptions text_options;
  text_options.lenient = options.lenient;
  NetSource read = ReadNet(prototxt, text_options, &diagnostics);
  LogWarnings(diagnostics);
  diagnostics.ThrowIfErrors();
  return Build(std::move(read.net), options, std::move(read.source));
}

std::unique_ptr<NetState> Build(const caffe::NetParameter& param, const NetOptions& options) {
  caffe::NetParameter upgraded = param;
  const auto source = std::make_shared<SourceMap>();
  Diagnostics diagnostics;
  UpgradeNet(&upgraded, source.get(), &diagnostics);
  diagnostics.ThrowIfErrors();
  return Build(std::move(upgraded), options, source);
}

// How a net computes and what its memory counts against, while it runs.
struct RunScope {
  explicit RunScope(const NetState& state) : threads(state.options.threads), memory(state.budget) {}
  const ThreadScope threads;
  const MemoryBudget::Scope memory;
};

void CheckRange(int first, int last, int layers) {
  if (first >= 0 && last < layers) return;
  throw Error(Cat("layers ", first, " to ", last, " are not in a net of ", layers, " layers"));
}

// Without new memory where the last shapes took as much.
void KeepShapes(const std::vector<Blob*>& blobs, std::vector<std::vector<int>>* shapes) {
  shapes->resize(blobs.size());
  for (size_t i = 0; i < blobs.size(); ++i) (*shapes)[i] = blobs[i]->shape();
}

bool InputsHave(const std::vector<std::vector<int>>& shapes, const NetState& state) {
  return std::equal(
      state.inputs.begin(), state.inputs.end(), shapes.begin(), shapes.end(),
      [](const Blob* input, const std::vector<int>& shape) { return input->shape() == shape; });
}

void BeginLifetimes(const BlobLifetimes& lifetimes) {
  for (const Blob* const blob : lifetimes.begin) blob->data()->Overwrite(nullptr);
}

void EndLifetimes(const BlobLifetimes& lifetimes) {
  for (const Blob* const blob : lifetimes.end) blob->data()->Discard();
}

// Log lines as in Caffe.

double MeanAbsolute(double sum, int64_t size) {
  return size > 0 ? sum / static_cast<double>(size) : 0;
}

std::string ParamName(const Layer& layer, size_t index) {
  const auto& specs = layer.layer_param().param();
  const int i = static_cast<int>(index);
  return i < specs.size() && !specs[i].name().empty() ? specs[i].name() : std::to_string(index);
}

void LogForward(const NetState& state, size_t index) {
  const auto& tops = state.plan[index].param.top();
  for (int i = 0; i < tops.size(); ++i) {
    const Blob& blob = *state.tops[index][static_cast<size_t>(i)];
    LogInfo(Cat("    [Forward] Layer ", state.layer_names[index], ", top blob ", tops[i],
                " data: ", MeanAbsolute(blob.asum_data(), blob.size())));
  }
  const auto& blobs = state.layers[index]->blobs();
  for (size_t i = 0; i < blobs.size(); ++i) {
    LogInfo(Cat("    [Forward] Layer ", state.layer_names[index], ", param blob ",
                ParamName(*state.layers[index], i),
                " data: ", MeanAbsolute(blobs[i]->asum_data(), blobs[i]->size())));
  }
}

void LogBackward(const NetState& state, size_t index) {
  const auto& bottoms = state.plan[index].param.bottom();
  for (int i = 0; i < bottoms.size(); ++i) {
    if (!state.propagate_down[index][static_cast<size_t>(i)]) continue;
    const Blob& blob = *state.bottoms[index][static_cast<size_t>(i)];
    LogInfo(Cat("    [Backward] Layer ", state.layer_names[index], ", bottom blob ", bottoms[i],
                " diff: ", MeanAbsolute(blob.asum_diff(), blob.size())));
  }
  const auto& blobs = state.layers[index]->blobs();
  for (size_t i = 0; i < blobs.size(); ++i) {
    if (!state.layers[index]->param_propagate_down(static_cast<int>(i))) continue;
    LogInfo(Cat("    [Backward] Layer ", state.layer_names[index], ", param blob ",
                ParamName(*state.layers[index], i),
                " diff: ", MeanAbsolute(blobs[i]->asum_diff(), blobs[i]->size())));
  }
}

void LogNorms(const NetState& state) {
  double sum_data = 0, sum_diff = 0, squares_data = 0, squares_diff = 0;
  for (const Blob* const param : state.learnable_params) {
    sum_data += param->asum_data();
    sum_diff += param->asum_diff();
    squares_data += param->sumsq_data();
    squares_diff += param->sumsq_diff();
  }
  LogInfo(Cat("    [Backward] All net params (data, diff): L1 norm = (", sum_data, ", ", sum_diff,
              "); L2 norm = (", std::sqrt(squares_data), ", ", std::sqrt(squares_diff), ")"));
}

}  // namespace

NetState::NetState(caffe::NetParameter net, const NetOptions& net_options,
                   std::shared_ptr<const SourceMap> net_source)
    : param(std::move(net)),
      options(net_options),
      source(std::move(net_source)),
      budget(std::make_shared<MemoryBudget>(options.memory_limit)) {
  SetNetState(options, &param);
}

void NetState::OutdateLayers(size_t first) {
  has_run.resize(layers.size(), false);
  for (size_t i = first; i < layers.size(); ++i) {
    if (!bottoms[i].empty()) has_run[i] = false;
  }
}

void NetState::SeedGradients() {
  std::vector<const GradientSeed*> unwritten;  // a blob may have two: 0, and what replaces it
  for (const GradientSeed& seed : gradient_seeds) {
    if (seed.after_pass == BufferState(*seed.blob->diff())) unwritten.push_back(&seed);
  }
  const bool nothing_else = sums_outputs && unwritten.size() < gradient_seeds.size();
  for (const GradientSeed* const seed : unwritten) {
    std::fill_n(seed->blob->mutable_cpu_diff(), seed->blob->size(), nothing_else ? 0 : seed->value);
  }
}

void NetState::NoteGradients() {
  for (GradientSeed& seed : gradient_seeds) seed.after_pass = BufferState(*seed.blob->diff());
}

Net::Net(const std::string& prototxt, const NetOptions& options)
    : state_(Build(prototxt, options)) {}

Net::Net(const caffe::NetParameter& param, const NetOptions& options,
         std::shared_ptr<const SourceMap> source)
    : state_(source != nullptr ? Build(param, options, std::move(source)) : Build(param, options)) {
}

Net::~Net() = default;

const std::vector<Blob*>& Net::Forward(float* loss) {
  const float total = ForwardFromTo(0, static_cast<int>(state_->layers.size()) - 1);
  if (loss != nullptr) *loss = total;
  return state_->outputs;
}

float Net::ForwardFromTo(int first, int last) {
  CheckRange(first, last, static_cast<int>(state_->layers.size()));
  const RunScope scope(*state_);
  const bool same_inputs = InputsHave(state_->forward_shapes, *state_);
  state_->OutdateLayers(same_inputs ? static_cast<size_t>(first) : 0);
  KeepShapes(state_->inputs, &state_->forward_shapes);
  if (state_->is_optimized &&
      !(state_->planned_shapes && InputsHave(*state_->planned_shapes, *state_))) {
    state_->ForgetMemoryPlan();
    Reshape();
    state_->PlanMemory();
  }
  float loss = 0;
  for (int i = first; i <= last; ++i) {
    const size_t index = static_cast<size_t>(i);
    if (state_->is_optimized) BeginLifetimes(state_->lifetimes[index]);
    loss += state_->layers[index]->Forward(state_->bottoms[index], state_->tops[index]);
    if (state_->is_optimized) EndLifetimes(state_->lifetimes[index]);
    if (state_->param.debug_info()) LogForward(*state_, index);
    state_->has_run[index] = true;
  }
  if (!state_->is_optimized) state_->NoteGradients();
  const bool is_complete = last + 1 == static_cast<int>(state_->layers.size());
  if (is_complete && first == 0) ++state_->forward_passes;
  return loss;
}

void Net::set_debug_info(bool value) { state_->param.set_debug_info(value); }

caffe::NetPosition Net::Position() const {
  caffe::NetPosition position;
  position.set_batches(state_->forward_passes);
  position.set_random(state_->rng->State());
  return position;
}

void Net::SetPosition(const caffe::NetPosition& position) {
  constexpr int64_t kMost = int64_t{1} << 31;  // data layers count their samples in 64 bits
  if (position.batches() > kMost) {
    throw Error(Cat("a net cannot have given ", position.batches(), " batches, at most ", kMost));
  }
  if (position.batches() < state_->forward_passes) {
    throw Error(Cat("the net has given ", state_->forward_passes, " batches and cannot go back to ",
                    position.batches()));
  }
  const int64_t ahead = position.batches() - state_->forward_passes;
  for (const auto& layer : state_->layers) layer->SkipBatches(ahead);
  state_->forward_passes = position.batches();
  if (position.has_random()) state_->rng->SetState(position.random());
}

void Net::Backward() { BackwardFromTo(static_cast<int>(state_->layers.size()) - 1, 0); }

void Net::BackwardFromTo(int start, int end) {
  state_->RefuseOptimized("compute gradients");
  const int layers = static_cast<int>(state_->layers.size());
  CheckRange(end, start, layers);
  const RunScope scope(*state_);
  const bool same_inputs = InputsHave(state_->forward_shapes, *state_);
  for (int i = start; i >= end; --i) {
    if (same_inputs && state_->HasRun(static_cast<size_t>(i))) continue;
    throw Error("Backward needs a Forward on inputs of the same shapes before it");
  }
  if (start + 1 == layers) state_->SeedGradients();
  const struct AtEnd {  // also when a layer throws
    ~AtEnd() { state.NoteGradients(); }
    NetState& state;
  } at_end = {*state_};
  for (int i = start; i >= end; --i) {
    const size_t index = static_cast<size_t>(i);
    if (!state_->layer_runs_backward[index]) continue;
    state_->layers[index]->Backward(state_->tops[index], state_->propagate_down[index],
                                    state_->bottoms[index]);
    if (state_->param.debug_info()) LogBackward(*state_, index);
  }
  if (state_->param.debug_info() && end == 0) LogNorms(*state_);
}

float Net::ForwardBackward() {
  float loss = 0;
  Forward(&loss);
  Backward();
  return loss;
}

void Net::ClearParamDiffs() {
  for (Blob* const param : state_->learnable_params) {
    std::fill_n(param->mutable_cpu_diff(), param->size(), 0.0f);
  }
}

void Net::Reshape() {
  const RunScope scope(*state_);
  state_->OutdateLayers(0);
  for (size_t i = 0; i < state_->layers.size(); ++i) {
    try {
      state_->layers[i]->Reshape(state_->bottoms[i], state_->tops[i]);
    } catch (const LayerError&) {
      throw;
    } catch (const Error& error) {
      throw state_->layers[i]->Fail("", error.message(), error.kind());
    }
  }
}

const std::string& Net::name() const { return state_->param.name(); }
caffe::Phase Net::phase() const { return state_->param.state().phase(); }

const std::vector<Blob*>& Net::input_blobs() const { return state_->inputs; }
const std::vector<std::string>& Net::input_names() const { return state_->input_names; }
const std::vector<Blob*>& Net::output_blobs() const { return state_->outputs; }
const std::vector<std::string>& Net::output_names() const { return state_->output_names; }

const std::vector<std::shared_ptr<Blob>>& Net::blobs() const { return state_->blobs; }
const std::vector<std::string>& Net::blob_names() const { return state_->blob_names; }

bool Net::has_blob(const std::string& blob_name) const {
  return state_->blob_index.count(blob_name) > 0;
}

std::shared_ptr<Blob> Net::blob_by_name(const std::string& blob_name) const {
  const auto found = state_->blob_index.find(blob_name);
  if (found == state_->blob_index.end()) {
    throw Error(
        Cat("the net has no blob '", blob_name, "'", DidYouMean(blob_name, state_->blob_names)));
  }
  return state_->blobs[found->second];
}

bool Net::is_split_copy(const std::string& blob_name) const {
  return state_->split_copies.count(blob_name) > 0;
}

bool Net::is_index(const std::string& blob_name) const {
  return state_->index_blobs.count(blob_name) > 0;
}

bool Net::has_gradient(const std::string& blob_name) const {
  return state_->blobs_with_gradient.count(blob_name) > 0;
}

const std::vector<std::shared_ptr<Layer>>& Net::layers() const { return state_->layers; }
const std::vector<std::string>& Net::layer_names() const { return state_->layer_names; }

bool Net::has_layer(const std::string& layer_name) const {
  return state_->layer_index.count(layer_name) > 0;
}

std::shared_ptr<Layer> Net::layer_by_name(const std::string& layer_name) const {
  const auto found = state_->layer_index.find(layer_name);
  if (found == state_->layer_index.end()) {
    throw Error(Cat("the net has no layer '", layer_name, "'",
                    DidYouMean(layer_name, state_->layer_names)));
  }
  return state_->layers[found->second];
}

const std::vector<std::vector<Blob*>>& Net::bottom_vecs() const { return state_->bottoms; }
const std::vector<std::vector<Blob*>>& Net::top_vecs() const { return state_->tops; }
const std::vector<bool>& Net::layer_need_backward() const { return state_->layer_runs_backward; }

const std::vector<std::shared_ptr<Blob>>& Net::params() const { return state_->params; }
const std::vector<Blob*>& Net::learnable_params() const { return state_->learnable_params; }
const std::vector<float>& Net::params_lr() const { return state_->params_lr; }
const std::vector<float>& Net::params_weight_decay() const { return state_->params_weight_decay; }

}  // namespace demitasse
