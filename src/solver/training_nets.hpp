// The nets that a solver trains and tests, from the many ways to name them.
#ifndef DEMITASSE_SRC_SOLVER_TRAINING_NETS_HPP_
#define DEMITASSE_SRC_SOLVER_TRAINING_NETS_HPP_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "demitasse/net.hpp"
#include "demitasse/solver.hpp"
#include "src/parse/prototxt.hpp"

namespace demitasse {

// A net as a solver names it, a file or a message inside the solver, and the state it is for.
struct NamedNet {
  std::string field;  // "test_net[1]"
  std::string file;
  const caffe::NetParameter* param = nullptr;
  caffe::NetState state;
  std::string state_field = {};  // "test_state[1]"
};

// The net to train, and those to test, in the order in which they are built. Problems are added to
// `diagnostics`.
std::optional<NamedNet> FindTrainNet(const SolverSource& solver, Diagnostics* diagnostics);
std::vector<NamedNet> FindTestNets(const SolverSource& solver, Diagnostics* diagnostics);

// Reads a net of a solver. Problems are added to `diagnostics`; an Error is thrown if there is no
// such file.
NetSource ReadNamedNet(const SolverSource& solver, const NamedNet& named,
                       const TextOptions& options, Diagnostics* diagnostics);

// The net to train: the one of net, net_param, train_net and train_net_param that is given, for
// phase TRAIN and train_state. `seed` is where its random numbers start.
std::unique_ptr<Net> BuildTrainNet(const SolverSource& solver, const SolverOptions& options,
                                   uint64_t seed);

// The nets to test, in the order of test_iter: those of test_net_param and test_net, then as many
// of net or net_param as test_iter has entries left; for phase TEST and their test_state.
std::vector<std::unique_ptr<Net>> BuildTestNets(const SolverSource& solver,
                                                const SolverOptions& options, uint64_t seed);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_SOLVER_TRAINING_NETS_HPP_
