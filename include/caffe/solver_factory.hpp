// Solvers by their type names.
#ifndef DEMITASSE_CAFFE_SOLVER_FACTORY_HPP_
#define DEMITASSE_CAFFE_SOLVER_FACTORY_HPP_

#include "caffe/common.hpp"
#include "demitasse/caffe.pb.h"

namespace caffe {

template <typename Dtype>
class Solver;

template <typename Dtype>
class SolverRegistry {
 public:
  // A new solver of the type that `param` names; the caller owns it.
  static Solver<Dtype>* CreateSolver(const SolverParameter& param);

  SolverRegistry() = delete;
};

}  // namespace caffe

#include "caffe/solver.hpp"  // IWYU pragma: export

#endif  // DEMITASSE_CAFFE_SOLVER_FACTORY_HPP_
