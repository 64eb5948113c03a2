// demitasse: the command line tool. Finds the command, catches what it throws, and turns it into a
// message and an exit code.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <new>
#include <string>
#include <vector>

#include "demitasse/error.hpp"
#include "demitasse/version.hpp"
#include "src/core/text.hpp"
#include "src/io/hdf5.hpp"
#include "src/ops/blas.hpp"
#include "tools/caffe_names.hpp"
#include "tools/commands.hpp"
#include "tools/flags.hpp"
#include "tools/plugins.hpp"
#include "tools/style.hpp"

namespace demitasse {
namespace {

constexpr int kDone = 0;
constexpr int kRunFailed = 1;
constexpr int kWrongInput = 2;

void Start(const Command& command, const std::vector<std::string>& args) {
  const bool wants_help =
      command.commands.empty() ? AsksForHelp(args) : !args.empty() && AsksForHelp({args[0]});
  if (wants_help) {
    std::cout << HelpText(command);
    return;
  }
  CheckCommandFound(command, args);
  if (command.run == nullptr) {
    throw UsageError(Cat("say which ", command.kind, ": ", command.name, " ", command.usage[0]));
  }
  CommonOptions common;
  common.log.verbose = command.verbose;
  ParseFlags(AllFlags(command, &common), args, command.names);
  StartLogging(common.log);
  if (command.takes_plugins) LoadPlugins(common.plugins);
  command.run();
}

void PrintError(const std::string& text) { std::cerr << Message(STDERR_FILENO, text) << "\n"; }

int Dispatch(const Command& tool, const std::string& program, std::vector<std::string> args) {
  const Command* command = &tool;
  try {
    args = TranslateCaffeCommand(program, args);
    if (args.empty()) {
      std::cerr << HelpText(tool);
      return kWrongInput;
    }
    command = &FindCommand(tool, &args);
    if (command == &tool && (args[0] == "--version" || args[0] == "-version")) {
      std::cout << "demitasse " << DEMITASSE_VERSION << "\n";
    } else {
      Start(*command, args);
    }
  } catch (const UsageError& error) {
    PrintError(Cat(command->name, ": ", error.what(), "\nSee ", command->name, " --help"));
    return kWrongInput;
  }
  if (!std::cout.flush()) throw Error("cannot write to standard output", ErrorKind::kRun);
  return kDone;
}

// Does what the arguments ask for, and returns the exit code.
int Run(int argc, char** argv) {
  try {
    StopBlasThreads();
    LeaveHdf5OpenAtExit();
    DetectTerminal();
    return Dispatch(DemitasseCommand(), argv[0], {argv + 1, argv + argc});
  } catch (const ExitCode& exit) {
    return exit.code;
  } catch (const Error& error) {
    PrintError(error.what());
    return error.kind() == ErrorKind::kInput ? kWrongInput : kRunFailed;
  } catch (const std::bad_alloc&) {
    std::fputs("error: out of memory; use smaller inputs or a smaller batch\n", stderr);
  } catch (const std::exception& error) {
    PrintError(Cat("error: ", error.what()));
  }
  return kRunFailed;
}

}  // namespace
}  // namespace demitasse

int main(int argc, char** argv) {
  // A write beyond the limit of file sizes is then an error like that of a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  return demitasse::Run(argc, argv);
}
