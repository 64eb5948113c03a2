// Timers.
#ifndef DEMITASSE_CAFFE_UTIL_BENCHMARK_HPP_
#define DEMITASSE_CAFFE_UTIL_BENCHMARK_HPP_

#include <chrono>

namespace caffe {

class Timer {
 public:
  Timer() = default;
  virtual ~Timer() = default;

  virtual void Start() {
    if (running_) return;
    start_ = Clock::now();
    running_ = true;
    has_run_at_least_once_ = true;
  }
  virtual void Stop() {
    if (!running_) return;
    stop_ = Clock::now();
    running_ = false;
  }
  // Between Start and Stop, which is called if it was not; 0 before the first Start.
  virtual float MilliSeconds() { return MicroSeconds() / 1000; }
  virtual float MicroSeconds() {
    Stop();
    return std::chrono::duration<float, std::micro>(stop_ - start_).count();
  }
  float Seconds() { return MilliSeconds() / 1000; }

  bool initted() const { return true; }
  bool running() const { return running_; }
  bool has_run_at_least_once() const { return has_run_at_least_once_; }

 private:
  using Clock = std::chrono::steady_clock;

  Clock::time_point start_;
  Clock::time_point stop_;
  bool running_ = false;
  bool has_run_at_least_once_ = false;
};

using CPUTimer = Timer;

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_UTIL_BENCHMARK_HPP_
