#include "src/solver/learning_rate.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <vector>

#include "src/core/text.hpp"

namespace demitasse {
namespace {

using Param = caffe::SolverParameter;

int MultiSteps(const Param& param, int iteration) {
  const auto& values = param.stepvalue();
  return static_cast<int>(
      std::count_if(values.begin(), values.end(), [&](int value) { return value <= iteration; }));
}

float Fixed(const Param& param, int /*iteration*/) { return param.base_lr(); }

float Step(const Param& param, int iteration) {
  const int steps = iteration / param.stepsize();
  return param.base_lr() * std::pow(param.gamma(), static_cast<float>(steps));
}

float Exp(const Param& param, int iteration) {
  return param.base_lr() * std::pow(param.gamma(), static_cast<float>(iteration));
}

float Inv(const Param& param, int iteration) {
  const float grown = 1 + param.gamma() * static_cast<float>(iteration);
  return param.base_lr() * std::pow(grown, -param.power());
}

float MultiStep(const Param& param, int iteration) {
  const auto steps = static_cast<float>(MultiSteps(param, iteration));
  return param.base_lr() * std::pow(param.gamma(), steps);
}

float Poly(const Param& param, int iteration) {
  const float done = static_cast<float>(iteration) / static_cast<float>(param.max_iter());
  return param.base_lr() * std::pow(1 - done, param.power());
}

float Sigmoid(const Param& param, int iteration) {
  const auto past = static_cast<float>(iteration - param.stepsize());
  return param.base_lr() / (1 + std::exp(-param.gamma() * past));
}

struct Policy {
  const char* name;
  float (*at)(const Param& param, int iteration);
};

constexpr Policy kPolicies[] = {
    {"fixed", Fixed},     {"step", Step},          {"exp", Exp}, {"inv", Inv}, {"poly", Poly},
    {"sigmoid", Sigmoid}, {"multistep", MultiStep}};

const Policy& FindPolicy(const SolverSource& solver) {
  const std::string& name = solver.param.lr_policy();
  const auto* const found = std::find_if(std::begin(kPolicies), std::end(kPolicies),
                                         [&](const Policy& policy) { return name == policy.name; });
  if (found != std::end(kPolicies)) return *found;
  std::vector<std::string> known;
  for (const Policy& policy : kPolicies) known.emplace_back(policy.name);
  if (name.empty()) throw solver.Fail("lr_policy", "lr_policy must be given: " + Join(known));
  const std::string near = DidYouMean(name, known);
  throw solver.Fail("lr_policy", Cat("unknown lr_policy '", OneLine(name), "'",
                                     near.empty() ? "; known policies: " + Join(known) : near));
}

void CheckSteps(const SolverSource& solver, Diagnostics* diagnostics) {
  const Param& param = solver.param;
  const std::string& policy = param.lr_policy();
  if ((policy == "step" || policy == "sigmoid") && param.stepsize() <= 0) {
    diagnostics->Add(solver.Fail(param.has_stepsize() ? "stepsize" : "lr_policy",
                                 Cat("lr_policy ", policy, " needs a stepsize above 0, got ",
                                     param.has_stepsize() ? Cat(param.stepsize()) : "none")));
  }
  if (policy != "multistep") return;
  if (param.stepvalue().empty()) {
    diagnostics->Add(solver.Fail(
        "lr_policy", "lr_policy multistep needs stepvalue, the iterations of its steps"));
  }
  for (int i = 1; i < param.stepvalue_size(); ++i) {
    if (param.stepvalue(i) >= param.stepvalue(i - 1)) continue;
    diagnostics->Add(solver.Fail(
        Cat("stepvalue[", i, "]"),
        Cat("stepvalue must rise, got ", param.stepvalue(i), " behind ", param.stepvalue(i - 1))));
  }
}

void CheckFactors(const SolverSource& solver, Diagnostics* diagnostics) {
  const Param& param = solver.param;
  const std::string& policy = param.lr_policy();
  if (param.base_lr() < 0) {
    diagnostics->Add(
        solver.Fail("base_lr", Cat("base_lr must not be negative, got ", param.base_lr())));
  }
  if (policy != "fixed" && policy != "poly" && !param.has_gamma()) {
    diagnostics->Add(solver.Fail("lr_policy", Cat("lr_policy ", policy, " needs gamma")));
  }
  // A sigmoid may fall as well as rise.
  if (policy != "sigmoid" && param.gamma() < 0) {
    diagnostics->Add(solver.Fail("gamma", Cat("gamma must not be negative, got ", param.gamma())));
  }
}

}  // namespace

LearningRate::LearningRate(const SolverSource& solver)
    : param_(solver.param), at_(FindPolicy(solver).at) {
  Diagnostics diagnostics;
  CheckLearningRate(solver, &diagnostics);
  diagnostics.ThrowIfErrors();
}

void CheckLearningRate(const SolverSource& solver, Diagnostics* diagnostics) {
  try {
    FindPolicy(solver);
  } catch (const Error& error) {
    diagnostics->Add(error);
    return;
  }
  CheckSteps(solver, diagnostics);
  CheckFactors(solver, diagnostics);
}

int LearningRate::Steps(int iteration) const {
  if (at_ == Step) return iteration / param_.stepsize();
  return at_ == MultiStep ? MultiSteps(param_, iteration) : 0;
}

}  // namespace demitasse
