#include "tools/rectifier_statistics.hpp"

#include <algorithm>
#include <cmath>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"
#include "tools/json.hpp"

namespace demitasse {

void DeadUnits::Add(const Blob& top) {
  const int64_t images = top.num_axes() > 0 ? top.shape(0) : 1;
  const int64_t units = images > 0 ? top.size() / images : 0;
  if (units == 0) return;
  if (fired_.empty()) {
    fired_.resize(static_cast<size_t>(units));
    channels_ = top.num_axes() > 1 ? top.shape(1) : 1;
  } else if (units != this->units()) {
    throw Error(Cat("a batch has ", units, " units, those before have ", this->units()));
  }
  const float* const data = top.cpu_data();
  ParallelFor(units, kElementwiseGrain, [&](int64_t begin, int64_t end) {
    for (int64_t image = 0; image < images; ++image) {
      const float* const values = data + image * units;
      for (int64_t i = begin; i < end; ++i) {
        if (values[i] > 0) fired_[static_cast<size_t>(i)] = 1;
      }
    }
  });
}

int64_t DeadUnits::dead_units() const { return std::count(fired_.begin(), fired_.end(), char{0}); }

std::vector<int64_t> DeadUnits::dead_channels() const {
  std::vector<int64_t> dead;
  for (int64_t channel = 0; channel < channels_; ++channel) {
    const auto first = fired_.begin() + channel * (units() / channels_);
    const auto is_dead = [](char fired) { return fired == 0; };
    if (std::all_of(first, first + units() / channels_, is_dead)) dead.push_back(channel);
  }
  return dead;
}

SlopeSummary SummarizeSlopes(const float* slopes, int64_t count) {
  constexpr float kNearZero = 0.01f;
  SlopeSummary summary;
  summary.count = count;
  if (count == 0) return summary;
  summary.min = double{*std::min_element(slopes, slopes + count)};
  summary.max = double{*std::max_element(slopes, slopes + count)};
  double sum = 0;
  for (int64_t i = 0; i < count; ++i) {
    sum += double{slopes[i]};
    summary.negative += slopes[i] < 0 ? 1 : 0;
    summary.above_one += slopes[i] > 1 ? 1 : 0;
    summary.near_zero += std::abs(slopes[i]) < kNearZero ? 1 : 0;
  }
  summary.mean = sum / static_cast<double>(count);
  return summary;
}

std::string DeadUnitsJson(const DeadUnits& dead) {
  std::vector<std::string> channels;
  for (const int64_t channel : dead.dead_channels()) channels.push_back(Cat(channel));
  return JsonObject({{"units", Cat(dead.units())},
                     {"dead_units", Cat(dead.dead_units())},
                     {"channels", Cat(dead.channels())},
                     {"dead_channels", JsonArray(channels)}});
}

std::string SlopesJson(const SlopeSummary& slopes) {
  return JsonObject({{"count", Cat(slopes.count)},
                     {"min", JsonNumber(slopes.min)},
                     {"mean", JsonNumber(slopes.mean)},
                     {"max", JsonNumber(slopes.max)},
                     {"negative", Cat(slopes.negative)},
                     {"above_one", Cat(slopes.above_one)},
                     {"near_zero", Cat(slopes.near_zero)}});
}

}  // namespace demitasse
