// SignalHandler: lets SIGINT and SIGHUP stop a solver or make it write a snapshot.
#ifndef DEMITASSE_CAFFE_UTIL_SIGNAL_HANDLER_H_
#define DEMITASSE_CAFFE_UTIL_SIGNAL_HANDLER_H_

#include "caffe/solver.hpp"
#include "demitasse/export.hpp"

namespace caffe {

// The signals have these effects as long as it lives; there can be one at a time.
class DEMITASSE_API SignalHandler {
 public:
  SignalHandler(SolverAction::Enum SIGINT_action, SolverAction::Enum SIGHUP_action);
  ~SignalHandler();
  SignalHandler(const SignalHandler&) = delete;
  SignalHandler& operator=(const SignalHandler&) = delete;

  // For Solver::SetActionFunction.
  ActionCallback GetActionFunction();

 private:
  SolverAction::Enum CheckForSignals() const;

  const SolverAction::Enum SIGINT_action_;
  const SolverAction::Enum SIGHUP_action_;
};

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_UTIL_SIGNAL_HANDLER_H_
