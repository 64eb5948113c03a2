// A solver as a program gives it: read, in today's form, checked.
#ifndef DEMITASSE_SRC_SOLVER_SOLVER_SOURCE_HPP_
#define DEMITASSE_SRC_SOLVER_SOLVER_SOURCE_HPP_

#include <string>

#include "demitasse/caffe.pb.h"
#include "src/parse/prototxt.hpp"

namespace demitasse {

// Whether a text makes more sense as a solver than as a net: it sets more fields that only solvers
// have.
bool IsSolverText(const std::string& text, const TextOptions& options);

// Reads the file. A solver without snapshot_prefix gets the file's name for one, without extension.
// Throws Error for the first problem found; warnings are logged.
SolverSource ReadSolverFile(const std::string& prototxt, bool lenient);

// As Caffe does: without a prefix, snapshots are named after the solver's file.
void NameSnapshots(const std::string& prototxt, SolverSource* solver);

// The same for a message, which came from no file.
SolverSource UpgradedSolver(const caffe::SolverParameter& param);

// Whether the solver asks for a GPU, in so many words.
bool WantsGpu(const caffe::SolverParameter& param);

// Adds an error for each count that is out of its range, and if snapshots could not be written
// where they are to be.
void CheckSolver(const SolverSource& solver, Diagnostics* diagnostics);

// Logs which fields have no effect here.
void TellOfFieldsWithoutEffect(const caffe::SolverParameter& param);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_SOLVER_SOLVER_SOURCE_HPP_
