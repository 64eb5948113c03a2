// demitasse check: all that is wrong with nets and solvers, before they run.
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>

#include "src/core/text.hpp"
#include "tools/check_files.hpp"
#include "tools/commands.hpp"
#include "tools/input_shapes.hpp"
#include "tools/json.hpp"
#include "tools/net_flags.hpp"
#include "tools/style.hpp"

namespace demitasse {
namespace {

constexpr char kDescription[] =
    R"(Prints every problem with its place, errors (the file cannot run) and warnings
(it can, but nobody means that), and a line for each file that is fine. A net is
checked in both phases, or in the one for which it has data; a solver with its
nets. No data and no memory for blobs is needed. Shapes that only data tell are
unknown and not checked, unless --input_shape gives them.
)";

constexpr char kExamples[] = R"(  demitasse check models/lenet_prelu/lenet_prelu.prototxt
  demitasse check models/lenet_prelu/solver.prototxt
  demitasse check models/digits_prelu/digits_prelu.prototxt \
      --weights=models/digits_prelu/digits_prelu.caffemodel
)";

struct CheckOptions {
  std::vector<std::string> paths;
  FileCheck files;
  std::vector<std::string> weights;
  std::vector<std::string> shapes;
  bool strict = false;
  bool json = false;
};

Flag OnePhaseFlag(std::vector<caffe::Phase>* phases) {
  Flag flag{"phase", "TRAIN|TEST",     "both", "check nets in this phase alone",
            nullptr, {"TRAIN", "TEST"}};
  flag.set = [phases](const std::string& value) {
    caffe::Phase phase = caffe::TEST;
    PhaseFlag(&phase).set(value);
    *phases = {phase};
  };
  return flag;
}

std::vector<FlagGroup> CheckFlags(CheckOptions* options) {
  NetOptions* const net = &options->files.net.options;
  return {{"What is checked",
           {OnePhaseFlag(&options->files.phases), LevelFlag(&net->level), StageFlag(&net->stages),
            InputShapeFlag(&options->shapes),
            ListFlag("weights", "FILE", &options->weights, "weights that are to fit the nets"),
            MemoryLimitFlag(&net->memory_limit), LenientFlag(&net->lenient)}},
          {"What comes out",
           {SwitchFlag("strict", &options->strict, "exit with 2 for warnings too"),
            SwitchFlag("json", &options->json, "print one JSON object")}}};
}

std::string Counted(int count, const std::string& what) {
  return Cat(count, " ", what, count == 1 ? "" : "s");
}

// "lenet.prototxt: no problems (TRAIN and TEST)"
std::string FineLine(const CheckedFile& file) {
  std::string line = Cat(file.path, ": no problems (", file.scope, ")");
  if (!file.unknown.empty()) {
    line += Cat("; shapes behind ", Join(file.unknown),
                " not checked, --input_shape=", file.unknown[0], "=NxCxHxW gives them");
  }
  return line + "\n";
}

void PrintText(const std::vector<CheckedFile>& files, const std::vector<Diagnostic>& problems) {
  for (const Diagnostic& problem : problems) {
    std::cout << Message(STDOUT_FILENO, problem.ToString()) << "\n";
  }
  for (const CheckedFile& file : files) {
    if (file.problems.empty()) std::cout << FineLine(file);
  }
  if (problems.empty()) return;
  std::cout << Counted(CountOf(Severity::kError, problems), "error") << ", "
            << Counted(CountOf(Severity::kWarning, problems), "warning") << "\n";
}

std::string ProblemJson(const Diagnostic& problem) {
  return JsonObject(
      {{"severity", JsonText(problem.severity == Severity::kError ? "error" : "warning")},
       {"file", JsonText(problem.where.file)},
       {"line", JsonNumber(problem.where.line)},
       {"column", JsonNumber(problem.where.column)},
       {"message", JsonText(problem.message)}});
}

std::string TextArray(const std::vector<std::string>& texts) {
  std::vector<std::string> items;
  for (const std::string& text : texts) items.push_back(JsonText(text));
  return JsonArray(items);
}

void PrintJson(const std::vector<CheckedFile>& files, const std::vector<Diagnostic>& problems) {
  std::vector<std::string> file_items;
  for (const CheckedFile& file : files) {
    file_items.push_back(
        JsonObject({{"file", JsonText(file.path)},
                    {"checked", JsonText(file.scope)},
                    {"unknown_shapes", TextArray(file.unknown)},
                    {"problems", JsonNumber(static_cast<double>(file.problems.size()))}}));
  }
  std::vector<std::string> problem_items;
  for (const Diagnostic& problem : problems) problem_items.push_back(ProblemJson(problem));
  std::cout << JsonObject({{"files", JsonArray(file_items)},
                           {"problems", JsonArray(problem_items)},
                           {"errors", JsonNumber(CountOf(Severity::kError, problems))},
                           {"warnings", JsonNumber(CountOf(Severity::kWarning, problems))}})
            << "\n";
}

// Those of all files; a net that is given beside its solver has its problems told once.
std::vector<Diagnostic> AllProblems(const std::vector<CheckedFile>& files) {
  std::vector<Diagnostic> all;
  std::vector<std::string> lines;
  for (const CheckedFile& file : files) {
    for (const Diagnostic& problem : file.problems) {
      const std::string line = problem.ToString();
      if (std::find(lines.begin(), lines.end(), line) != lines.end()) continue;
      lines.push_back(line);
      all.push_back(problem);
    }
  }
  return all;
}

void Check(CheckOptions options) {
  if (options.paths.empty()) throw UsageError("needs a file, a net or a solver");
  options.files.net.shapes = ParseInputShapes(options.shapes);
  std::vector<WeightFile> weights;
  weights.reserve(options.weights.size());
  for (const std::string& path : options.weights) {
    weights.push_back(ReadCaffemodel(path));
    options.files.net.weights.push_back(&weights.back());
  }
  std::vector<CheckedFile> files;
  std::vector<std::string> inputs;
  for (const std::string& path : options.paths) {
    files.push_back(CheckFile(path, options.files));
    inputs.insert(inputs.end(), files.back().inputs.begin(), files.back().inputs.end());
  }
  const std::vector<Diagnostic> problems = AllProblems(files);
  if (CountOf(Severity::kError, problems) == 0) {
    CheckInputNames("input_shape", options.shapes, inputs);
  }
  (options.json ? PrintJson : PrintText)(files, problems);
  const bool is_refused =
      options.strict ? !problems.empty() : CountOf(Severity::kError, problems) > 0;
  if (is_refused) throw ExitCode{2};
}

}  // namespace

Command CheckCommand() {
  const auto options = std::make_shared<CheckOptions>();
  Command command;
  command.name = "demitasse check";
  command.summary = "all that is wrong with nets and solvers, before they run";
  command.usage = {"FILE... [flags]"};
  command.description = kDescription;
  command.examples = kExamples;
  command.exit_codes = "0 no errors; 2 errors, or wrong usage";
  command.flags = CheckFlags(options.get());
  command.names = &options->paths;
  command.takes_plugins = true;
  command.run = [options] { Check(*options); };
  return command;
}

}  // namespace demitasse
