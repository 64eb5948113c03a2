// Solvers from text, for the tests of what they are made of.
#ifndef DEMITASSE_TESTS_SOLVER_SOLVER_FIXTURE_HPP_
#define DEMITASSE_TESTS_SOLVER_SOLVER_FIXTURE_HPP_

#include <string>

#include "src/parse/prototxt.hpp"

namespace demitasse {

// A solver from text in a file "solver"; throws the first of its problems.
inline SolverSource SolverFrom(const std::string& text) {
  Diagnostics diagnostics;
  SolverSource solver = ReadSolverFromText(text, "solver", {}, &diagnostics);
  diagnostics.ThrowIfErrors();
  return solver;
}

// What making a Part of that solver throws; "" if nothing.
template <typename Part>
std::string ErrorOf(const std::string& text) {
  try {
    Part part(SolverFrom(text));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace demitasse

#endif  // DEMITASSE_TESTS_SOLVER_SOLVER_FIXTURE_HPP_
