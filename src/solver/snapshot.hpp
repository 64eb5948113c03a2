// The files training leaves: weights and solver states.
#ifndef DEMITASSE_SRC_SOLVER_SNAPSHOT_HPP_
#define DEMITASSE_SRC_SOLVER_SNAPSHOT_HPP_

#include <memory>
#include <string>
#include <vector>

#include "demitasse/blob.hpp"
#include "demitasse/net.hpp"
#include "src/parse/prototxt.hpp"

namespace demitasse {

using History = std::vector<std::unique_ptr<Blob>>;

// Copies the files that the solver's `weights` names into the net.
void LoadWeights(const SolverSource& solver, Net* net);

// Writes `net` to PREFIX_iter_N.caffemodel, with N the iteration of `state`, and `state`, which
// then names it, to PREFIX_iter_N.solverstate. Each appears when it is complete: after a failure,
// or a crash, the last pair is still there. Returns the name of the state. Throws Error (kRun).
std::string SaveSnapshot(const caffe::SolverParameter& param, const Net& net,
                         caffe::SolverState state);

// The solver states of the snapshots with that prefix, oldest iteration first.
std::vector<std::string> ListSnapshots(const std::string& prefix);

// Removes all but the newest `keep` snapshots with that prefix.
void KeepSnapshots(const std::string& prefix, int keep);

// The history as solver states hold it, and back. Throws Error, before anything is changed, if the
// history is not of this net and this type of solver; `path` is where it comes from.
void HistoryToProto(const History& history, caffe::SolverState* state);
void HistoryFromProto(const std::string& path, const caffe::SolverState& state,
                      const History& history);

// Reads a solver state.
caffe::SolverState ReadSolverState(const std::string& path);

// The weights that the state in the file `path` names, which are where it says or beside it.
std::string FindWeights(const caffe::SolverState& state, const std::string& path);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_SOLVER_SNAPSHOT_HPP_
