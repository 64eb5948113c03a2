#include "tools/progress_bar.hpp"

#include <algorithm>
#include <iostream>

#include "src/core/text.hpp"
#include "tools/style.hpp"

namespace demitasse {

std::string ProgressText(int64_t done, int64_t total) {
  constexpr int kWidth = 30;
  const double share = std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0);
  std::string bar(static_cast<size_t>(share * kWidth), '#');
  bar.resize(kWidth, '.');
  std::string percent = Cat(static_cast<int>(share * 100), "%");
  percent.insert(0, 4 - percent.size(), ' ');
  return Cat("[", bar, "] ", percent, " ", done, "/", total);
}

ProgressBar::ProgressBar(int64_t total) : total_(total), shown_(ShowsProgress()) {}

ProgressBar::~ProgressBar() {
  if (shown_) std::cerr << "\r\033[K" << std::flush;
}

void ProgressBar::Step() {
  constexpr std::chrono::milliseconds kBetween(100);
  ++done_;
  if (!shown_) return;
  const Clock::time_point now = Clock::now();
  if (now - shown_at_ < kBetween) return;
  shown_at_ = now;
  std::cerr << "\r\033[K" << (total_ > 0 ? ProgressText(done_, total_) : Cat(done_)) << std::flush;
}

}  // namespace demitasse
