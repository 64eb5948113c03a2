// What became of rectifiers: units of ReLU that never fire, slopes that PReLU has learned.
#ifndef DEMITASSE_TOOLS_RECTIFIER_STATISTICS_HPP_
#define DEMITASSE_TOOLS_RECTIFIER_STATISTICS_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "demitasse/blob.hpp"

namespace demitasse {

// The units of a ReLU that were never positive over the batches given. A unit is an element of an
// image's output, a channel is axis 1; a blob of one axis is one image after the other of one unit.
class DeadUnits {
 public:
  // The output of one batch, whose images must be as large as those before.
  void Add(const Blob& top);

  int64_t units() const { return static_cast<int64_t>(fired_.size()); }
  int64_t dead_units() const;
  int64_t channels() const { return channels_; }
  // Of which all units are dead, in order.
  std::vector<int64_t> dead_channels() const;

 private:
  std::vector<char> fired_;
  int64_t channels_ = 0;
};

// The learned slopes of a PReLU.
struct SlopeSummary {
  int64_t count = 0;
  double min = 0;
  double mean = 0;
  double max = 0;
  int64_t negative = 0;   // such a unit falls, then rises
  int64_t above_one = 0;  // steeper for negative inputs than for positive ones
  int64_t near_zero = 0;  // less than 0.01 either way: a ReLU, in effect
};

SlopeSummary SummarizeSlopes(const float* slopes, int64_t count);

std::string DeadUnitsJson(const DeadUnits& dead);
std::string SlopesJson(const SlopeSummary& slopes);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_RECTIFIER_STATISTICS_HPP_
