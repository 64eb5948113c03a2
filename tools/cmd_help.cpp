// demitasse help: what the commands do, on the screen or as manual pages.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "tools/commands.hpp"
#include "tools/completions.hpp"
#include "tools/man_page.hpp"

namespace demitasse {
namespace {

struct HelpOptions {
  std::vector<std::string> names;
  bool man = false;
  std::string share;
};

void WriteFile(const std::filesystem::path& path, const std::string& text) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  std::ofstream file(path, std::ios::binary);
  if (!(file << text).flush()) throw Error(Location{path.string()}, "cannot be written");
}

void WriteManPages(const Command& command, const std::filesystem::path& folder) {
  WriteFile(folder / (ManPageName(command) + ".1"), ManPage(command));
  for (const Command& other : command.commands) WriteManPages(other, folder);
}

// What an installation has in its folder `share`.
void WriteShare(const Command& tool, const std::filesystem::path& share) {
  WriteManPages(tool, share / "man" / "man1");
  WriteFile(share / "bash-completion" / "completions" / "demitasse", BashCompletions(tool));
  WriteFile(share / "zsh" / "site-functions" / "_demitasse", ZshCompletions(tool));
}

void Help(const HelpOptions& options) {
  const Command tool = DemitasseCommand();
  if (!options.share.empty()) {
    WriteShare(tool, options.share);
    return;
  }
  std::vector<std::string> names = options.names;
  const Command& command = FindCommand(tool, &names);
  CheckCommandFound(command, names);
  if (!names.empty()) {
    throw UsageError(Cat("'", command.name, "' has no commands of its own, got ", Join(names)));
  }
  std::cout << (options.man ? ManPage(command) : HelpText(command));
}

}  // namespace

Command HelpCommand(const std::vector<Command>& commands) {
  const auto options = std::make_shared<HelpOptions>();
  Command command;
  command.name = "demitasse help";
  command.summary = "say more about a command";
  command.usage = {"[COMMAND] [--man]"};
  command.examples = R"(  demitasse help run
  demitasse help dataset images --man | man -l -
)";
  command.flags = {{"What comes out",
                    {SwitchFlag("man", &options->man, "a manual page, in roff"),
                     TextFlag("share", "DIR", &options->share,
                              "write all manual pages, and the completions for bash and zsh, to "
                              "where they are below DIR, an installation's folder share")}}};
  command.names = &options->names;
  for (const Command& other : commands) command.known_names.push_back(ShortName(other));
  command.run = [options] { Help(*options); };
  return command;
}

}  // namespace demitasse
