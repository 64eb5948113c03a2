// The table of flags as --help prints it.
#include "src/core/text.hpp"
#include "tools/columns.hpp"
#include "tools/flags.hpp"

namespace demitasse {
namespace {

constexpr size_t kWidth = 80;
constexpr size_t kHelpColumn = 30;

std::string WithDefault(const Flag& flag) {
  return flag.default_value.empty() ? flag.help
                                    : Cat(flag.help, " (default ", flag.default_value, ")");
}

std::string Describe(const Flag& flag) {
  std::string head = "  --" + flag.name;
  if (!flag.is_switch()) head += "=" + flag.value_name;
  return Hanging(head, WithDefault(flag), kHelpColumn, kWidth);
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
