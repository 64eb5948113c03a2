// The table of flags as --help prints it.
#include <algorithm>
#include <sstream>

#include "src/core/text.hpp"
#include "tools/flags.hpp"

namespace demitasse {
namespace {

constexpr size_t kWidth = 80;
constexpr size_t kHelpColumn = 30;

std::string WithDefault(const Flag& flag) {
  return flag.default_value.empty() ? flag.help
                                    : Cat(flag.help, " (default ", flag.default_value, ")");
}

// `text` in lines of at most `width` columns; words longer than that stand alone.
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

std::string Describe(const Flag& flag) {
  std::string text = "  --" + flag.name;
  if (!flag.is_switch()) text += "=" + flag.value_name;
  if (text.size() + 2 > kHelpColumn) text += "\n";
  for (const std::string& line : Wrap(WithDefault(flag), kWidth - kHelpColumn)) {
    const size_t start = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
    text.append(kHelpColumn - (text.size() - start), ' ');
    text += line + "\n";
  }
  return text;
}

}  // namespace

std::string DescribeFlags(const std::vector<FlagGroup>& groups) {
  std::string text;
  for (const FlagGroup& group : groups) {
    if (!text.empty()) text += "\n";
    text += group.title + ":\n";
    for (const Flag& flag : group.flags) text += Describe(flag);
  }
  return text;
}

}  // namespace demitasse
