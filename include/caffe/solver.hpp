// Solver: demitasse::Solver under the names of Caffe's class. Update rules of one's own are not
// possible: none of its steps can be overridden.
#ifndef DEMITASSE_CAFFE_SOLVER_HPP_
#define DEMITASSE_CAFFE_SOLVER_HPP_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "caffe/net.hpp"
#include "caffe/solver_factory.hpp"
#include "demitasse/caffe.pb.h"
#include "demitasse/solver.hpp"

namespace caffe {

namespace SolverAction {
enum Enum { NONE = 0, STOP = 1, SNAPSHOT = 2 };
}  // namespace SolverAction

// Asked between iterations what to do.
typedef std::function<SolverAction::Enum()> ActionCallback;

namespace compat {

// Without a random_seed of its own the solver takes the thread's, if that has one.
DEMITASSE_API std::unique_ptr<demitasse::Solver> MakeSolver(SolverParameter param);
DEMITASSE_API SolverParameter ReadSolver(const std::string& file);
DEMITASSE_API void SetActionSource(const ActionCallback& callback, demitasse::Solver* solver);

}  // namespace compat

template <typename Dtype>
class Solver {
 public:
  explicit Solver(const SolverParameter& param);
  explicit Solver(const std::string& param_file) : Solver(compat::ReadSolver(param_file)) {}
  virtual ~Solver() = default;
  Solver(const Solver&) = delete;
  Solver& operator=(const Solver&) = delete;

  // What it stands for.
  demitasse::Solver& demitasse_solver() { return *solver_; }

  virtual void Solve(const char* resume_file = nullptr) {
    solver_->Solve(resume_file != nullptr ? resume_file : "");
  }
  void Solve(const std::string& resume_file) { Solve(resume_file.c_str()); }
  void Step(int iters) { solver_->Step(iters); }
  void Restore(const char* resume_file) { solver_->Restore(resume_file); }
  void Snapshot() { solver_->Snapshot(); }
  void SetActionFunction(const ActionCallback& callback) {
    compat::SetActionSource(callback, solver_.get());
  }

  const SolverParameter& param() const { return solver_->param(); }
  std::shared_ptr<Net<Dtype>> net() { return net_; }
  const std::vector<std::shared_ptr<Net<Dtype>>>& test_nets() { return test_nets_; }
  int iter() const { return solver_->iter(); }
  virtual const char* type() const { return param().type().c_str(); }

 private:
  // The nets are the solver's, and outlive it as long as they are in use.
  std::shared_ptr<demitasse::Solver> solver_;
  std::shared_ptr<Net<Dtype>> net_;
  std::vector<std::shared_ptr<Net<Dtype>>> test_nets_;
};

template <typename Dtype>
Solver<Dtype>::Solver(const SolverParameter& param) : solver_(compat::MakeSolver(param)) {
  const auto view = [this](demitasse::Net* net) {
    return std::make_shared<Net<Dtype>>(std::shared_ptr<demitasse::Net>(solver_, net));
  };
  net_ = view(&solver_->net());
  for (const auto& net : solver_->test_nets()) test_nets_.push_back(view(net.get()));
}

template <typename Dtype>
Solver<Dtype>* SolverRegistry<Dtype>::CreateSolver(const SolverParameter& param) {
  return new Solver<Dtype>(param);
}

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_SOLVER_HPP_
