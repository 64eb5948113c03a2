#include "tools/check_net.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include "src/core/text.hpp"
#include "src/net/trained_layers.hpp"
#include "tools/guessed_shapes.hpp"
#include "tools/net_rules.hpp"

namespace demitasse {
namespace {

// Weights that do not fit, at the layer they are for, and layers that get none.
void CheckWeights(const NetCheck& check, const PhaseCheck& phase, std::set<std::string>* trained,
                  Diagnostics* diagnostics) {
  std::vector<std::string> in_files;
  for (const WeightFile* file : check.weights) {
    for (const WeightMisfit& misfit : FindMisfits(*file, *phase.state)) {
      diagnostics->Add(phase.state->layers[misfit.layer]->Fail(
          "", Cat("the weights in '", file->path, "' do not fit: ", misfit.message)));
    }
    for (const LayerWeights& layer : file->layers) {
      if (!layer.blobs.empty()) in_files.push_back(layer.name);
    }
  }
  trained->insert(in_files.begin(), in_files.end());
  if (check.weights.empty()) return;
  const NetState& state = phase.guess != nullptr ? *phase.guess : *phase.state;
  for (size_t i = 0; i < state.layers.size(); ++i) {
    if (!state.is_set_up[i] || trained->count(state.layer_names[i]) > 0) continue;
    const Layer& layer = *state.layers[i];
    if (layer.blobs().empty() || AllShared(state, layer)) continue;
    const LayerError place = layer.Fail(
        "name", Cat("no weights are given for it, it would start with those of its fillers",
                    DidYouMean(state.layer_names[i], in_files)));
    diagnostics->AddWarning(place.where(), place.message());
  }
}

// Messages name blobs as they are written, not the copies that splits make of them.
void ShowWrittenNames(const NetState& state, Diagnostics* diagnostics) {
  Diagnostics renamed;
  for (Diagnostic problem : diagnostics->list()) {
    for (const PlannedLayer& planned : state.plan) {
      if (!planned.is_split) continue;
      for (const std::string& copy : planned.param.top()) {
        const size_t at = problem.message.find(copy);
        if (at == std::string::npos) continue;
        const size_t end = at + copy.size();  // of this copy's name, not of that of number 10
        if (end < problem.message.size() && std::isdigit(problem.message[end]) != 0) continue;
        problem.message.replace(at, copy.size(), planned.param.bottom(0));
      }
    }
    AddProblem(problem, &renamed);
  }
  *diagnostics = renamed;
}

// Sentences about the same mistake in two phases differ in numbers and in what they propose.
std::string WithoutDetails(const Diagnostic& problem) {
  std::string key = ToString(problem.where) + problem.message.substr(0, problem.message.find(';'));
  key.erase(
      std::remove_if(key.begin() + static_cast<std::ptrdiff_t>(ToString(problem.where).size()),
                     key.end(), [](unsigned char c) { return std::isdigit(c) != 0; }),
      key.end());
  return key;
}

std::set<std::string> Keys(const Diagnostics& diagnostics) {
  std::set<std::string> keys;
  for (const Diagnostic& problem : diagnostics.list()) keys.insert(WithoutDetails(problem));
  return keys;
}

void AddWithPhase(Diagnostic problem, const std::string& phase, Diagnostics* diagnostics) {
  if (problem.message.find(phase) == std::string::npos) {
    problem.message += Cat(" (in ", phase, ")");
  }
  AddProblem(problem, diagnostics);
}

}  // namespace

void AddProblem(const Diagnostic& problem, Diagnostics* diagnostics) {
  if (problem.severity == Severity::kError) {
    diagnostics->AddError(problem.where, problem.message);
  } else {
    diagnostics->AddWarning(problem.where, problem.message);
  }
}

PhaseCheck CheckPhase(const NetSource& net, caffe::Phase phase, const NetCheck& check) {
  PhaseCheck result;
  NetOptions options = check.options;
  options.phase = phase;
  result.state = BuildShapes(net, options, check.shapes, &result.problems, check.doubtful);
  if (HasUnknownShapes(*result.state)) {
    result.guess = BuildWithGuesses(net, *result.state, &result.problems);
  }
  std::set<std::string> trained;
  CheckWeights(check, result, &trained, &result.problems);
  const NetState& built = result.guess != nullptr ? *result.guess : *result.state;
  ShowWrittenNames(*result.state, &result.problems);
  if (std::find(built.layers.begin(), built.layers.end(), nullptr) != built.layers.end()) {
    return result;
  }
  result.net.emplace(net, built);
  result.net->trained = std::move(trained);
  result.net->has_guessed_shapes = result.guess != nullptr;
  FindOddWiring(*result.net, &result.problems);
  FindOddLearning(*result.net, &result.remarks);
  return result;
}

bool HasDataIn(const PhaseCheck& check) {
  const std::vector<PlannedLayer>& plan = check.state->plan;
  return std::any_of(plan.begin(), plan.end(), [](const PlannedLayer& planned) {
    return planned.param.bottom_size() == 0 && planned.param.top_size() > 0;
  });
}

void ComparePhases(const PhaseCheck& train, const PhaseCheck& test, Diagnostics* diagnostics) {
  if (!train.net || !test.net) return;
  FindOddPhases(*train.net, *test.net, diagnostics);
  FindUnsharable(*train.net, *test.net, diagnostics);
}

void JoinPhases(const PhaseCheck& train, const PhaseCheck& test, Diagnostics* diagnostics) {
  const std::set<std::string> in_train = Keys(train.problems);
  const std::set<std::string> in_test = Keys(test.problems);
  for (const Diagnostic& problem : train.problems.list()) {
    if (in_test.count(WithoutDetails(problem)) > 0) {
      AddProblem(problem, diagnostics);
    } else {
      AddWithPhase(problem, "TRAIN", diagnostics);
    }
  }
  for (const Diagnostic& problem : test.problems.list()) {
    if (in_train.count(WithoutDetails(problem)) == 0) AddWithPhase(problem, "TEST", diagnostics);
  }
  diagnostics->Add(train.remarks);
  diagnostics->Add(test.remarks);
}

}  // namespace demitasse
