#include "caffe/solver.hpp"

#include "caffe/util/upgrade_proto.hpp"

namespace caffe {
namespace compat {

std::unique_ptr<demitasse::Solver> MakeSolver(SolverParameter param) {
  const std::optional<uint64_t> seed = ThreadSeed();
  if (!param.has_random_seed() && seed) param.set_random_seed(static_cast<int64_t>(*seed));
  return std::make_unique<demitasse::Solver>(param);
}

SolverParameter ReadSolver(const std::string& file) {
  SolverParameter param;
  ReadSolverParamsFromTextFileOrDie(file, &param);
  return param;
}

void SetActionSource(const ActionCallback& callback, demitasse::Solver* solver) {
  solver->SetActionSource([callback] {
    switch (callback()) {
      case SolverAction::STOP:
        return demitasse::SolverAction::kStop;
      case SolverAction::SNAPSHOT:
        return demitasse::SolverAction::kSnapshot;
      case SolverAction::NONE:
        break;
    }
    return demitasse::SolverAction::kNone;
  });
}

}  // namespace compat
}  // namespace caffe
