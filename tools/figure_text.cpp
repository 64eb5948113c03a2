#include "tools/figure_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "src/core/text.hpp"
#include "tools/quantities.hpp"

namespace demitasse {

std::string ShortNumber(double value, int digits) {
  if (std::isnan(value)) return "-";
  char text[64];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

std::string PercentText(int64_t part, int64_t whole) {
  constexpr double kLeast = 0.1;
  if (part == 0 || whole == 0) return "-";
  const double percent = 100 * static_cast<double>(part) / static_cast<double>(whole);
  if (percent < kLeast) return "<0.1%";
  char text[32];
  std::snprintf(text, sizeof text, "%.1f%%", percent);
  return text;
}

std::string CountText(int64_t count) { return count > 0 ? Cat(count) : "-"; }

std::string BlobShapeText(const std::vector<int>& shape) {
  return shape.empty() ? "1 value" : DimensionsText(shape);
}

std::string CoordinatesText(int64_t element, const std::vector<int>& shape) {
  std::vector<std::string> parts(shape.size());
  for (size_t i = shape.size(); i-- > 0;) {
    const int64_t dimension = std::max(shape[i], 1);  // of an empty blob there is no element
    parts[i] = Cat(element % dimension);
    element /= dimension;
  }
  return Join(parts, ",");
}

}  // namespace demitasse
