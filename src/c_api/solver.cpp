// Training with demitasse.h.
#include "demitasse/solver.hpp"

#include <memory>
#include <string>
#include <utility>

#include "demitasse/error.hpp"
#include "src/c_api/handles.hpp"
#include "src/c_api/status.hpp"
#include "src/core/text.hpp"

using demitasse::Solver;
using demitasse::SolverAction;
using demitasse::SolverEvent;
using demitasse::c_api::ArgumentError;
using demitasse::c_api::Given;
using demitasse::c_api::Index;
using demitasse::c_api::OptionsOfSolver;
using demitasse::c_api::Try;
using demitasse::c_api::TryGet;

namespace {

// The solver's nets as they are now.
void UpdateNets(demitasse_solver* handle) {
  const auto& test_nets = handle->solver->test_nets();
  while (handle->test_nets.size() < test_nets.size()) {
    handle->test_nets.push_back(std::make_unique<demitasse_net>());
  }
  for (size_t i = 0; i < handle->test_nets.size(); ++i) {
    handle->test_nets[i]->net = i < test_nets.size() ? test_nets[i].get() : nullptr;
  }
  try {
    handle->net.net = &handle->solver->net();
  } catch (const demitasse::Error&) {  // it has none any more
    handle->net.net = nullptr;
  }
}

// For a step that may build the nets anew, whether it fails or not.
template <typename Step>
void ThenUpdateNets(demitasse_solver* handle, const Step& step) {
  try {
    step();
  } catch (...) {
    UpdateNets(handle);
    throw;
  }
  UpdateNets(handle);
}

void SetCallback(demitasse_solver* handle, demitasse_iteration_function function, void* user) {
  handle->stops = false;
  if (function == nullptr) {
    handle->solver->SetListener(nullptr);
    handle->solver->SetActionSource(nullptr);
    return;
  }
  handle->solver->SetListener([=](const SolverEvent& event) {
    if (event.kind != SolverEvent::kIteration) return;
    handle->stops = function(handle->solver->iter(), event.loss, user) != 0;
  });
  handle->solver->SetActionSource([handle] {
    return std::exchange(handle->stops, false) ? SolverAction::kStop : SolverAction::kNone;
  });
}

}  // namespace

int demitasse_solver_create(const char* path, const demitasse_options* options,
                            demitasse_solver** solver) {
  return Try(__func__, [&] {
    demitasse_solver*& result = Given(solver, "solver");
    auto handle = std::make_unique<demitasse_solver>();
    handle->solver = std::make_unique<Solver>(&Given(path, "path"), OptionsOfSolver(options));
    UpdateNets(handle.get());
    result = handle.release();
  });
}

void demitasse_solver_free(demitasse_solver* solver) { delete solver; }

int demitasse_solver_step(demitasse_solver* solver, int iterations) {
  return Try(__func__, [&] {
    Solver& target = *Given(solver, "solver").solver;
    if (iterations < 0) {
      throw ArgumentError(demitasse::Cat("iterations must not be negative, got ", iterations));
    }
    target.Step(iterations);
  });
}

int demitasse_solver_solve(demitasse_solver* solver, const char* resume) {
  return Try(__func__, [&] {
    Solver& target = *Given(solver, "solver").solver;
    ThenUpdateNets(solver, [&] { target.Solve(resume == nullptr ? "" : resume); });
  });
}

int demitasse_solver_iteration(const demitasse_solver* solver) {
  return TryGet(__func__, -1, [&] { return Given(solver, "solver").solver->iter(); });
}

int demitasse_solver_set_callback(demitasse_solver* solver, demitasse_iteration_function function,
                                  void* user) {
  return Try(__func__, [&] { SetCallback(&Given(solver, "solver"), function, user); });
}

int demitasse_solver_snapshot(demitasse_solver* solver) {
  return Try(__func__, [&] { Given(solver, "solver").solver->Snapshot(); });
}

int demitasse_solver_restore(demitasse_solver* solver, const char* path) {
  return Try(__func__, [&] {
    Solver& target = *Given(solver, "solver").solver;
    const std::string state = &Given(path, "path");
    ThenUpdateNets(solver, [&] { target.Restore(state); });
  });
}

demitasse_net* demitasse_solver_net(demitasse_solver* solver) {
  return TryGet<demitasse_net*>(__func__, nullptr, [&] { return &Given(solver, "solver").net; });
}

int demitasse_solver_test_net_count(const demitasse_solver* solver) {
  return TryGet(__func__, -1,
                [&] { return static_cast<int>(Given(solver, "solver").test_nets.size()); });
}

demitasse_net* demitasse_solver_test_net(demitasse_solver* solver, int index) {
  return TryGet<demitasse_net*>(__func__, nullptr, [&] {
    const auto& test_nets = Given(solver, "solver").test_nets;
    return test_nets[Index(index, test_nets.size(), "test net")].get();
  });
}
