#include "tools/command.hpp"

#include <algorithm>

#include "src/core/text.hpp"
#include "tools/plugins.hpp"

namespace demitasse {

std::string ShortName(const Command& command) {
  return command.name.substr(command.name.find_last_of(' ') + 1);
}

const Command& FindCommand(const Command& command, std::vector<std::string>* args) {
  if (args->empty()) return command;
  const auto found =
      std::find_if(command.commands.begin(), command.commands.end(),
                   [&](const Command& other) { return ShortName(other) == args->front(); });
  if (found == command.commands.end()) return command;
  args->erase(args->begin());
  return FindCommand(*found, args);
}

void CheckCommandFound(const Command& command, const std::vector<std::string>& args) {
  if (command.commands.empty() || args.empty()) return;
  std::vector<std::string> known;
  for (const Command& other : command.commands) known.push_back(ShortName(other));
  throw UsageError(
      Cat("unknown ", command.kind, " '", OneLine(args[0]), "'", DidYouMean(args[0], known)));
}

std::vector<FlagGroup> AllFlags(const Command& command, CommonOptions* common) {
  std::vector<FlagGroup> groups = command.flags;
  if (command.takes_plugins) groups.push_back(PluginFlags(&common->plugins));
  if (command.run != nullptr) groups.push_back(LogFlags(&common->log));
  return groups;
}

std::vector<FlagGroup> AllFlags(const Command& command) {
  CommonOptions common;
  common.log.verbose = command.verbose;
  std::vector<FlagGroup> groups = AllFlags(command, &common);
  for (FlagGroup& group : groups) {
    for (Flag& flag : group.flags) flag.set = nullptr;  // `common` is gone
  }
  return groups;
}

}  // namespace demitasse
