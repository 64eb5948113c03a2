// demitasse completions: the completion of command lines, for a shell.
#include <iostream>
#include <memory>

#include "src/core/text.hpp"
#include "tools/commands.hpp"
#include "tools/completions.hpp"

namespace demitasse {
namespace {

void Completions(const std::vector<std::string>& shells) {
  if (shells.size() != 1 || (shells[0] != "bash" && shells[0] != "zsh")) {
    throw UsageError(Cat("needs the name of a shell, bash or zsh, got ",
                         shells.empty() ? "none" : OneLine(Join(shells))));
  }
  const Command tool = DemitasseCommand();
  std::cout << (shells[0] == "bash" ? BashCompletions(tool) : ZshCompletions(tool));
}

}  // namespace

Command CompletionsCommand() {
  const auto shells = std::make_shared<std::vector<std::string>>();
  Command command;
  command.name = "demitasse completions";
  command.summary = "let bash or zsh complete command lines";
  command.usage = {"bash|zsh"};
  command.description =
      "Prints a script for the shell to read at its start. An installed demitasse has\n"
      "brought it along.\n";
  command.examples = R"(  source <(demitasse completions bash)
  source <(demitasse completions zsh)
)";
  command.names = shells.get();
  command.known_names = {"bash", "zsh"};
  command.run = [shells] { Completions(*shells); };
  return command;
}

}  // namespace demitasse
