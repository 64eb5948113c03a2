// Sizes as tables show them.
#ifndef DEMITASSE_TOOLS_QUANTITIES_HPP_
#define DEMITASSE_TOOLS_QUANTITIES_HPP_

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "src/core/text.hpp"

namespace demitasse {

// "3x224x224"; nothing for no dimensions.
template <typename Integer>
std::string DimensionsText(const std::vector<Integer>& dimensions) {
  std::vector<std::string> parts;
  for (const Integer dimension : dimensions) parts.push_back(std::to_string(dimension));
  return Join(parts, "x");
}

// "3", if all are the same, or "3x1"; of one dimension at least.
template <typename Integer>
std::string PerAxisText(const std::vector<Integer>& values) {
  const bool equal = std::equal(values.begin() + 1, values.end(), values.begin());
  return equal ? std::to_string(values[0]) : DimensionsText(values);
}

// "102,764,544"
std::string WholeText(int64_t number);

// Three digits and a power of 1000: "999", "12.3 K", "1.8 G".
std::string RoundedText(int64_t number);

// The same of bytes, with powers of 1024: "1000 B", "12.3 KB".
std::string BytesText(int64_t bytes);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_QUANTITIES_HPP_
