#include "tools/check_files.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "src/core/text.hpp"
#include "src/io/find_file.hpp"
#include "src/parse/text_file.hpp"
#include "src/solver/learning_rate.hpp"
#include "src/solver/solver_source.hpp"
#include "src/solver/training_nets.hpp"
#include "src/solver/update_rule.hpp"
#include "tools/guessed_shapes.hpp"
#include "tools/net_rules.hpp"
#include "tools/solver_rules.hpp"

namespace demitasse {
namespace {

TextOptions TextFor(const FileCheck& check) {
  TextOptions options;
  options.lenient = check.net.options.lenient;
  return options;
}

void AddMissing(const std::vector<std::string>& more, std::vector<std::string>* names) {
  for (const std::string& name : more) {
    if (std::find(names->begin(), names->end(), name) == names->end()) names->push_back(name);
  }
}

void NoteInputs(const PhaseCheck& phase, CheckedFile* file) {
  AddMissing(SourceTops(*phase.state), &file->inputs);
  for (const std::string& name : SourceTops(*phase.state)) {
    const auto found = phase.state->blob_index.find(name);
    if (found == phase.state->blob_index.end()) continue;
    if (!phase.state->blobs[found->second]->has_shape()) AddMissing({name}, &file->unknown);
  }
}

// Phases without data are left out: a net for training alone is none for testing.
void CheckNet(const NetSource& net, const FileCheck& check, CheckedFile* file,
              Diagnostics* diagnostics) {
  FindOddFields(net, check.net.doubtful, diagnostics);
  std::vector<PhaseCheck> phases;
  std::vector<std::string> names;
  for (const caffe::Phase phase : check.phases) {
    phases.push_back(CheckPhase(net, phase, check.net));
    names.push_back(caffe::Phase_Name(phase));
    NoteInputs(phases.back(), file);
  }
  if (phases.size() == 2 && HasDataIn(phases[0]) != HasDataIn(phases[1])) {
    const std::ptrdiff_t without = HasDataIn(phases[0]) ? 1 : 0;
    phases.erase(phases.begin() + without);
    names.erase(names.begin() + without);
  }
  file->scope = Join(names, " and ");
  if (phases.size() == 1) {
    diagnostics->Add(phases[0].problems);
    diagnostics->Add(phases[0].remarks);
  } else {
    JoinPhases(phases[0], phases[1], diagnostics);
    ComparePhases(phases[0], phases[1], diagnostics);
  }
}

// The paths of the layers in which the errors of reading are: there may be more to say of the
// others. False if one is in no layer, or may have taken a layer's tops.
bool FindDoubtful(const NetSource& net, const Diagnostics& errors, std::set<std::string>* paths) {
  for (const Diagnostic& problem : errors.list()) {
    int layer = -1;  // the last that begins before the error
    for (int i = 0; i < net.net.layer_size(); ++i) {
      const Location begin = net.source->Find(LayerPath(i));
      if (std::tie(begin.line, begin.column) <=
          std::tie(problem.where.line, problem.where.column)) {
        layer = i;
      }
    }
    if (layer < 0 || net.net.layer(layer).top_size() == 0) return false;
    const std::string prefix =
        LayerPrefix(net.net.layer(layer).name(), net.net.layer(layer).type());
    if (problem.message.compare(0, prefix.size(), prefix) != 0) return false;
    paths->insert(LayerPath(layer));
  }
  return true;
}

void CheckNetText(const std::string& text, const FileCheck& check, CheckedFile* file,
                  Diagnostics* diagnostics) {
  FileCheck rest = check;
  Diagnostics found;
  const NetSource net = ReadNetFromText(text, file->path, TextFor(check), &found);
  if (!found.has_errors() || FindDoubtful(net, found, &rest.net.doubtful)) {
    CheckNet(net, rest, file, &found);
  }
  diagnostics->Add(found);
}

// Stages that no rule of the net names: they are spelled otherwise there, or in another net.
void FindUnknownStages(const SolverSource& solver, const NamedNet& named, const NetSource& net,
                       Diagnostics* warnings) {
  std::vector<std::string> known;
  const auto add_stages = [&](const auto& rules) {
    for (const caffe::NetStateRule& rule : rules) {
      known.insert(known.end(), rule.stage().begin(), rule.stage().end());
      known.insert(known.end(), rule.not_stage().begin(), rule.not_stage().end());
    }
  };
  for (const LayerParameter& layer : net.net.layer()) {
    add_stages(layer.include());
    add_stages(layer.exclude());
  }
  for (int i = 0; i < named.state.stage_size(); ++i) {
    const std::string& stage = named.state.stage(i);
    if (std::find(known.begin(), known.end(), stage) != known.end()) continue;
    warnings->AddWarning(
        solver.source->Find(Cat(named.state_field, ".stage[", i, "]")),
        Cat("no layer of the net has a rule for stage '", stage, "'", DidYouMean(stage, known)));
  }
}

// Inputs are for programs that fill them.
void FindEmptyInputs(const SolverSource& solver, const NamedNet& named, const PhaseCheck& check,
                     Diagnostics* warnings) {
  const std::vector<std::string>& inputs = check.state->input_names;
  if (inputs.empty()) return;
  const std::string phase = caffe::Phase_Name(check.state->options.phase);
  warnings->AddWarning(solver.source->Find(named.field),
                       Cat("the net has inputs that `demitasse train` leaves 0 in ", phase, ": ",
                           Join(inputs), "; give it data layers, or the stage that has them"));
}

// A net of a solver that could be read, in the phase and state it is for.
std::optional<PhaseCheck> CheckNamedNet(const SolverSource& solver, const NamedNet& named,
                                        caffe::Phase phase, const FileCheck& check,
                                        CheckedFile* file, Diagnostics* diagnostics) {
  Diagnostics found;
  NetSource net;
  try {
    net = ReadNamedNet(solver, named, TextFor(check), &found);
  } catch (const Error& error) {
    found.Add(error);
  }
  const bool is_readable = !found.has_errors();
  if (is_readable) {
    FindOddFields(net, {}, &found);
    FindUnknownStages(solver, named, net, &found);
  }
  diagnostics->Add(found);
  if (!is_readable) return {};
  NetCheck net_check = check.net;
  if (named.state.level() != 0) net_check.options.level = named.state.level();
  net_check.options.stages.insert(net_check.options.stages.end(), named.state.stage().begin(),
                                  named.state.stage().end());
  PhaseCheck result = CheckPhase(net, phase, net_check);
  FindEmptyInputs(solver, named, result, diagnostics);
  NoteInputs(result, file);
  return result;
}

// The files of `weights`, and those the solver starts from.
std::vector<WeightFile> ReadSolverWeights(const SolverSource& solver, Diagnostics* diagnostics) {
  std::vector<WeightFile> files;
  for (int i = 0; i < solver.param.weights_size(); ++i) {
    for (const std::string& path : SplitText(solver.param.weights(i), ',')) {
      try {
        files.push_back(ReadCaffemodel(FindFile(path, solver.source->file())));
      } catch (const Error& error) {
        diagnostics->Add(
            solver.Fail(Cat("weights[", i, "]"), Cat("weights '", path, "': ", error.message())));
      }
    }
  }
  return files;
}

void CheckSolverNets(const SolverSource& solver, FileCheck check, CheckedFile* file,
                     Diagnostics* diagnostics) {
  const std::vector<WeightFile> weights = ReadSolverWeights(solver, diagnostics);
  for (const WeightFile& from : weights) check.net.weights.push_back(&from);
  const std::optional<NamedNet> train_net = FindTrainNet(solver, diagnostics);
  const std::vector<NamedNet> test_nets = FindTestNets(solver, diagnostics);
  std::optional<PhaseCheck> train;
  if (train_net) {
    train = CheckNamedNet(solver, *train_net, caffe::TRAIN, check, file, diagnostics);
  }
  if (train && train->net && !train->net->has_loss()) {
    diagnostics->AddWarning(solver.source->Find(train_net->field),
                            "the net to train has no loss; without one the sum of its outputs is "
                            "made small");
  }
  bool is_joined = false;
  for (const NamedNet& named : test_nets) {
    const auto test = CheckNamedNet(solver, named, caffe::TEST, check, file, diagnostics);
    if (!test) continue;
    if (train && !is_joined) {
      JoinPhases(*train, *test, diagnostics);
      is_joined = true;
    } else {
      diagnostics->Add(test->problems);
      diagnostics->Add(test->remarks);
    }
    if (train) ComparePhases(*train, *test, diagnostics);
  }
  if (train && !is_joined) {
    diagnostics->Add(train->problems);
    diagnostics->Add(train->remarks);
  }
  file->scope = test_nets.empty() ? "the solver and its net" : "the solver and its nets";
}

// Of a solver that could not be read as a whole, only its nets have more to say.
void CheckSolverText(const std::string& text, const FileCheck& check, CheckedFile* file,
                     Diagnostics* diagnostics) {
  SolverSource solver = ReadSolverFromText(text, file->path, TextFor(check), diagnostics);
  const bool is_read = !diagnostics->has_errors();
  if (is_read) {
    NameSnapshots(file->path, &solver);
    CheckSolver(solver, diagnostics);
    CheckLearningRate(solver, diagnostics);
    CheckUpdateRule(solver, diagnostics);
    FindOddSolverFields(solver, diagnostics);
  }
  Diagnostics found;
  CheckSolverNets(solver, check, file, &found);
  for (const Diagnostic& problem : found.list()) {
    if (is_read || problem.where.file != file->path) AddProblem(problem, diagnostics);
  }
}

// Each problem once, in the order of the places; files in the order in which they were read.
std::vector<Diagnostic> Sorted(const Diagnostics& diagnostics, const std::string& first_file) {
  std::map<std::string, size_t> order = {{first_file, 0}};
  std::set<std::string> seen;
  std::vector<Diagnostic> problems;
  for (const Diagnostic& problem : diagnostics.list()) {
    order.emplace(problem.where.file, order.size());
    if (seen.insert(problem.ToString()).second) problems.push_back(problem);
  }
  std::stable_sort(problems.begin(), problems.end(), [&](const Diagnostic& a, const Diagnostic& b) {
    return std::make_tuple(order[a.where.file], a.where.line, a.where.column) <
           std::make_tuple(order[b.where.file], b.where.line, b.where.column);
  });
  return problems;
}

}  // namespace

CheckedFile CheckFile(const std::string& path, const FileCheck& check) {
  CheckedFile file;
  file.path = path;
  Diagnostics diagnostics;
  try {
    const std::string text = ReadTextFile(path);
    const bool is_solver = IsSolverText(text, TextFor(check));
    (is_solver ? CheckSolverText : CheckNetText)(text, check, &file, &diagnostics);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    diagnostics.Add(error);
  }
  file.problems = Sorted(diagnostics, path);
  return file;
}

int CountOf(Severity severity, const std::vector<Diagnostic>& problems) {
  return static_cast<int>(
      std::count_if(problems.begin(), problems.end(),
                    [&](const Diagnostic& problem) { return problem.severity == severity; }));
}

}  // namespace demitasse
