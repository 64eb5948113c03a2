#include "src/core/text.hpp"

#include <algorithm>
#include <cctype>

namespace demitasse {
namespace {

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
size_t EditDistance(const std::string& a, const std::string& b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

std::string Join(const std::vector<std::string>& items, const std::string& separator) {
  std::string text;
  for (const std::string& item : items) {
    if (!text.empty()) text += separator;
    text += item;
  }
  return text;
}

std::vector<std::string> SplitText(const std::string& text, char separator) {
  std::vector<std::string> parts;
  if (text.empty()) return parts;
  size_t start = 0;
  for (size_t end = text.find(separator); end != std::string::npos;
       end = text.find(separator, start)) {
    parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  parts.push_back(text.substr(start));
  return parts;
}

std::string OneLine(const std::string& text) {
  constexpr size_t kMostBytes = 60;
  size_t size = std::min(text.size(), kMostBytes);
  const auto inside_character = [&](size_t i) { return (text[i] & 0xC0) == 0x80; };  // UTF-8
  while (size < text.size() && size > 0 && inside_character(size)) --size;
  std::string line = text.substr(0, size);
  for (char& c : line) {
    if (std::iscntrl(static_cast<unsigned char>(c))) c = '?';
  }
  return size < text.size() ? line + "..." : line;
}

std::string LayerPrefix(const std::string& name, const std::string& type) {
  std::string prefix = name.empty() ? "unnamed layer" : "layer '" + OneLine(name) + "'";
  if (!type.empty()) prefix += " (" + OneLine(type) + ")";
  return prefix + ": ";
}

std::string Nearest(const std::string& word, const std::vector<std::string>& known) {
  constexpr size_t kLongestWord = 100;  // the distance takes time and memory by the square
  if (word.size() > kLongestWord) return "";
  std::string nearest;
  size_t best = std::max<size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : known) {
    const size_t distance = EditDistance(Lower(word), Lower(candidate));
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string DidYouMean(const std::string& word, const std::vector<std::string>& known) {
  const std::string nearest = Nearest(word, known);
  return nearest.empty() ? "" : "; did you mean '" + nearest + "'?";
}

}  // namespace demitasse
