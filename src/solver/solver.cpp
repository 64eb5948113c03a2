#include "demitasse/solver.hpp"

#include <chrono>
#include <cmath>
#include <limits>
#include <random>
#include <utility>

#include "demitasse/log.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"
#include "src/parse/print_text.hpp"
#include "src/parse/prototxt.hpp"
#include "src/solver/learning_rate.hpp"
#include "src/solver/net_outputs.hpp"
#include "src/solver/not_finite.hpp"
#include "src/solver/smoothed_loss.hpp"
#include "src/solver/snapshot.hpp"
#include "src/solver/solver_source.hpp"
#include "src/solver/training_nets.hpp"
#include "src/solver/update_rule.hpp"

namespace demitasse {
namespace {

using Clock = std::chrono::steady_clock;

uint64_t SeedOf(const caffe::SolverParameter& param) {
  if (param.random_seed() >= 0) return static_cast<uint64_t>(param.random_seed());
  return std::random_device()();
}

SolverSource WithWeights(SolverSource solver, const std::vector<std::string>& weights) {
  for (const std::string& file : weights) solver.param.add_weights(file);
  return solver;
}

}  // namespace

struct Solver::State {
  State(SolverSource solver_source, const SolverOptions& solver_options);

  bool IsDue(int interval) const { return interval > 0 && iter % interval == 0; }
  bool Displays() const { return IsDue(source.param.display()); }
  float AccumulateGradients();
  float ClipFactor() const;
  void ApplyUpdate();
  std::vector<OutputValue> LogIteration(float loss);
  void Report(const SolverEvent& event) const;
  void RunIteration();
  void Test(size_t index);
  void TestAll();
  SolverAction NextAction() const { return action_source ? action_source() : SolverAction::kNone; }
  void Snapshot();
  void SnapshotOnTheWay();
  void Restore(const std::string& path);
  void BuildNets();
  void RequireNets() const;

  const SolverSource source;
  const SolverOptions options;
  const LearningRate learning_rate;
  const UpdateRule rule;
  uint64_t seed;  // of the nets
  std::unique_ptr<Net> net;
  std::vector<std::unique_ptr<Net>> test_nets;
  std::vector<std::unique_ptr<Blob>> history;
  std::function<SolverAction()> action_source;
  std::function<void(const SolverEvent&)> listener;

  int iter = 0;
  bool stopped = false;
  std::string last_snapshot;
  bool snapshot_failed = false;  // the newest on the way
  SmoothedLoss loss;
  Clock::time_point displayed_at = Clock::now();
  int displayed_iter = 0;
};

Solver::State::State(SolverSource solver_source, const SolverOptions& solver_options)
    : source(WithWeights(std::move(solver_source), solver_options.weights)),
      options(solver_options),
      learning_rate(source),
      rule(source),
      seed(SeedOf(source.param)),
      loss(source.param.average_loss()) {
  LogInfo("Initializing solver from parameters: \n" + PrintText(source.param));
  Diagnostics diagnostics;
  CheckSolver(source, &diagnostics);
  diagnostics.ThrowIfErrors();
  TellOfFieldsWithoutEffect(source.param);
  BuildNets();
  for (int copy = 0; copy < rule.num_histories(); ++copy) {
    for (const Blob* const param : net->learnable_params()) {
      history.push_back(std::make_unique<Blob>(param->shape()));
    }
  }
  LoadWeights(source, net.get());
  LogInfo("Solver scaffolding done.");
}

void Solver::State::BuildNets() {
  test_nets.clear();
  net.reset();  // before the new one takes memory
  net = BuildTrainNet(source, options, seed);
  test_nets = BuildTestNets(source, options, seed);
}

void Solver::State::RequireNets() const {
  if (net != nullptr) return;
  throw Error("the solver has no nets: those for a state to continue from could not be built",
              ErrorKind::kRun);
}

// The gradients of iter_size batches, summed; returns the mean of their losses.
float Solver::State::AccumulateGradients() {
  const ThreadScope threads(options.threads);
  if (source.param.debug_info()) net->set_debug_info(Displays());
  net->ClearParamDiffs();
  float sum = 0;
  for (int i = 0; i < source.param.iter_size(); ++i) sum += net->ForwardBackward();
  const float mean = sum / static_cast<float>(source.param.iter_size());
  if (const std::string problem = FindNotFinite(*net, mean); !problem.empty()) {
    const std::string where = Cat("iteration ", iter, ": ", problem);
    if (options.on_nan == OnNan::kWarn) {
      LogWarning(where);
    } else {
      throw Error(source.source->Find(""),
                  Cat(where, "; ",
                      last_snapshot.empty() ? "no snapshot was taken"
                                            : "the last snapshot is " + last_snapshot),
                  ErrorKind::kRun);
    }
  }
  return mean;
}

// What scales the gradients down to a norm of clip_gradients; 1 if they are shorter.
float Solver::State::ClipFactor() const {
  const float limit = source.param.clip_gradients();
  if (limit < 0) return 1;
  double squares = 0;
  for (const Blob* const param : net->learnable_params()) squares += param->sumsq_diff();
  const auto norm = static_cast<float>(std::sqrt(squares));
  if (norm <= limit) return 1;
  LogInfo(Cat("Gradient clipping: scaling down gradients (L2 norm ", norm, " > ", limit,
              ") by scale factor ", limit / norm));
  return limit / norm;
}

void Solver::State::ApplyUpdate() {
  const ThreadScope threads(options.threads);
  const float rate = learning_rate.At(iter);
  if (Displays()) LogInfo(Cat("Iteration ", iter, ", lr = ", rate));
  const float scale = ClipFactor() / static_cast<float>(source.param.iter_size());
  const std::vector<Blob*>& params = net->learnable_params();
  for (size_t i = 0; i < params.size(); ++i) {
    ParameterUpdate update;
    update.size = params[i]->size();
    update.gradient = params[i]->cpu_diff();
    update.weight = params[i]->mutable_cpu_data();
    for (size_t at = i; at < history.size(); at += params.size()) {
      update.history.push_back(history[at]->mutable_cpu_data());
    }
    update.rate = rate * net->params_lr()[i];
    update.decay = source.param.weight_decay() * net->params_weight_decay()[i];
    update.scale = scale;
    update.iteration = iter;
    rule.Apply(update);
  }
}

std::vector<OutputValue> Solver::State::LogIteration(float value) {
  const Clock::time_point now = Clock::now();
  const float seconds = std::chrono::duration<float>(now - displayed_at).count();
  const float rate = static_cast<float>(iter - displayed_iter) / (seconds > 0 ? seconds : 1);
  displayed_at = now;
  displayed_iter = iter;
  LogInfo(Cat("Iteration ", iter, " (", rate, " iter/s, ", seconds, "s/", source.param.display(),
              " iters), loss = ", value));
  NetOutputs outputs(*net);
  outputs.Add();
  std::vector<OutputValue> means = outputs.Means();
  LogOutputs("Train", means);
  return means;
}

void Solver::State::Report(const SolverEvent& event) const {
  if (listener) listener(event);
}

void Solver::State::RunIteration() {
  SolverEvent event;
  event.iteration = iter;
  event.loss = loss.Add(AccumulateGradients());
  event.learning_rate = learning_rate.At(iter);
  if (Displays()) event.outputs = LogIteration(event.loss);
  ApplyUpdate();
  ++iter;
  Report(event);
}

void Solver::State::Test(size_t index) {
  LogInfo(Cat("Iteration ", iter, ", Testing net (#", index, ")"));
  Net& test_net = *test_nets[index];
  test_net.ShareTrainedLayersWith(*net);
  const int batches = source.param.test_iter(static_cast<int>(index));
  NetOutputs outputs(test_net);
  float loss_sum = 0;
  for (int i = 0; i < batches; ++i) {
    const SolverAction action = NextAction();
    if (action == SolverAction::kSnapshot) SnapshotOnTheWay();
    stopped = action == SolverAction::kStop;
    if (stopped) return;
    float batch_loss = 0;
    test_net.Forward(&batch_loss);
    loss_sum += batch_loss;
    outputs.Add();
  }
  if (source.param.test_compute_loss()) {
    LogInfo(Cat("Test loss: ", loss_sum / static_cast<float>(batches)));
  }
  SolverEvent event;
  event.kind = SolverEvent::kTest;
  event.iteration = iter;
  event.test_net = static_cast<int>(index);
  event.outputs = outputs.Means();
  LogOutputs("Test", event.outputs);
  Report(event);
}

void Solver::State::TestAll() {
  for (size_t i = 0; i < test_nets.size() && !stopped; ++i) Test(i);
}

void Solver::State::Snapshot() {
  caffe::SolverState state;
  state.set_iter(iter);
  state.set_current_step(learning_rate.Steps(iter));
  HistoryToProto(history, &state);
  caffe::TrainingPosition* const position = state.mutable_position();
  position->set_seed(seed);
  *position->add_net() = net->Position();
  for (const auto& test_net : test_nets) *position->add_net() = test_net->Position();
  last_snapshot = SaveSnapshot(source.param, *net, std::move(state));
  if (options.keep_snapshots > 0) {
    KeepSnapshots(source.param.snapshot_prefix(), options.keep_snapshots);
  }
  SolverEvent event;
  event.kind = SolverEvent::kSnapshot;
  event.iteration = iter;
  event.file = last_snapshot;
  Report(event);
}

// A disk that is full now may have room later: training is worth more than one snapshot.
void Solver::State::SnapshotOnTheWay() {
  try {
    Snapshot();
    snapshot_failed = false;
  } catch (const Error& error) {
    snapshot_failed = true;
    LogWarning(
        Cat(error.what(), "; there is no snapshot of iteration ", iter, ", training goes on"));
  }
}

void Solver::State::Restore(const std::string& path) {
  caffe::SolverState state = ReadSolverState(path);
  if (state.iter() < 0) {
    throw Error(Location{path}, Cat("the state is damaged: it is of iteration ", state.iter()));
  }
  HistoryFromProto(path, state, history);
  caffe::TrainingPosition* const position = state.mutable_position();
  if (position->has_seed() && position->seed() != seed) {
    seed = position->seed();
    BuildNets();
  }
  // A state of Caffe's own: its data go on where so many iterations end.
  if (position->net().empty()) {
    position->add_net()->set_batches(int64_t{state.iter()} * source.param.iter_size());
  }
  net->SetPosition(position->net(0));
  for (size_t i = 0; i < test_nets.size() && static_cast<int>(i) + 1 < position->net_size(); ++i) {
    test_nets[i]->SetPosition(position->net(static_cast<int>(i) + 1));
  }
  if (state.has_learned_net()) net->CopyTrainedLayersFrom(FindWeights(state, path));
  iter = state.iter();
  last_snapshot = path;
}

Solver::Solver(const std::string& prototxt, const SolverOptions& options)
    : state_(std::make_unique<State>(ReadSolverFile(prototxt, options.lenient), options)) {}

Solver::Solver(const caffe::SolverParameter& param, const SolverOptions& options)
    : state_(std::make_unique<State>(UpgradedSolver(param), options)) {}

Solver::~Solver() = default;

void Solver::Step(int iterations) {
  State& s = *state_;
  s.RequireNets();
  const caffe::SolverParameter& param = s.source.param;
  constexpr int kLast = std::numeric_limits<int>::max();
  const int end = iterations > kLast - s.iter ? kLast : s.iter + iterations;
  s.stopped = false;
  s.loss.Restart();
  s.displayed_at = Clock::now();
  s.displayed_iter = s.iter;
  while (s.iter < end) {
    if (s.IsDue(param.test_interval()) && (s.iter > 0 || param.test_initialization())) s.TestAll();
    if (s.stopped) return;
    s.RunIteration();
    const SolverAction action = s.NextAction();
    if (s.IsDue(param.snapshot()) || action == SolverAction::kSnapshot) s.SnapshotOnTheWay();
    s.stopped = action == SolverAction::kStop;
    if (s.stopped) return;
  }
}

void Solver::Solve(const std::string& resume) {
  State& s = *state_;
  const caffe::SolverParameter& param = s.source.param;
  LogInfo(Cat("Solving ", net().name()));
  LogInfo(Cat("Learning Rate Policy: ", param.lr_policy()));
  if (!resume.empty()) {
    LogInfo(Cat("Restoring previous solver status from ", resume));
    Restore(resume);
  }
  if (s.iter >= param.max_iter()) {
    LogWarning(Cat("max_iter is ", param.max_iter(), " and the run is at iteration ", s.iter,
                   ": there is nothing to train"));
  }
  Step(param.max_iter() - s.iter);
  const bool is_taken = s.IsDue(param.snapshot()) && !s.snapshot_failed;
  if (param.snapshot_after_train() && !is_taken) s.Snapshot();
  if (s.stopped) {
    LogInfo("Optimization stopped early.");
    return;
  }
  // The state after the last update, which no iteration has shown.
  if (s.Displays()) {
    float value = 0;
    s.net->Forward(&value);
    LogInfo(Cat("Iteration ", s.iter, ", loss = ", s.loss.Add(value)));
  }
  if (s.IsDue(param.test_interval())) s.TestAll();
  LogInfo("Optimization Done.");
}

void Solver::Snapshot() {
  state_->RequireNets();
  state_->Snapshot();
}

void Solver::Restore(const std::string& path) {
  std::string state = path;
  if (path == "latest") {
    const std::string& prefix = param().snapshot_prefix();
    const std::vector<std::string> states = ListSnapshots(prefix);
    if (states.empty()) {
      LogInfo(Cat("There is no snapshot ", prefix, "_iter_N.solverstate yet; starting anew"));
      return;
    }
    state = states.back();
  }
  state_->Restore(state);
}

void Solver::SetActionSource(std::function<SolverAction()> source) {
  state_->action_source = std::move(source);
}

void Solver::SetListener(std::function<void(const SolverEvent&)> listener) {
  state_->listener = std::move(listener);
}

const caffe::SolverParameter& Solver::param() const { return state_->source.param; }
int Solver::iter() const { return state_->iter; }
Net& Solver::net() {
  state_->RequireNets();
  return *state_->net;
}
const std::vector<std::unique_ptr<Net>>& Solver::test_nets() const { return state_->test_nets; }
const std::vector<std::unique_ptr<Blob>>& Solver::history() const { return state_->history; }

}  // namespace demitasse
