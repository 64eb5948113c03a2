// soak loads MINUTES: builds, runs and destroys every net of models/ again and again.
// soak training MINUTES SOLVER: trains for that time.
//
// Prints the process's memory and what a round or an iteration takes of a processor's time, which
// other programs disturb less than the clock's, about 32 times, and fails if the median of the last
// quarter is above that of the second; the first is for warming up.
// scripts/soak calls this.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "demitasse/error.hpp"
#include "demitasse/net.hpp"
#include "demitasse/solver.hpp"

namespace demitasse {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double Megabytes() {
  int64_t total = 0;
  int64_t resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return static_cast<double>(resident * sysconf(_SC_PAGESIZE)) / (1 << 20);
}

// Of the processors, in seconds.
double Used() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

class Watch {
 public:
  explicit Watch(double minutes) : seconds_(60 * minutes) {}

  bool is_over() const { return Now() >= seconds_; }

  // To be called behind each round or iteration.
  void Step() {
    constexpr double kSamples = 32;
    ++steps_;
    ++steps_since_;
    const double now = Now();
    if (now < static_cast<double>(memory_.size() + 1) * seconds_ / kSamples) return;
    memory_.push_back(Megabytes());
    const double used = Used();
    milliseconds_.push_back(1000 * (used - used_) / static_cast<double>(steps_since_));
    std::printf("%7.0f s %9d done %9.1f MB %10.3f ms each\n", now, steps_, memory_.back(),
                milliseconds_.back());
    std::fflush(stdout);
    used_ = used;
    steps_since_ = 0;
  }

  // Time may rise by more than memory: other programs run, too.
  bool IsFlat() const {
    const bool memory_is_flat = IsFlat("memory, MB", memory_, 1.02);
    return IsFlat("time of one, ms", milliseconds_, 1.10) && memory_is_flat;
  }

 private:
  double Now() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  static double MedianOfQuarter(std::vector<double> values, size_t quarter) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(quarter * values.size() / 4);
    const auto end =
        values.begin() + static_cast<std::ptrdiff_t>((quarter + 1) * values.size() / 4);
    std::sort(begin, end);
    return begin == end ? 0 : begin[(end - begin) / 2];
  }

  static bool IsFlat(const char* what, const std::vector<double>& values, double most) {
    const double second = MedianOfQuarter(values, 1);
    const double last = MedianOfQuarter(values, 3);
    const bool is_flat = last <= most * second;
    std::printf("%s: %.2f in the second quarter, %.2f in the last: %s\n", what, second, last,
                is_flat ? "flat" : "rising");
    return is_flat;
  }

  const Clock::time_point start_ = Clock::now();
  const double seconds_;
  double used_ = Used();
  int steps_ = 0;
  int steps_since_ = 0;
  std::vector<double> memory_;
  std::vector<double> milliseconds_;
};

std::vector<std::string> Models() {
  std::vector<std::string> nets;
  for (const auto& entry : fs::recursive_directory_iterator(DEMITASSE_SOURCE_DIR "/models")) {
    const fs::path& path = entry.path();
    if (path.extension() == ".prototxt" && path.stem() != "solver") nets.push_back(path.string());
  }
  std::sort(nets.begin(), nets.end());
  return nets;
}

bool SoakLoads(double minutes) {
  Watch watch(minutes);
  const std::vector<std::string> models = Models();
  while (!watch.is_over()) {
    for (const std::string& model : models) {
      Net net(model);
      net.Forward();
      net.Optimize();
      net.Forward();
    }
    watch.Step();
  }
  return watch.IsFlat();
}

bool SoakTraining(double minutes, const std::string& solver_file) {
  Solver solver(solver_file);
  Watch watch(minutes);
  while (!watch.is_over()) {
    solver.Step(1);
    watch.Step();
  }
  return watch.IsFlat();
}

}  // namespace
}  // namespace demitasse

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  try {
    const bool is_flat = argc < 4 ? demitasse::SoakLoads(std::atof(argv[2]))
                                  : demitasse::SoakTraining(std::atof(argv[2]), argv[3]);
    return is_flat ? 0 : 1;
  } catch (const demitasse::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  return 2;
}
