// The nets that a solver trains and tests, from the many ways to name them.
#ifndef DEMITASSE_SRC_SOLVER_TRAINING_NETS_HPP_
#define DEMITASSE_SRC_SOLVER_TRAINING_NETS_HPP_

#include <memory>
#include <vector>

#include "demitasse/net.hpp"
#include "demitasse/solver.hpp"
#include "src/parse/prototxt.hpp"

namespace demitasse {

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
