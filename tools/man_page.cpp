#include "tools/man_page.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>

#include "demitasse/version.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

// Text that roff would not take for its own. Hyphens are those of the keyboard, so that a command
// can be copied from the page.
std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else {
      escaped += c;
    }
  }
  const bool is_request = !escaped.empty() && (escaped[0] == '.' || escaped[0] == '\'');
  return is_request ? "\\&" + escaped : escaped;
}

std::string Bold(const std::string& text) { return "\\fB" + Escaped(text) + "\\fR"; }
std::string Italic(const std::string& text) { return "\\fI" + Escaped(text) + "\\fR"; }

// Lines that start with a space stay as they are; others are filled, up to the next empty one.
std::string Filled(const std::string& lines) {
  std::string text;
  std::istringstream in(lines);
  bool literal = false;
  for (std::string line; std::getline(in, line);) {
    const bool is_literal = !line.empty() && line[0] == ' ';
    if (is_literal != literal) text += is_literal ? ".nf\n" : ".fi\n";
    literal = is_literal;
    text += line.empty() ? ".PP\n" : Escaped(line) + "\n";
  }
  return literal ? text + ".fi\n" : text;
}

std::string FlagEntry(const Flag& flag) {
  std::string text = ".TP\n" + Bold("--" + flag.name);
  if (!flag.is_switch()) text += "=" + Italic(flag.value_name);
  text += "\n" + Escaped(flag.help);
  if (!flag.default_value.empty()) text += " (default " + Escaped(flag.default_value) + ")";
  return text + "\n";
}

std::string Options(const Command& command) {
  std::string text;
  for (const FlagGroup& group : AllFlags(command)) {
    text += ".SS " + Escaped(group.title) + "\n";
    for (const Flag& flag : group.flags) text += FlagEntry(flag);
  }
  return text.empty() ? "" : ".SH OPTIONS\n" + text;
}

std::string Commands(const Command& command) {
  std::string text;
  for (const Command& other : command.commands) {
    text += ".TP\n" + Bold(ShortName(other)) + "\n" + Escaped(other.summary) + "\n";
  }
  return text.empty() ? "" : ".SH COMMANDS\n" + text;
}

std::string Synopsis(const Command& command) {
  std::string text = ".SH SYNOPSIS\n";
  for (size_t i = 0; i < command.usage.size(); ++i) {
    text += (i > 0 ? ".br\n" : "") + Bold(command.name) + " " + Escaped(command.usage[i]) + "\n";
  }
  return text;
}

// The page above, and those below.
std::string SeeAlso(const Command& command) {
  std::vector<std::string> pages;
  const size_t last = command.name.find_last_of(' ');
  if (last != std::string::npos) {
    Command above;
    above.name = command.name.substr(0, last);
    pages.push_back(Bold(ManPageName(above)) + "(1)");
  }
  for (const Command& other : command.commands) pages.push_back(Bold(ManPageName(other)) + "(1)");
  return ".SH SEE ALSO\n" + Join(pages, ",\n") + "\n";
}

}  // namespace

std::string ManPageName(const Command& command) {
  std::string name = command.name;
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string ManPage(const Command& command) {
  std::string title = ManPageName(command);
  for (char& c : title) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  std::string text = ".TH " + Escaped(title) + " 1 \"\" \"demitasse " DEMITASSE_VERSION "\"\n";
  text += ".SH NAME\n" + Escaped(ManPageName(command)) + " \\- " + Escaped(command.summary) + "\n";
  text += Synopsis(command);
  if (!command.description.empty()) text += ".SH DESCRIPTION\n" + Filled(command.description);
  text += Commands(command) + Options(command);
  if (!command.examples.empty()) text += ".SH EXAMPLES\n" + Filled(command.examples);
  text += ".SH EXIT STATUS\n" + Escaped(command.exit_codes) + ".\n";
  return text + SeeAlso(command);
}

}  // namespace demitasse
