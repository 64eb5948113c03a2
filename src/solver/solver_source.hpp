// A solver as a program gives it: read, in today's form, checked.
#ifndef DEMITASSE_SRC_SOLVER_SOLVER_SOURCE_HPP_
#define DEMITASSE_SRC_SOLVER_SOLVER_SOURCE_HPP_

#include <string>

#include "demitasse/caffe.pb.h"
#include "src/parse/prototxt.hpp"

namespace demitasse {

// Reads the file. A solver without snapshot_prefix gets the file's name for one, without extension.
// Throws Error for the first problem found; warnings are logged.
SolverSource ReadSolverFile(const std::string& prototxt, bool lenient);

// The same for a message, which came from no file.
SolverSource UpgradedSolver(const caffe::SolverParameter& param);

// Whether the solver asks for a GPU, in so many words.
bool WantsGpu(const caffe::SolverParameter& param);

// Throws Error at a count that is out of its range, and if snapshots could not be written where
// they are to be. Tells of fields that have no effect here.
void CheckSolver(const SolverSource& solver);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_SOLVER_SOLVER_SOURCE_HPP_
