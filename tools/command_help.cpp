// A command as --help prints it.
#include <algorithm>
#include <cctype>

#include "src/core/text.hpp"
#include "tools/columns.hpp"
#include "tools/command.hpp"

namespace demitasse {
namespace {

constexpr size_t kWidth = 80;

std::string Lines(const std::vector<std::string>& lines) {
  return lines.empty() ? "" : Join(lines, "\n") + "\n";
}

std::string Usage(const Command& command) {
  const std::string start = "usage: ";
  std::string text;
  for (const std::string& form : command.usage) {
    std::string margin = text.empty() ? start : std::string(start.size(), ' ');
    for (const std::string& line : Wrap(command.name + " " + form, kWidth - start.size() - 4)) {
      text += margin + line + "\n";
      margin = std::string(start.size() + 4, ' ');
    }
  }
  return text;
}

std::string Commands(const Command& command) {
  size_t column = 0;
  for (const Command& other : command.commands) {
    column = std::max(column, ShortName(other).size() + 4);
  }
  std::string text = command.kind + "s:\n";
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  for (const Command& other : command.commands) {
    text += Hanging("  " + ShortName(other), other.summary, column, kWidth);
  }
  return text;
}

}  // namespace

std::string HelpText(const Command& command) {
  std::vector<std::string> parts = {
      Lines(Wrap(command.name + ": " + command.summary + ".", kWidth)), Usage(command),
      command.description};
  if (!command.commands.empty()) parts.push_back(Commands(command));
  parts.push_back(DescribeFlags(AllFlags(command)));
  if (!command.examples.empty()) parts.push_back("Examples:\n" + command.examples);
  if (!command.commands.empty()) {
    parts.push_back(
        Lines(Wrap(Cat(command.name, " ", command.usage[0].substr(0, command.kind.size()),
                       " --help tells more about a ", command.kind, "."),
                   kWidth)));
  }
  parts.push_back(Lines(Wrap("Exit code: " + command.exit_codes + ".", kWidth)));
  parts.erase(std::remove(parts.begin(), parts.end(), ""), parts.end());
  return Join(parts, "\n");
}

}  // namespace demitasse
