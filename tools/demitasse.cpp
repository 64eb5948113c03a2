// demitasse: the command line tool. Finds the command, catches what it throws, and turns it into a
// message and an exit code.
#include <csignal>
#include <cstdio>
#include <iostream>
#include <new>
#include <string>
#include <vector>

#include "demitasse/error.hpp"
#include "demitasse/version.hpp"
#include "src/core/text.hpp"
#include "src/ops/blas.hpp"
#include "tools/caffe_names.hpp"
#include "tools/commands.hpp"
#include "tools/flags.hpp"

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
  LogOptions log;
  log.verbose = command.verbose;
  ParseFlags(AllFlags(command, &log), args, command.names);
  StartLogging(log);
  command.run();
}

// Does what the arguments behind the program's name ask for, and returns the exit code.
int Run(const std::string& program, std::vector<std::string> args) {
  const Command tool = DemitasseCommand();
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
    if (!std::cout.flush()) throw Error("cannot write to standard output", ErrorKind::kRun);
    return kDone;
  } catch (const UsageError& error) {
    std::cerr << command->name << ": " << error.what() << "\nSee " << command->name << " --help\n";
    return kWrongInput;
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
    return error.kind() == ErrorKind::kInput ? kWrongInput : kRunFailed;
  } catch (const std::bad_alloc&) {
    std::cerr << "error: out of memory; use smaller inputs or a smaller batch\n";
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << "\n";
  }
  return kRunFailed;
}

}  // namespace
}  // namespace demitasse

int main(int argc, char** argv) {
  // A write beyond the limit of file sizes is then an error like that of a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  demitasse::StopBlasThreads();
  return demitasse::Run(argv[0], {argv + 1, argv + argc});
}
