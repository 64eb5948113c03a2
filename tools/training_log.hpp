// What a training run shows beside its log lines: one line that is rewritten on a terminal, and a
// file of JSON objects for programs.
#ifndef DEMITASSE_TOOLS_TRAINING_LOG_HPP_
#define DEMITASSE_TOOLS_TRAINING_LOG_HPP_

#include <chrono>
#include <fstream>
#include <string>

#include "demitasse/solver.hpp"

namespace demitasse {

// One object on each line: for every displayed iteration
//   {"event": "train", "iteration": 100, "seconds": 1.5, "loss": 0.4, "lr": 0.01,
//    "outputs": [{"name": "loss", "value": 0.39, "loss_weight": 1}]}
// for every test the same with "event": "test" and "net" instead of loss and lr, for every snapshot
// "event": "snapshot" and "file". NaN and infinities are null.
class JsonLog {
 public:
  // Throws Error if the file cannot be written.
  explicit JsonLog(const std::string& path);
  void Write(const SolverEvent& event);

 private:
  const std::string path_;
  std::ofstream file_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// The line "iteration 1200/10000  loss 0.0312  accuracy 0.9871  8430 images/s  0:42 left" on
// standard error.
class ProgressLine {
 public:
  // `batch` is the number of samples in one iteration, 0 if it is not known.
  ProgressLine(int max_iter, int batch) : max_iter_(max_iter), batch_(batch) {}
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void Show(const SolverEvent& event);

 private:
  using Clock = std::chrono::steady_clock;

  void Print() const;

  const int max_iter_;
  const int batch_;
  const Clock::time_point start_ = Clock::now();
  int first_iteration_ = -1;
  SolverEvent last_;  // iteration
  Clock::time_point shown_at_{};
  std::string test_result_;  // "  accuracy 0.9871"
};

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_TRAINING_LOG_HPP_
