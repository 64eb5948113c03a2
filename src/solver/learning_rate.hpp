// A solver's lr_policy: the learning rate as a function of the iteration.
#ifndef DEMITASSE_SRC_SOLVER_LEARNING_RATE_HPP_
#define DEMITASSE_SRC_SOLVER_LEARNING_RATE_HPP_

#include "demitasse/caffe.pb.h"
#include "src/parse/prototxt.hpp"

namespace demitasse {

// With b = base_lr, g = gamma, p = power and i the iteration, from 0:
//   fixed      b
//   step       b * g ^ floor(i / stepsize)
//   exp        b * g ^ i
//   inv        b * (1 + g * i) ^ -p
//   multistep  b * g ^ (how many of the stepvalues are not above i)
//   poly       b * (1 - i / max_iter) ^ p
//   sigmoid    b / (1 + exp(-g * (i - stepsize)))
class LearningRate {
 public:
  // Throws Error at the field that the policy misses, or that is out of its range.
  explicit LearningRate(const SolverSource& solver);

  float At(int iteration) const { return at_(param_, iteration); }
  // How often the policies step and multistep have stepped; 0 for the others.
  int Steps(int iteration) const;

 private:
  caffe::SolverParameter param_;
  float (*at_)(const caffe::SolverParameter& param, int iteration);
};

// Adds all that the constructor would throw.
void CheckLearningRate(const SolverSource& solver, Diagnostics* diagnostics);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_SOLVER_LEARNING_RATE_HPP_
