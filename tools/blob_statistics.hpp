// Figures of the values of a blob, over any number of batches, each read once.
#ifndef DEMITASSE_TOOLS_BLOB_STATISTICS_HPP_
#define DEMITASSE_TOOLS_BLOB_STATISTICS_HPP_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace demitasse {

// Counts of values in ranges of equal width, which grow with the values: when one lies outside, the
// ranges are joined in pairs until it does not.
class Histogram {
 public:
  // Finite values lie in [least, most]; others are left out.
  void Add(const float* values, int64_t size, float least, float most);

  // The counts in `bins` parts of equal width between the least and the largest value so far. They
  // are exact for the values of one Add if `bins` divides 128, and else those of the nearest parts.
  std::vector<int64_t> Counts(size_t bins) const;

 private:
  static constexpr size_t kBins = 128;

  // Makes the ranges cover `value`.
  void Cover(double value);

  bool empty_ = true;
  double start_ = 0;
  double width_ = 0;  // of one range
  double least_ = 0;
  double most_ = 0;
  std::array<int64_t, kBins> counts_{};
};

class BlobStatistics {
 public:
  void Add(const float* values, int64_t size);

  int64_t count() const { return finite_ + nans_ + infinities_; }
  int64_t zeros() const { return zeros_; }
  int64_t nans() const { return nans_; }
  int64_t infinities() const { return infinities_; }
  bool all_zero() const { return count() > 0 && zeros_ == count(); }
  bool all_finite() const { return nans_ + infinities_ == 0; }

  // Of the finite values; NaN if there are none.
  double min() const;
  double max() const;
  double mean() const;
  double deviation() const;  // sqrt(mean((x - mean)^2))
  const Histogram& histogram() const { return histogram_; }

 private:
  struct Part;
  void Merge(const Part& part);

  int64_t finite_ = 0;
  int64_t zeros_ = 0;
  int64_t nans_ = 0;
  int64_t infinities_ = 0;
  float min_ = 0;
  float max_ = 0;
  double mean_ = 0;
  double squares_ = 0;  // sum((x - mean)^2)
  Histogram histogram_;
};

// One character of a height for each count: "▁▃█▅▁". The largest count is the full height, and a
// count above 0 never without any.
std::string Sparkline(const std::vector<int64_t>& counts);

// As JSON: count, zeros, nan, infinite, min, max, mean, std, histogram.
std::string StatisticsJson(const BlobStatistics& statistics);

// A line for each of `bins` parts: its start, its count, and a bar of at most `width` columns.
std::string HistogramText(const BlobStatistics& statistics, size_t bins, size_t width);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_BLOB_STATISTICS_HPP_
