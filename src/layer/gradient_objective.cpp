#include <algorithm>
#include <cmath>
#include <utility>

#include "src/layer/gradient_check.hpp"

namespace demitasse {
namespace {

// The rounding of an output in multiples of that of a single operation: it is itself a sum.
constexpr double kRounding = 8 * 0x1p-24;

}  // namespace

Objective::Objective(std::vector<const Blob*> outputs, std::vector<std::vector<float>> weights)
    : outputs_(std::move(outputs)), weights_(std::move(weights)) {}

std::vector<float> Objective::Values() const {
  std::vector<float> values;
  for (const Blob* output : outputs_) {
    const float* const data = output->cpu_data();
    values.insert(values.end(), data, data + output->size());
  }
  return values;
}

bool Objective::Are(const std::vector<float>& values) const {
  const std::vector<float> now = Values();
  return std::equal(now.begin(), now.end(), values.begin(), values.end(),
                    [](float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); });
}

Objective::Difference Objective::Subtract(const std::vector<float>& from,
                                          const std::vector<float>& what) const {
  Difference result;
  double changed = 0, unchanged = 0;  // sums of squares
  size_t at = 0;
  for (const std::vector<float>& weights : weights_) {
    for (const float weight : weights) {
      const double a = double{from[at]};
      const double b = double{what[at]};
      ++at;
      const double size = double{weight} * std::max(std::abs(a), std::abs(b));
      if (a == b) {
        unchanged += size * size;
      } else if (weight != 0) {
        changed += size * size;
        result.value += double{weight} * (a - b);
      }
    }
  }
  // Most outputs of most layers do not depend on what was moved. But if none has changed, rounding
  // may have swallowed the difference in any of them.
  result.rounding = kRounding * std::sqrt(changed != 0 ? changed : unchanged);
  return result;
}

Objective::Range Objective::Slopes(const std::vector<float>& above, double to_above,
                                   const std::vector<float>& here, const std::vector<float>& below,
                                   double to_below) const {
  constexpr double kJump = 0.1;  // of the slope: more than it bends by within the smallest step
  Range range;
  size_t at = 0;
  for (const std::vector<float>& weights : weights_) {
    for (const float weight : weights) {
      const double a = double{above[at]};
      const double b = double{below[at]};
      const double h = double{here[at]};
      ++at;
      if (a == b && a == h) continue;
      const double right = (a - h) / to_above;
      const double left = (b - h) / to_below;
      const double size = std::max(std::abs(right), std::abs(left));
      const double rounding = kRounding * std::abs(h) / std::min(to_above, -to_below);
      const bool is_corner = std::abs(right - left) > kJump * size + rounding;
      const double mean = (a - b) / (to_above - to_below);
      const double one = double{weight} * (is_corner ? right : mean);
      const double other = double{weight} * (is_corner ? left : mean);
      range.least += std::min(one, other);
      range.most += std::max(one, other);
    }
  }
  return range;
}

}  // namespace demitasse
