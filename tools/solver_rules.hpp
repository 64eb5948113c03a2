// What `check` warns of in a solver: fields that do nothing, and values that nobody means. What
// keeps it from training is found by the library itself.
#ifndef DEMITASSE_TOOLS_SOLVER_RULES_HPP_
#define DEMITASSE_TOOLS_SOLVER_RULES_HPP_

#include "src/parse/prototxt.hpp"

namespace demitasse {

void FindOddSolverFields(const SolverSource& solver, Diagnostics* warnings);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_SOLVER_RULES_HPP_
