// demitasse upgrade: old nets, solvers and weights in today's form.
#include <iostream>
#include <limits>
#include <memory>

#include "demitasse/log.hpp"
#include "src/core/text.hpp"
#include "src/io/atomic_file.hpp"
#include "src/io/file.hpp"
#include "src/io/hdf5.hpp"
#include "src/io/write_message.hpp"
#include "src/parse/print_text.hpp"
#include "src/parse/prototxt.hpp"
#include "src/parse/text_file.hpp"
#include "src/parse/upgrade.hpp"
#include "src/solver/solver_source.hpp"
#include "tools/commands.hpp"
#include "tools/net_flags.hpp"

namespace demitasse {
namespace {

using google::protobuf::Message;

constexpr char kDescription[] =
    R"(Reads a net, a solver (.prototxt) or weights (.caffemodel) of an older Caffe;
what the file is, its content tells. All other commands read the old forms too.

Says on standard error what was upgraded. Comments in a text are lost.
)";

constexpr char kExamples[] = R"(  demitasse upgrade old_net.prototxt net.prototxt
  demitasse upgrade old.caffemodel new.caffemodel
)";

void Report(const Diagnostics& diagnostics) {
  diagnostics.ThrowIfErrors();
  for (const Diagnostic& problem : diagnostics.list()) LogWarning(problem.ToString());
}

void WriteText(const std::string& path, const Message& message) {
  const std::string text = PrintText(message);
  AtomicFile file(path);
  file.Write(text.data(), text.size());
  file.Commit();
}

void UpgradeText(const std::string& text, const std::string& in, const std::string& out,
                 const TextOptions& options) {
  Diagnostics diagnostics;
  if (IsSolverText(text, options)) {
    const SolverSource solver = ReadSolverFromText(text, in, options, &diagnostics);
    Report(diagnostics);
    WriteText(out, solver.param);
    LogInfo("Wrote upgraded SolverParameter text proto to " + out);
  } else {
    const NetSource net = ReadNetFromText(text, in, options, &diagnostics);
    Report(diagnostics);
    WriteText(out, net.net);
    LogInfo("Wrote upgraded NetParameter text proto to " + out);
  }
}

void UpgradeBinary(const std::string& bytes, const std::string& in, const std::string& out) {
  caffe::NetParameter net;
  if (!net.ParseFromString(bytes) || net.layer_size() + net.layers_size() == 0) {
    throw Error(Location{in}, "this is no .prototxt and no .caffemodel, or it is damaged");
  }
  SourceMap source(in);
  Diagnostics diagnostics;
  UpgradeNet(&net, &source, &diagnostics);
  Report(diagnostics);
  WriteMessage(out, net);
  LogInfo("Wrote upgraded NetParameter binary proto to " + out);
}

struct UpgradeOptions {
  std::vector<std::string> names;
  TextOptions text;
};

void Upgrade(const UpgradeOptions& options) {
  if (options.names.size() != 2) {
    throw UsageError(Cat("needs two names, of the file to read and of the one to write, got ",
                         options.names.size()));
  }
  const std::string& in = options.names[0];
  const std::string& out = options.names[1];
  if (IsHdf5File(in)) {
    throw Error(Location{in}, "this is in HDF5 form, which has not changed; use it as it is");
  }
  const std::string bytes = ReadFile(in, std::numeric_limits<int>::max());
  if (WhyNotText(bytes).empty()) {
    UpgradeText(bytes, in, out, options.text);
  } else {
    UpgradeBinary(bytes, in, out);
  }
}

}  // namespace

Command UpgradeCommand() {
  const auto options = std::make_shared<UpgradeOptions>();
  Command command;
  command.name = "demitasse upgrade";
  command.summary = "bring old nets, solvers and weights to today's form";
  command.usage = {"IN OUT [flags]"};
  command.description = kDescription;
  command.examples = kExamples;
  command.flags = {{"The text", {LenientFlag(&options->text.lenient)}}};
  command.names = &options->names;
  command.verbose = true;
  command.run = [options] { Upgrade(*options); };
  return command;
}

}  // namespace demitasse
