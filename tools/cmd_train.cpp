// demitasse train: train a net as a solver says.
#include <csignal>
#include <iostream>
#include <limits>
#include <memory>
#include <optional>

#include "demitasse/log.hpp"
#include "demitasse/solver.hpp"
#include "src/core/text.hpp"
#include "src/solver/snapshot.hpp"
#include "src/solver/solver_source.hpp"
#include "tools/commands.hpp"
#include "tools/log_lines.hpp"
#include "tools/net_flags.hpp"
#include "tools/style.hpp"
#include "tools/training_log.hpp"

namespace demitasse {
namespace {

constexpr char kDescription[] =
    R"(Writes Caffe's log lines on standard error; on a terminal, one line that shows
how far it is (--verbose brings the log lines back).

Ctrl-C stops after the iteration and takes a snapshot, if the solver says so;
the hang-up signal takes one and training goes on.
)";

constexpr char kExamples[] = R"(  demitasse train --solver=solver.prototxt
  demitasse train --solver=solver.prototxt --weights=pretrained.caffemodel
  demitasse train --solver=solver.prototxt --snapshot=net_iter_5000.solverstate
)";

struct TrainOptions {
  std::string solver;
  std::string snapshot;
  SolverOptions options;
  SolverAction on_interrupt = SolverAction::kStop;
  SolverAction on_hangup = SolverAction::kSnapshot;
  std::string json;
  std::string gpu;
};

Flag EffectFlag(const std::string& name, SolverAction* action, const std::string& signal) {
  return ChoiceFlag<SolverAction>(name, action,
                                  {{"stop", SolverAction::kStop},
                                   {"snapshot", SolverAction::kSnapshot},
                                   {"none", SolverAction::kNone}},
                                  "what " + signal + " does");
}

std::vector<FlagGroup> TrainFlags(TrainOptions* train) {
  SolverOptions* const options = &train->options;
  return {
      {"What is trained",
       {TextFlag("solver", "SOLVER.prototxt", &train->solver, "the solver; always needed"),
        TextFlag("snapshot", "A.solverstate", &train->snapshot,
                 "continue from this state, which names its weights; latest: from the newest of "
                 "this solver, or anew if there is none"),
        ListFlag("weights", "A.caffemodel", &options->weights,
                 "start from these weights, for the layers of the same names"),
        LevelFlag(&options->level), StageFlag(&options->stages), LenientFlag(&options->lenient)}},
      {"The run",
       {WholeFlag("keep", &options->keep_snapshots, 0, std::numeric_limits<int>::max(),
                  "keep that many snapshots and remove older ones; 0: all"),
        ChoiceFlag<OnNan>("on_nan", &options->on_nan,
                          {{"stop", OnNan::kStop}, {"warn", OnNan::kWarn}},
                          "what a loss or a gradient that is NaN or infinite does"),
        EffectFlag("sigint_effect", &train->on_interrupt, "Ctrl-C (SIGINT)"),
        EffectFlag("sighup_effect", &train->on_hangup, "a hang-up (SIGHUP)"),
        EngineFlag(&options->engine), ThreadsFlag(&options->threads),
        MemoryLimitFlag(&options->memory_limit), GpuFlag(&train->gpu)}},
      {"What it tells",
       {TextFlag("log_json", "FILE", &train->json,
                 "write a JSON object for each displayed iteration, test and snapshot")}}};
}

volatile std::sig_atomic_t caught_interrupt = 0;
volatile std::sig_atomic_t caught_hangup = 0;

// Notes the signals whose effects are wanted, and says what they ask for.
class Signals {
 public:
  explicit Signals(const TrainOptions& train)
      : on_interrupt_(train.on_interrupt), on_hangup_(train.on_hangup) {
    const auto note_interrupt = [](int) { caught_interrupt = 1; };
    const auto note_hangup = [](int) { caught_hangup = 1; };
    std::signal(SIGINT, on_interrupt_ == SolverAction::kNone ? SIG_IGN : +note_interrupt);
    std::signal(SIGHUP, on_hangup_ == SolverAction::kNone ? SIG_IGN : +note_hangup);
  }

  SolverAction Next() const {
    if (caught_interrupt != 0) {
      caught_interrupt = 0;
      return on_interrupt_;
    }
    if (caught_hangup != 0) {
      caught_hangup = 0;
      return on_hangup_;
    }
    return SolverAction::kNone;
  }

 private:
  const SolverAction on_interrupt_;
  const SolverAction on_hangup_;
};

// Samples in one iteration: the first dimension of the first blob, which data layers make.
int BatchSize(Solver* solver) {
  const auto& blobs = solver->net().blobs();
  if (blobs.empty() || blobs[0]->num_axes() == 0) return 0;
  return blobs[0]->shape(0) * solver->param().iter_size();
}

void Train(const TrainOptions& train) {
  if (train.solver.empty()) {
    throw UsageError("there is no solver; give --solver=SOLVER.prototxt");
  }
  if (!train.snapshot.empty() && !train.options.weights.empty()) {
    throw UsageError(
        "--snapshot continues a run with its own weights, --weights starts one; give one of them");
  }
  const bool resumes = !train.snapshot.empty();
  // A wrong file is found before the nets are built.
  if (resumes && train.snapshot != "latest") ReadSolverState(train.snapshot);
  const Signals signals(train);
  std::unique_ptr<JsonLog> json;
  if (!train.json.empty()) json = std::make_unique<JsonLog>(train.json);

  LogInfo("Use CPU.");
  Solver solver(train.solver, train.options);
  if (!WantsGpu(solver.param())) WarnOfGpu(train.gpu);  // otherwise the solver has warned
  std::optional<ProgressLine> progress;
  if (!LogsInformation() && ShowsProgress()) {
    progress.emplace(solver.param().max_iter(), BatchSize(&solver));
  }
  solver.SetListener([&](const SolverEvent& event) {
    if (json != nullptr) json->Write(event);
    if (progress) progress->Show(event);
  });
  solver.SetActionSource([&signals] { return signals.Next(); });
  if (resumes) {
    LogInfo(Cat("Resuming from ", train.snapshot));
    solver.Restore(train.snapshot);
  }
  LogInfo("Starting Optimization");
  solver.Solve();
  LogInfo("Optimization Done.");
}

}  // namespace

Command TrainCommand() {
  const auto train = std::make_shared<TrainOptions>();
  Command command;
  command.name = "demitasse train";
  command.summary = "train a net as a solver says";
  command.usage = {"--solver=SOLVER.prototxt [flags]"};
  command.description = kDescription;
  command.examples = kExamples;
  command.flags = TrainFlags(train.get());
  command.exit_codes =
      "0 done; 1 the run failed (disk full, the loss is NaN); 2 wrong usage or wrong input";
  command.verbose = !ShowsProgress();
  command.takes_plugins = true;
  command.run = [train] { Train(*train); };
  return command;
}

}  // namespace demitasse
