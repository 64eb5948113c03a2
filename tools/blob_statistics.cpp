#include "tools/blob_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "src/core/text.hpp"
#include "src/core/threads.hpp"
#include "tools/figure_text.hpp"
#include "tools/json.hpp"

namespace demitasse {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t kHistogramGrain = 1 << 20;
constexpr size_t kJsonBins = 32;

}  // namespace

void Histogram::Cover(double value) {
  constexpr size_t kHalf = kBins / 2;
  while (value < start_ || value > start_ + width_ * static_cast<double>(kBins)) {
    const bool below = value < start_;
    std::array<int64_t, kBins> joined{};
    for (size_t i = 0; i < kHalf; ++i) {
      joined[below ? kHalf + i : i] = counts_[2 * i] + counts_[2 * i + 1];
    }
    counts_ = joined;
    if (below) start_ -= width_ * static_cast<double>(kBins);
    width_ *= 2;
  }
}

void Histogram::Add(const float* values, int64_t size, float least, float most) {
  if (empty_) {
    start_ = least_ = double{least};
    most_ = double{most};
    // Of equal values any width will do that is not lost beside them.
    width_ = least < most ? (most_ - least_) / kBins : std::max(std::abs(most_), 1e-30) * 1e-6;
    empty_ = false;
  }
  least_ = std::min(least_, double{least});
  most_ = std::max(most_, double{most});
  Cover(least_);
  Cover(most_);
  const auto pieces = static_cast<size_t>((size + kHistogramGrain - 1) / kHistogramGrain);
  std::vector<std::array<int64_t, kBins>> parts(pieces, std::array<int64_t, kBins>{});
  ParallelFor(size, kHistogramGrain, [&](int64_t begin, int64_t end) {
    std::array<int64_t, kBins>& part = parts[static_cast<size_t>(begin / kHistogramGrain)];
    for (int64_t i = begin; i < end; ++i) {
      if (!std::isfinite(values[i])) continue;
      const double bin = (double{values[i]} - start_) / width_;
      ++part[std::min(static_cast<size_t>(std::max(bin, 0.0)), kBins - 1)];
    }
  });
  for (const auto& part : parts) {
    for (size_t i = 0; i < kBins; ++i) counts_[i] += part[i];
  }
}

std::vector<int64_t> Histogram::Counts(size_t bins) const {
  std::vector<int64_t> counts(bins);
  if (empty_) return counts;
  const double range = most_ - least_;
  for (size_t i = 0; i < kBins; ++i) {
    const double middle = start_ + (static_cast<double>(i) + 0.5) * width_;
    const double place = range > 0 ? (middle - least_) / range : 0.5;
    const double bin = std::clamp(place, 0.0, 1.0) * static_cast<double>(bins);
    counts[std::min(static_cast<size_t>(bin), bins - 1)] += counts_[i];
  }
  return counts;
}

// What a piece of an array comes to.
struct BlobStatistics::Part {
  Part() = default;
  Part(const float* values, int64_t size) {
    double sum = 0;
    for (int64_t i = 0; i < size; ++i) {
      const float value = values[i];
      if (std::isfinite(value)) {
        ++finite;
        sum += double{value};
        min = std::min(min, value);
        max = std::max(max, value);
        if (value == 0) ++zeros;
      } else {
        ++(std::isnan(value) ? nans : infinities);
      }
    }
    mean = finite > 0 ? sum / static_cast<double>(finite) : 0;
    for (int64_t i = 0; i < size; ++i) {
      const double distance = double{values[i]} - mean;
      if (std::isfinite(distance)) squares += distance * distance;
    }
  }

  int64_t finite = 0;
  int64_t zeros = 0;
  int64_t nans = 0;
  int64_t infinities = 0;
  float min = std::numeric_limits<float>::infinity();
  float max = -std::numeric_limits<float>::infinity();
  double mean = 0;
  double squares = 0;
};

// Means and squares as in Chan, Golub, LeVeque (1979), "Updating formulae and a pairwise algorithm
// for computing sample variances".
void BlobStatistics::Merge(const Part& part) {
  nans_ += part.nans;
  infinities_ += part.infinities;
  zeros_ += part.zeros;
  if (part.finite == 0) return;
  min_ = finite_ > 0 ? std::min(min_, part.min) : part.min;
  max_ = finite_ > 0 ? std::max(max_, part.max) : part.max;
  const auto before = static_cast<double>(finite_);
  const auto added = static_cast<double>(part.finite);
  const double distance = part.mean - mean_;
  finite_ += part.finite;
  mean_ += distance * added / (before + added);
  squares_ += part.squares + distance * distance * before * added / (before + added);
}

void BlobStatistics::Add(const float* values, int64_t size) {
  std::vector<Part> parts(static_cast<size_t>((size + kElementwiseGrain - 1) / kElementwiseGrain));
  ParallelFor(size, kElementwiseGrain, [&](int64_t begin, int64_t end) {
    parts[static_cast<size_t>(begin / kElementwiseGrain)] = Part(values + begin, end - begin);
  });
  BlobStatistics added;
  for (const Part& part : parts) {
    Merge(part);
    added.Merge(part);
  }
  if (added.finite_ > 0) histogram_.Add(values, size, added.min_, added.max_);
}

double BlobStatistics::min() const { return finite_ > 0 ? double{min_} : kNaN; }
double BlobStatistics::max() const { return finite_ > 0 ? double{max_} : kNaN; }
double BlobStatistics::mean() const { return finite_ > 0 ? mean_ : kNaN; }
double BlobStatistics::deviation() const {
  return finite_ > 0 ? std::sqrt(squares_ / static_cast<double>(finite_)) : kNaN;
}

std::string Sparkline(const std::vector<int64_t>& counts) {
  static constexpr std::array<const char*, 9> kHeights = {" ", "▁", "▂", "▃", "▄",
                                                          "▅", "▆", "▇", "█"};
  const int64_t most = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
  std::string line;
  for (const int64_t count : counts) {
    const double share = most > 0 ? static_cast<double>(count) / static_cast<double>(most) : 0;
    line += kHeights[static_cast<size_t>(std::ceil(share * 8))];
  }
  return line;
}

std::string StatisticsJson(const BlobStatistics& statistics) {
  std::vector<std::string> counts;
  for (const int64_t count : statistics.histogram().Counts(kJsonBins)) {
    counts.push_back(Cat(count));
  }
  return JsonObject({{"count", Cat(statistics.count())},
                     {"zeros", Cat(statistics.zeros())},
                     {"nan", Cat(statistics.nans())},
                     {"infinite", Cat(statistics.infinities())},
                     {"min", JsonNumber(statistics.min())},
                     {"max", JsonNumber(statistics.max())},
                     {"mean", JsonNumber(statistics.mean())},
                     {"std", JsonNumber(statistics.deviation())},
                     {"histogram", JsonArray(counts)}});
}

std::string HistogramText(const BlobStatistics& statistics, size_t bins, size_t width) {
  const double range = statistics.max() - statistics.min();
  if (!(range > 0)) bins = 1;
  const std::vector<int64_t> counts = statistics.histogram().Counts(bins);
  const int64_t most = *std::max_element(counts.begin(), counts.end());
  if (most == 0) return "";
  std::string text;
  for (size_t i = 0; i < bins; ++i) {
    const double start =
        statistics.min() + range * static_cast<double>(i) / static_cast<double>(bins);
    const std::string head = ShortNumber(start);
    const std::string count = Cat(counts[i]);
    const double share = static_cast<double>(counts[i]) / static_cast<double>(most);
    const std::string bar(static_cast<size_t>(std::ceil(share * static_cast<double>(width))), '#');
    text += Cat(std::string(12 - std::min<size_t>(12, head.size()), ' '), head,
                std::string(12 - std::min<size_t>(12, count.size()), ' '), count,
                bar.empty() ? "" : "  ", bar, "\n");
  }
  return text;
}

}  // namespace demitasse
