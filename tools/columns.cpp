#include "tools/columns.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

namespace demitasse {
namespace {

constexpr size_t kDefaultWidth = 80;
constexpr size_t kLeastWidth = 60;
constexpr size_t kMostWidth = 120;  // longer lines are hard to read

}  // namespace

size_t OutputWidth() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kDefaultWidth;
  return std::clamp<size_t>(size.ws_col, kLeastWidth, kMostWidth);
}

std::vector<std::string> Wrap(const std::string& text, size_t width) {
  std::vector<std::string> lines;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (!lines.empty() && lines.back().size() + 1 + word.size() <= width) {
      lines.back() += " " + word;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

std::string Hanging(const std::string& head, const std::string& text, size_t column, size_t width) {
  std::string result;
  std::string line = head;
  if (head.size() + 2 > column) {
    result = head + "\n";
    line.clear();
  }
  for (const std::string& part : Wrap(text, width - column)) {
    result += Padded(line, column) + part + "\n";
    line.clear();
  }
  return line.empty() ? result : result + line + "\n";
}

size_t ColumnsOf(const std::string& text) {
  const auto begins_character = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  };
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string Padded(std::string text, size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

}  // namespace demitasse
