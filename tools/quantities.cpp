#include "tools/quantities.hpp"

#include <cstdio>

namespace demitasse {
namespace {

std::string Rounded(int64_t number, double base) {
  constexpr const char* kPowers[] = {"", " K", " M", " G", " T", " P", " E"};
  double value = static_cast<double>(number);
  size_t power = 0;
  for (; value >= base - 0.5; value /= base) ++power;
  char text[32];
  std::snprintf(text, sizeof text, value < 100 ? "%.3g%s" : "%.0f%s", value, kPowers[power]);
  return text;
}

}  // namespace

std::string WholeText(int64_t number) {
  std::string text = std::to_string(number);
  const size_t first = number < 0 ? 1 : 0;
  for (size_t i = text.size(); i > first + 3;) text.insert(i -= 3, ",");
  return text;
}

std::string RoundedText(int64_t number) { return Rounded(number, 1000); }

std::string BytesText(int64_t bytes) {
  const std::string text = Rounded(bytes, 1024);
  return text + (text.find(' ') == std::string::npos ? " B" : "B");
}

}  // namespace demitasse
