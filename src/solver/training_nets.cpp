#include "src/solver/training_nets.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "demitasse/log.hpp"
#include "src/core/log_warnings.hpp"
#include "src/core/text.hpp"
#include "src/io/find_file.hpp"
#include "src/parse/upgrade.hpp"

namespace demitasse {
namespace {

std::string PathOf(const SolverSource& solver, const NamedNet& named) {
  try {
    return FindFile(named.file, solver.source->file());
  } catch (const Error& error) {
    throw solver.Fail(named.field, error.message());
  }
}

std::unique_ptr<Net> Build(const SolverSource& solver, const NamedNet& named,
                           const NetOptions& options) {
  Diagnostics diagnostics;
  TextOptions text;
  text.lenient = options.lenient;
  const NetSource net = ReadNamedNet(solver, named, text, &diagnostics);
  LogWarnings(diagnostics);
  diagnostics.ThrowIfErrors();
  return std::make_unique<Net>(net.net, options, net.source);
}

NetOptions OptionsFor(const SolverOptions& options, const caffe::NetState& state,
                      caffe::Phase phase, uint64_t seed) {
  NetOptions net;
  net.phase = phase;
  net.level = state.level();
  net.stages.assign(state.stage().begin(), state.stage().end());
  net.engine = options.engine;
  net.threads = options.threads;
  net.seed = seed;
  net.memory_limit = options.memory_limit;
  net.lenient = options.lenient;
  return net;
}

// The nets for training and testing both, as far as they are given.
std::vector<NamedNet> CommonNets(const caffe::SolverParameter& param) {
  std::vector<NamedNet> nets;
  if (param.has_net_param()) nets.push_back({"net_param", "", &param.net_param(), {}});
  if (param.has_net()) nets.push_back({"net", param.net(), nullptr, {}});
  return nets;
}

std::vector<NamedNet> OwnTestNets(const caffe::SolverParameter& param) {
  std::vector<NamedNet> nets;
  for (int i = 0; i < param.test_net_param_size(); ++i) {
    nets.push_back({Cat("test_net_param[", i, "]"), "", &param.test_net_param(i), {}});
  }
  for (int i = 0; i < param.test_net_size(); ++i) {
    nets.push_back({Cat("test_net[", i, "]"), param.test_net(i), nullptr, {}});
  }
  return nets;
}

void CheckTestFields(const SolverSource& solver, int own_nets, bool has_common_net,
                     Diagnostics* diagnostics) {
  const caffe::SolverParameter& param = solver.param;
  const int tests = param.test_iter_size();
  if (has_common_net ? tests < own_nets : tests != own_nets) {
    diagnostics->Add(solver.Fail(
        tests > 0 ? Cat("test_iter[", std::min(own_nets, tests - 1), "]") : "test_net[0]",
        Cat("there ", own_nets == 1 ? "is 1 test net" : Cat("are ", own_nets, " test nets"),
            " and ", tests, " test_iter; give one test_iter for each")));
  }
  if (param.test_state_size() > 0 && param.test_state_size() != tests) {
    diagnostics->Add(solver.Fail(
        "test_state[0]", Cat("there are ", param.test_state_size(), " test_state and ", tests,
                             " test_iter; give one test_state for each or none")));
  }
  for (int i = 0; i < tests; ++i) {
    if (param.test_iter(i) > 0) continue;
    diagnostics->Add(solver.Fail(Cat("test_iter[", i, "]"),
                                 Cat("test_iter must be above 0, got ", param.test_iter(i))));
  }
  if (tests > 0 && param.test_interval() <= 0) {
    diagnostics->Add(
        solver.Fail(param.has_test_interval() ? "test_interval" : "test_iter[0]",
                    Cat("test_interval must be above 0 if there are tests, got ",
                        param.has_test_interval() ? Cat(param.test_interval()) : "none")));
  }
}

}  // namespace

std::optional<NamedNet> FindTrainNet(const SolverSource& solver, Diagnostics* diagnostics) {
  const caffe::SolverParameter& param = solver.param;
  std::vector<NamedNet> nets = CommonNets(param);
  if (param.has_train_net_param()) {
    nets.push_back({"train_net_param", "", &param.train_net_param(), {}});
  }
  if (param.has_train_net()) nets.push_back({"train_net", param.train_net(), nullptr, {}});
  if (nets.empty()) {
    diagnostics->Add(solver.Fail("", "names no net to train; write net: \"NET.prototxt\""));
    return {};
  }
  if (nets.size() > 1) {
    diagnostics->Add(
        solver.Fail(nets[1].field, Cat("the net to train is given twice, as ", nets[0].field,
                                       " and as ", nets[1].field, "; leave one out")));
  }
  nets[0].state = param.train_state();
  nets[0].state_field = "train_state";
  return nets[0];
}

std::vector<NamedNet> FindTestNets(const SolverSource& solver, Diagnostics* diagnostics) {
  const caffe::SolverParameter& param = solver.param;
  std::vector<NamedNet> nets = OwnTestNets(param);
  const std::vector<NamedNet> common = CommonNets(param);
  CheckTestFields(solver, static_cast<int>(nets.size()), !common.empty(), diagnostics);
  const auto tests = static_cast<size_t>(param.test_iter_size());
  if (!common.empty() && nets.size() < tests) nets.resize(tests, common[0]);
  for (size_t i = 0; i < nets.size(); ++i) {
    const int number = static_cast<int>(i);
    if (number >= param.test_state_size()) continue;
    nets[i].state = param.test_state(number);
    nets[i].state_field = Cat("test_state[", i, "]");
  }
  return nets;
}

NetSource ReadNamedNet(const SolverSource& solver, const NamedNet& named,
                       const TextOptions& options, Diagnostics* diagnostics) {
  if (named.param == nullptr) return ReadNet(PathOf(solver, named), options, diagnostics);
  const auto source = std::make_shared<SourceMap>(solver.source->Below(named.field));
  NetSource net{*named.param, source};
  UpgradeNet(&net.net, source.get(), diagnostics);
  return net;
}

std::unique_ptr<Net> BuildTrainNet(const SolverSource& solver, const SolverOptions& options,
                                   uint64_t seed) {
  Diagnostics diagnostics;
  const std::optional<NamedNet> named = FindTrainNet(solver, &diagnostics);
  diagnostics.ThrowIfErrors();
  LogInfo(named->param != nullptr
              ? Cat("Creating training net specified in ", named->field, ".")
              : Cat("Creating training net from ", named->field, " file: ", named->file));
  NetOptions net = OptionsFor(options, named->state, caffe::TRAIN, seed);
  if (options.level != 0) net.level = options.level;
  net.stages.insert(net.stages.end(), options.stages.begin(), options.stages.end());
  return Build(solver, *named, net);
}

std::vector<std::unique_ptr<Net>> BuildTestNets(const SolverSource& solver,
                                                const SolverOptions& options, uint64_t seed) {
  Diagnostics diagnostics;
  const std::vector<NamedNet> nets = FindTestNets(solver, &diagnostics);
  diagnostics.ThrowIfErrors();
  std::vector<std::unique_ptr<Net>> built;
  for (const NamedNet& named : nets) {
    LogInfo(named.param != nullptr
                ? Cat("Creating test net (#", built.size(), ") specified by ", named.field)
                : Cat("Creating test net (#", built.size(), ") specified by ", named.field,
                      " file: ", named.file));
    built.push_back(Build(solver, named, OptionsFor(options, named.state, caffe::TEST, seed)));
  }
  return built;
}

}  // namespace demitasse
