// NetTimer: times the passes of a net, layer by layer.
#ifndef DEMITASSE_TOOLS_NET_TIMER_HPP_
#define DEMITASSE_TOOLS_NET_TIMER_HPP_

#include <chrono>
#include <cstdint>
#include <vector>

#include "demitasse/net.hpp"

namespace demitasse {

// Microseconds since the timer was made.
struct TimeSpan {
  double start = 0;
  double duration = 0;
};

struct TimedPass {
  std::vector<TimeSpan> spans;  // of every iteration; none if the pass does not run
  int64_t conversions = 0;      // of arrays from one layout into another, in the last iteration
};

struct TimedPasses {
  TimedPass forward;
  TimedPass backward;
};

class NetTimer {
 public:
  // Passes backward through the net need forward ones before.
  explicit NetTimer(Net* net);

  // The first passes, which are not counted: memory is taken and ops are made ready in them. A
  // layer that fails to run backward, since it has no gradient, is skipped from then on, with a
  // warning.
  float WarmUpForward();
  void WarmUpBackward();

  // A pass through all layers, counted.
  void Forward();
  void Backward();

  const Net& net() const { return net_; }
  const std::vector<TimedPasses>& layers() const { return layers_; }
  const TimedPasses& passes() const { return passes_; }  // through the whole net
  double Now() const;

 private:
  template <typename Step>
  void Time(const Step& step, TimedPass* pass) const;

  Net& net_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::vector<TimedPasses> layers_;
  TimedPasses passes_;
  std::vector<bool> runs_backward_;
};

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_NET_TIMER_HPP_
