#include "src/solver/solver_source.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "demitasse/log.hpp"
#include "src/core/log_warnings.hpp"
#include "src/core/text.hpp"
#include "src/parse/text_reader.hpp"
#include "src/parse/upgrade.hpp"

namespace demitasse {
namespace {

// How many of the fields that `text` sets as one kind of message the other kind does not have.
template <typename Message, typename Other>
size_t CountOwnFields(const std::string& text, const TextOptions& options) {
  Diagnostics ignored;
  Message message;
  ReadText(text, "", options, &message, nullptr, &ignored);
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  return static_cast<size_t>(std::count_if(fields.begin(), fields.end(), [](const auto* field) {
    return Other::descriptor()->FindFieldByName(field->name()) == nullptr;
  }));
}

void CheckCounts(const SolverSource& solver, Diagnostics* diagnostics) {
  const caffe::SolverParameter& param = solver.param;
  const auto check = [&](const char* field, int value, int least) {
    if (value >= least) return;
    diagnostics->Add(solver.Fail(field, Cat(field, " must be at least ", least, ", got ", value)));
  };
  check("iter_size", param.iter_size(), 1);
  check("average_loss", param.average_loss(), 1);
  check("max_iter", param.max_iter(), 0);
  check("display", param.display(), 0);
  check("test_interval", param.test_interval(), 0);
  check("snapshot", param.snapshot(), 0);
}

// Found out before the training, not at its first snapshot.
void CheckSnapshotFolder(const SolverSource& solver, Diagnostics* diagnostics) {
  const caffe::SolverParameter& param = solver.param;
  if (param.snapshot() == 0 && !param.snapshot_after_train()) return;
  const size_t slash = param.snapshot_prefix().find_last_of('/');
  const std::string folder =
      slash == std::string::npos ? "." : param.snapshot_prefix().substr(0, slash + 1);
  if (access(folder.c_str(), W_OK | X_OK) == 0) return;
  diagnostics->Add(solver.Fail("snapshot_prefix", Cat("snapshots cannot be written to the folder '",
                                                      folder, "': ", std::strerror(errno))));
}

}  // namespace

bool IsSolverText(const std::string& text, const TextOptions& options) {
  return CountOwnFields<caffe::SolverParameter, caffe::NetParameter>(text, options) >
         CountOwnFields<caffe::NetParameter, caffe::SolverParameter>(text, options);
}

SolverSource ReadSolverFile(const std::string& prototxt, bool lenient) {
  TextOptions options;
  options.lenient = lenient;
  Diagnostics diagnostics;
  SolverSource solver = ReadSolver(prototxt, options, &diagnostics);
  LogWarnings(diagnostics);
  diagnostics.ThrowIfErrors();
  NameSnapshots(prototxt, &solver);
  return solver;
}

void NameSnapshots(const std::string& prototxt, SolverSource* solver) {
  if (solver->param.has_snapshot_prefix()) return;
  const size_t slash = prototxt.find_last_of('/');
  const size_t dot = prototxt.find_last_of('.');
  const bool has_extension =
      dot != std::string::npos && (slash == std::string::npos || dot > slash);
  solver->param.set_snapshot_prefix(prototxt.substr(0, has_extension ? dot : std::string::npos));
}

SolverSource UpgradedSolver(const caffe::SolverParameter& param) {
  SolverSource solver;
  solver.param = param;
  SourceMap source;
  Diagnostics diagnostics;
  UpgradeSolver(&solver.param, &source, &diagnostics);
  diagnostics.ThrowIfErrors();
  return solver;
}

bool WantsGpu(const caffe::SolverParameter& param) {
  return param.has_solver_mode() && param.solver_mode() == caffe::SolverParameter::GPU;
}

void CheckSolver(const SolverSource& solver, Diagnostics* diagnostics) {
  CheckCounts(solver, diagnostics);
  CheckSnapshotFolder(solver, diagnostics);
}

void TellOfFieldsWithoutEffect(const caffe::SolverParameter& param) {
  if (!param.has_base_lr()) LogWarning("the solver has no base_lr: it trains nothing");
  if (WantsGpu(param)) {
    LogWarning("solver_mode: GPU: there is no code for a GPU; the CPU computes");
  }
  if (param.has_layer_wise_reduce() && param.layer_wise_reduce()) {
    LogInfo("layer_wise_reduce has no effect: there is one solver, whose gradients join nothing");
  }
}

}  // namespace demitasse
