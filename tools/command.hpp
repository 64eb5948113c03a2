// A command of the tool, described once: its help, its manual page, the completion of its words and
// the reading of its arguments all come from this.
#ifndef DEMITASSE_TOOLS_COMMAND_HPP_
#define DEMITASSE_TOOLS_COMMAND_HPP_

#include <functional>
#include <string>
#include <vector>

#include "tools/flags.hpp"
#include "tools/log_lines.hpp"

namespace demitasse {

// Thrown by a command that has said all there is to say, and has failed.
struct ExitCode {
  int code;
};

// What the flags that several commands have write to.
struct CommonOptions {
  LogOptions log;
  std::vector<std::string> plugins;
};

struct Command {
  std::string name;                // all of it: "demitasse run"
  std::string summary;             // "run a net once", without a full stop
  std::vector<std::string> usage;  // what follows the name, for each form of the command
  // In lines of at most 80 columns, with one at the end; those that start with a space are shown
  // as they are, others may be filled anew.
  std::string description;
  std::string examples;  // lines likewise, each command behind two spaces
  std::string exit_codes =
      "0 done; 1 the run failed (disk full, out of memory); 2 wrong usage or wrong input";

  std::vector<FlagGroup> flags;               // its own, beside the common ones
  std::vector<std::string>* names = nullptr;  // gets the arguments that are no flags
  std::vector<std::string> known_names;       // what they may be; empty: files
  bool verbose = false;                       // whether it shows informational lines unasked
  bool takes_plugins = false;                 // whether layers of plugins are of use to it
  std::function<void()> run;                  // once the flags are set; throws Error

  // A command that has some only leads to them, and has no flags.
  std::vector<Command> commands;
  std::string kind = "command";  // what they are
};

// "images" of "demitasse dataset images".
std::string ShortName(const Command& command);

// The command that the first of `args` lead to from `command`; they are taken away.
const Command& FindCommand(const Command& command, std::vector<std::string>* args);

// Throws UsageError if `args`, which FindCommand left, name a command that `command` does not have.
void CheckCommandFound(const Command& command, const std::vector<std::string>& args);

// All flags of a command; the common ones write to `common`.
std::vector<FlagGroup> AllFlags(const Command& command, CommonOptions* common);
// The same, only to be described.
std::vector<FlagGroup> AllFlags(const Command& command);

// What --help prints, at most 80 columns wide.
std::string HelpText(const Command& command);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_COMMAND_HPP_
