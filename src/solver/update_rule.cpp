#include "src/solver/update_rule.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>

#include "src/core/text.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

using Param = caffe::SolverParameter;

// w[i] -= step(g, i) for all elements, with g the gradient including the weight decay.
template <typename StepFunction>
void ForEachWeight(const Param& param, const ParameterUpdate& update, const StepFunction& step) {
  const bool l1 = param.regularization_type() == "L1";
  const auto run = [&](const auto& pull) {
    ParallelFor(update.size, kElementwiseGrain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        float& weight = update.weight[i];
        weight -= step(update.scale * update.gradient[i] + update.decay * pull(weight), i);
      }
    });
  };
  if (l1) {
    run([](float w) { return static_cast<float>((w > 0) - (w < 0)); });
  } else {
    run([](float w) { return w; });
  }
}

void Sgd(const Param& param, const ParameterUpdate& update) {
  float* const history = update.history[0];
  ForEachWeight(param, update, [=, m = param.momentum(), rate = update.rate](float g, int64_t i) {
    return history[i] = m * history[i] + rate * g;
  });
}

void Nesterov(const Param& param, const ParameterUpdate& update) {
  float* const history = update.history[0];
  ForEachWeight(param, update, [=, m = param.momentum(), rate = update.rate](float g, int64_t i) {
    const float before = history[i];
    history[i] = m * before + rate * g;
    return (1 + m) * history[i] - m * before;
  });
}

void AdaGrad(const Param& param, const ParameterUpdate& update) {
  float* const squares = update.history[0];
  ForEachWeight(param, update, [=, delta = param.delta(), rate = update.rate](float g, int64_t i) {
    squares[i] += g * g;
    return rate * g / (std::sqrt(squares[i]) + delta);
  });
}

void RmsProp(const Param& param, const ParameterUpdate& update) {
  float* const squares = update.history[0];
  const float d = param.rms_decay();
  ForEachWeight(param, update, [=, delta = param.delta(), rate = update.rate](float g, int64_t i) {
    squares[i] = d * squares[i] + (1 - d) * g * g;
    return rate * g / (std::sqrt(squares[i]) + delta);
  });
}

void AdaDelta(const Param& param, const ParameterUpdate& update) {
  float* const squares = update.history[0];
  float* const steps = update.history[1];
  const float m = param.momentum();
  ForEachWeight(param, update, [=, delta = param.delta(), rate = update.rate](float g, int64_t i) {
    squares[i] = m * squares[i] + (1 - m) * g * g;
    const float step = g * std::sqrt((steps[i] + delta) / (squares[i] + delta));
    steps[i] = m * steps[i] + (1 - m) * step * step;
    return rate * step;
  });
}

void Adam(const Param& param, const ParameterUpdate& update) {
  float* const mean = update.history[0];
  float* const squares = update.history[1];
  const float m = param.momentum();
  const float n = param.momentum2();
  const auto t = static_cast<float>(update.iteration + 1);
  const float rate = update.rate * std::sqrt(1 - std::pow(n, t)) / (1 - std::pow(m, t));
  ForEachWeight(param, update, [=, delta = param.delta()](float g, int64_t i) {
    mean[i] = m * mean[i] + (1 - m) * g;
    squares[i] = n * squares[i] + (1 - n) * g * g;
    return rate * mean[i] / (std::sqrt(squares[i]) + delta);
  });
}

struct Rule {
  const char* type;
  int histories;
  void (*apply)(const Param& param, const ParameterUpdate& update);
};

constexpr Rule kRules[] = {{"SGD", 1, Sgd},           {"Nesterov", 1, Nesterov},
                           {"AdaGrad", 1, AdaGrad},   {"RMSProp", 1, RmsProp},
                           {"AdaDelta", 2, AdaDelta}, {"Adam", 2, Adam}};

const Rule& FindRule(const SolverSource& solver) {
  const std::string& type = solver.param.type();
  const auto* const found = std::find_if(std::begin(kRules), std::end(kRules),
                                         [&](const Rule& rule) { return type == rule.type; });
  if (found != std::end(kRules)) return *found;
  std::vector<std::string> known;
  for (const Rule& rule : kRules) known.emplace_back(rule.type);
  const std::string near = DidYouMean(type, known);
  throw solver.Fail("type", Cat("unknown solver type '", OneLine(type), "'",
                                near.empty() ? "; known types: " + Join(known) : near));
}

// A share of what is kept, 1 only where that still learns.
void CheckShare(const SolverSource& solver, const char* field, float value,
                Diagnostics* diagnostics) {
  if (value >= 0 && value < 1) return;
  diagnostics->Add(solver.Fail(field, Cat(field, " must be from 0 to below 1, got ", value)));
}

void CheckFields(const SolverSource& solver, Diagnostics* diagnostics) {
  const Param& param = solver.param;
  const std::string& type = param.type();
  if ((type == "AdaGrad" || type == "RMSProp") && param.momentum() != 0) {
    diagnostics->Add(solver.Fail("momentum", Cat(type, " has no momentum, got ", param.momentum(),
                                                 "; write momentum: 0 or leave it out")));
  }
  if (type == "RMSProp") CheckShare(solver, "rms_decay", param.rms_decay(), diagnostics);
  if (type == "Adam") {
    CheckShare(solver, "momentum", param.momentum(), diagnostics);
    CheckShare(solver, "momentum2", param.momentum2(), diagnostics);
  }
  if (param.delta() < 0) {
    diagnostics->Add(solver.Fail("delta", Cat("delta must not be negative, got ", param.delta())));
  }
  const std::string& regularization = param.regularization_type();
  if (regularization != "L2" && regularization != "L1") {
    diagnostics->Add(solver.Fail("regularization_type",
                                 Cat("regularization_type must be \"L2\" or \"L1\", got \"",
                                     OneLine(regularization), "\"")));
  }
}

}  // namespace

UpdateRule::UpdateRule(const SolverSource& solver)
    : param_(solver.param),
      num_histories_(FindRule(solver).histories),
      apply_(FindRule(solver).apply) {
  Diagnostics diagnostics;
  CheckUpdateRule(solver, &diagnostics);
  diagnostics.ThrowIfErrors();
}

void CheckUpdateRule(const SolverSource& solver, Diagnostics* diagnostics) {
  try {
    FindRule(solver);
    CheckFields(solver, diagnostics);
  } catch (const Error& error) {
    diagnostics->Add(error);
  }
}

}  // namespace demitasse
