#include "caffe/util/signal_handler.h"

#include <csignal>

namespace caffe {
namespace {

volatile std::sig_atomic_t got_sigint = 0;
volatile std::sig_atomic_t got_sighup = 0;

void NoteSignal(int signal) { (signal == SIGINT ? got_sigint : got_sighup) = 1; }

// For both signals.
void Handle(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGHUP}) {
    if (sigaction(signal, &action, nullptr) != 0) LOG(FATAL) << "Cannot handle signal " << signal;
  }
}

}  // namespace

SignalHandler::SignalHandler(SolverAction::Enum SIGINT_action, SolverAction::Enum SIGHUP_action)
    : SIGINT_action_(SIGINT_action), SIGHUP_action_(SIGHUP_action) {
  Handle(NoteSignal);
}

SignalHandler::~SignalHandler() {
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGHUP, &action, nullptr);
}

SolverAction::Enum SignalHandler::CheckForSignals() const {
  if (got_sigint != 0) {
    got_sigint = 0;
    return SIGINT_action_;
  }
  if (got_sighup != 0) {
    got_sighup = 0;
    return SIGHUP_action_;
  }
  return SolverAction::NONE;
}

ActionCallback SignalHandler::GetActionFunction() {
  return [this] { return CheckForSignals(); };
}

}  // namespace caffe
