// demitasse: the command line tool. Finds the command, catches what it throws, and turns it into a
// message and an exit code.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <iterator>
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

constexpr char kHelp[] =
    R"(demitasse: runs and trains networks in Caffe's format, from the prototxt and
caffemodel files you have.

usage: demitasse COMMAND [flags]

Commands:
  run           run a net once, forward or forward and backward
  train         train a net as a solver says
  test          average what a net gives over batches of its data
  time          how long the layers of a net take
  features      write what blobs of a net hold over batches of its data
  dataset       make a data set: from pictures, arrays, or drawn digits
  mean          the mean image of a data set
  upgrade       bring old nets, solvers and weights to today's form
  gradcheck     numerical against analytical gradients
  inspect       what is in weights, and in the blobs of a run
  layers        what the layers compute, and their parameters
  device_query  what the machine has, and what this program was built with
  help          say more about a command: demitasse help run

Example:
  demitasse run --model=deploy.prototxt --weights=net.caffemodel \
      --input=data=cat.jpg

demitasse COMMAND --help lists the flags of a command, demitasse --version tells
the version.
)";

struct Command {
  const char* name;
  void (*run)(const std::vector<std::string>& args);
};

constexpr Command kCommands[] = {
    {"run", CmdRun},         {"train", CmdTrain},       {"test", CmdTest},
    {"time", CmdTime},       {"features", CmdFeatures}, {"dataset", CmdDataset},
    {"mean", CmdMean},       {"upgrade", CmdUpgrade},   {"gradcheck", CmdGradcheck},
    {"inspect", CmdInspect}, {"layers", CmdLayers},     {"device_query", CmdDeviceQuery}};

const Command& FindCommand(const std::string& name) {
  const auto* const found = std::find_if(std::begin(kCommands), std::end(kCommands),
                                         [&name](const Command& c) { return name == c.name; });
  if (found != std::end(kCommands)) return *found;
  std::vector<std::string> known = {"help"};
  for (const Command& command : kCommands) known.emplace_back(command.name);
  throw UsageError(Cat("unknown command '", OneLine(name), "'", DidYouMean(name, known)));
}

void ShowHelp(const std::vector<std::string>& args) {
  if (args.empty()) {
    std::cout << kHelp;
    return;
  }
  FindCommand(args[0]).run({"--help"});
}

void Dispatch(const std::string& name, const std::vector<std::string>& args) {
  if (name == "--version" || name == "-version") {
    std::cout << "demitasse " << DEMITASSE_VERSION << "\n";
  } else if (name == "help" || AsksForHelp({name})) {
    ShowHelp(args);
  } else {
    FindCommand(name).run(args);
  }
  if (!std::cout.flush()) throw Error("cannot write to standard output", ErrorKind::kRun);
}

// Who says a usage error: the tool, or one of its commands.
std::string Speaker(const std::vector<std::string>& args) {
  const bool is_command =
      !args.empty() && std::any_of(std::begin(kCommands), std::end(kCommands),
                                   [&](const Command& c) { return args[0] == c.name; });
  return is_command ? "demitasse " + args[0] : "demitasse";
}

// Does what the arguments behind the program's name ask for, and returns the exit code.
int Run(const std::string& program, std::vector<std::string> args) {
  try {
    args = TranslateCaffeCommand(program, args);
    if (args.empty()) {
      std::cerr << kHelp;
      return kWrongInput;
    }
    Dispatch(args[0], {args.begin() + 1, args.end()});
    return kDone;
  } catch (const UsageError& error) {
    const std::string speaker = Speaker(args);
    std::cerr << speaker << ": " << error.what() << "\nSee " << speaker << " --help\n";
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
