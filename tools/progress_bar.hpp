// How far a long job is: a line on standard error that is rewritten, if that is a terminal.
#ifndef DEMITASSE_TOOLS_PROGRESS_BAR_HPP_
#define DEMITASSE_TOOLS_PROGRESS_BAR_HPP_

#include <chrono>
#include <cstdint>
#include <string>

namespace demitasse {

// The line for `done` of `total` steps, total > 0: "[#########.....................]  30%
// 300/1000".
std::string ProgressText(int64_t done, int64_t total);

class ProgressBar {
 public:
  // A `total` of 0 is one that is not known: only the steps done are shown.
  explicit ProgressBar(int64_t total);
  // Takes the line away.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void Step();

 private:
  using Clock = std::chrono::steady_clock;

  const int64_t total_;
  const bool shown_;
  int64_t done_ = 0;
  Clock::time_point shown_at_{};
};

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_PROGRESS_BAR_HPP_
