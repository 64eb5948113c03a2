// Which implementation of an operation computes.
#ifndef DEMITASSE_ENGINE_HPP_
#define DEMITASSE_ENGINE_HPP_

namespace demitasse {

// How a net or a solver computes; see NetOptions and SolverOptions.
enum class Engine {
  kAuto,       // the fastest that supports the case
  kReference,  // plain loops and BLAS, always: slower, the same bits for any number of threads
  kOneDnn,     // as kAuto; a tool built without oneDNN refuses it
};

}  // namespace demitasse

#endif  // DEMITASSE_ENGINE_HPP_
