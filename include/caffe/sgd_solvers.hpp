// The solvers, each as a class.
#ifndef DEMITASSE_CAFFE_SGD_SOLVERS_HPP_
#define DEMITASSE_CAFFE_SGD_SOLVERS_HPP_

#include <string>

#include "caffe/solver.hpp"

namespace caffe {

namespace compat {

inline SolverParameter OfType(SolverParameter param, const char* type) {
  param.set_type(type);
  param.clear_solver_type();
  return param;
}

}  // namespace compat

#define DEMITASSE_CAFFE_SOLVER(Class, name)                                                      \
  template <typename Dtype>                                                                      \
  class Class : public Solver<Dtype> {                                                           \
   public:                                                                                       \
    explicit Class(const SolverParameter& param) : Solver<Dtype>(compat::OfType(param, name)) {} \
    explicit Class(const std::string& param_file) : Class(compat::ReadSolver(param_file)) {}     \
  }
DEMITASSE_CAFFE_SOLVER(SGDSolver, "SGD");
DEMITASSE_CAFFE_SOLVER(NesterovSolver, "Nesterov");
DEMITASSE_CAFFE_SOLVER(AdaGradSolver, "AdaGrad");
DEMITASSE_CAFFE_SOLVER(RMSPropSolver, "RMSProp");
DEMITASSE_CAFFE_SOLVER(AdaDeltaSolver, "AdaDelta");
DEMITASSE_CAFFE_SOLVER(AdamSolver, "Adam");
#undef DEMITASSE_CAFFE_SOLVER

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_SGD_SOLVERS_HPP_
