// What the times of a net's layers tell, as a table and as JSON.
#ifndef DEMITASSE_TOOLS_TIME_REPORT_HPP_
#define DEMITASSE_TOOLS_TIME_REPORT_HPP_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tools/net_timer.hpp"

namespace demitasse {

// Of the times of a pass over all iterations, in milliseconds; all 0 for a pass that did not run.
struct TimeSummary {
  double median = 0;
  double min = 0;
  double max = 0;
  double spread = 0;  // between the quartiles, as a share of the median
};

struct LayerReport {
  std::string name;
  std::string type;
  std::string implementation;  // empty where there is but one
  TimeSummary forward;
  TimeSummary backward;
  double share = 0;           // of the medians of all layers, forward and backward
  int64_t multiply_adds = 0;  // forward; 0 if the layer does not count them
  int64_t bytes = 0;          // of bottoms, tops and parameters, moved at least once by a Forward
  int64_t conversions = 0;    // of arrays into another layout, forward and backward
};

struct TimeReport {
  std::string phase;
  int iterations = 0;
  int threads = 0;
  TimeSummary forward;  // through the whole net
  TimeSummary backward;
  std::vector<LayerReport> layers;  // those that take longest come first
};

TimeReport MakeTimeReport(const NetTimer& timer, int threads);

// Lines about the whole net, and a table of the layers that fits `width` columns. Shown are the
// medians; GFLOP/s (a multiply-add is two operations) and GB/s are those of the pass forward.
std::string TimeTable(const TimeReport& report, size_t width);

std::string TimeJson(const TimeReport& report);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_TIME_REPORT_HPP_
