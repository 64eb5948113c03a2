// What zsh completes: commands, names, flags, and the values of flags, each with its help.
#include <algorithm>

#include "src/core/text.hpp"
#include "tools/completions.hpp"

namespace demitasse {
namespace {

// For a place between single quotes where ':' and brackets would end something.
std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\'') {
      escaped += "'\\''";
    } else {
      if (c == ':' || c == '[' || c == ']' || c == '\\') escaped += '\\';
      escaped += c;
    }
  }
  return escaped;
}

std::string Choices(const std::vector<std::string>& choices) {
  return "(" + Join(choices, " ") + ")";
}

// A flag as _arguments wants it: '--phase=[what it is]:TEST|TRAIN:(TEST TRAIN)'.
std::string FlagSpec(const Flag& flag) {
  std::string spec = "'*--" + flag.name + (flag.is_switch() ? "" : "=") + "[" + Escaped(flag.help);
  spec += "]";
  if (!flag.is_switch()) {
    spec += ":" + Escaped(flag.value_name) + ":";
    if (TakesFile(flag)) spec += "_files";
    if (!flag.choices.empty()) spec += Choices(flag.choices);
  }
  return spec + "'";
}

std::string FunctionName(const Command& command) {
  std::string name = "_" + command.name;
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

// The function for a command that leads to others: their list, or what the one that is named takes.
std::string LeadingFunction(const Command& command) {
  std::string list;
  std::string cases;
  for (const Command& other : command.commands) {
    list += Cat("    '", ShortName(other), ":", Escaped(other.summary), "'\n");
    cases += Cat("    ", ShortName(other), ") ", FunctionName(other), " ;;\n");
  }
  return Cat("  local -a commands=(\n", list, "  )\n", "  if ((CURRENT == 2)); then\n",
             "    _describe '", command.kind, "' commands\n", "    return\n", "  fi\n",
             "  shift words\n", "  ((CURRENT--))\n", "  case $words[1] in\n", cases, "  esac\n");
}

std::string RunningFunction(const Command& command) {
  std::string specs = " \\\n    '(- *)--help[show the help]'";
  for (const FlagGroup& group : AllFlags(command)) {
    for (const Flag& flag : group.flags) specs += " \\\n    " + FlagSpec(flag);
  }
  if (command.names != nullptr) {
    specs += " \\\n    '*:name:";
    specs += command.known_names.empty() ? "_files" : Choices(command.known_names);
    specs += "'";
  }
  return "  _arguments" + specs + "\n";
}

std::string Functions(const Command& command) {
  std::string text =
      Cat("\n", FunctionName(command), "() {\n",
          command.commands.empty() ? RunningFunction(command) : LeadingFunction(command), "}\n");
  for (const Command& other : command.commands) text += Functions(other);
  return text;
}

}  // namespace

// In a file of that name within $fpath it is loaded when it is needed, and called once; read by
// `source` it registers itself.
std::string ZshCompletions(const Command& tool) {
  return Cat("#compdef demitasse\n",
             "# Completion of demitasse's command lines in zsh: demitasse completions zsh\n",
             Functions(tool),
             "\nif [[ $funcstack[1] == _demitasse ]]; then\n  _demitasse \"$@\"\nelse\n"
             "  compdef _demitasse demitasse\nfi\n");
}

}  // namespace demitasse
