#include "tools/solver_rules.hpp"

#include <algorithm>

#include "src/core/text.hpp"

namespace demitasse {
namespace {

using Param = caffe::SolverParameter;
using google::protobuf::FieldDescriptor;

void Warn(const SolverSource& solver, const std::string& field, const std::string& message,
          Diagnostics* warnings) {
  warnings->AddWarning(solver.source->Find(field), message);
}

// A field that only some of the policies or types read.
struct PartialField {
  const char* name;
  std::vector<std::string> users;
};

const std::vector<PartialField>& PolicyFields() {
  static const std::vector<PartialField> fields = {
      {"gamma", {"step", "exp", "inv", "multistep", "sigmoid"}},
      {"power", {"inv", "poly"}},
      {"stepsize", {"step", "sigmoid"}},
      {"stepvalue", {"multistep"}}};
  return fields;
}

const std::vector<PartialField>& TypeFields() {
  static const std::vector<PartialField> fields = {
      {"momentum2", {"Adam"}},
      {"rms_decay", {"RMSProp"}},
      {"delta", {"AdaGrad", "RMSProp", "AdaDelta", "Adam"}}};
  return fields;
}

bool IsGiven(const Param& param, const std::string& name) {
  const FieldDescriptor* const field = Param::descriptor()->FindFieldByName(name);
  if (field->is_repeated()) return param.GetReflection()->FieldSize(param, field) > 0;
  return param.GetReflection()->HasField(param, field);
}

// `choice` is the value of `chooser`: "fixed" of lr_policy. An unknown one is an error by itself.
void FindUnreadFields(const SolverSource& solver, const std::vector<PartialField>& fields,
                      const std::string& chooser, const std::string& choice,
                      Diagnostics* warnings) {
  const bool is_known = std::any_of(fields.begin(), fields.end(), [&](const PartialField& field) {
    return std::find(field.users.begin(), field.users.end(), choice) != field.users.end();
  });
  if (!is_known && choice != "fixed" && choice != "SGD" && choice != "Nesterov") return;
  for (const PartialField& field : fields) {
    const std::vector<std::string>& users = field.users;
    if (!IsGiven(solver.param, field.name)) continue;
    if (std::find(users.begin(), users.end(), choice) != users.end()) continue;
    const std::string place = field.name == std::string("stepvalue") ? "stepvalue[0]" : field.name;
    Warn(solver, place,
         Cat(field.name, " has no effect with ", chooser, ": \"", choice, "\"; it is for ",
             Join(users)),
         warnings);
  }
}

void FindOddRates(const SolverSource& solver, Diagnostics* warnings) {
  const Param& param = solver.param;
  const std::string& policy = param.lr_policy();
  if (!param.has_base_lr() || param.base_lr() == 0) {
    Warn(solver, "base_lr",
         Cat("base_lr is ", param.has_base_lr() ? "0" : "not given", ": nothing would be learned"),
         warnings);
  }
  const bool steps = policy == "step" || policy == "multistep" || policy == "exp";
  if (steps && param.gamma() > 1) {
    Warn(solver, "gamma",
         Cat("gamma ", param.gamma(), " makes the learning rate grow with every step; below 1, ",
             "such as 0.1, it falls"),
         warnings);
  }
  if (steps && param.has_gamma() && param.gamma() == 0) {
    Warn(solver, "gamma", "gamma 0 ends the training with the first step", warnings);
  }
  if ((policy == "inv" || policy == "poly") && param.power() == 0) {
    Warn(solver, param.has_power() ? "power" : "lr_policy",
         Cat("lr_policy ", policy, " with power ", param.has_power() ? "0" : "not given",
             " keeps the learning rate as it is; give power"),
         warnings);
  }
  if ((policy == "inv" || policy == "poly") && param.power() < 0) {
    Warn(solver, "power",
         Cat("power ", param.power(), " makes the learning rate grow; above 0, such as ",
             -param.power(), ", it falls"),
         warnings);
  }
}

// What would happen at an iteration that is never reached.
void FindStepsNeverReached(const SolverSource& solver, Diagnostics* warnings) {
  const Param& param = solver.param;
  if (param.max_iter() <= 0) {
    Warn(solver, "max_iter",
         Cat("max_iter is ", param.has_max_iter() ? "0" : "not given", ": nothing is trained"),
         warnings);
    return;
  }
  const auto check = [&](const std::string& field, const char* name, int value) {
    if (value < param.max_iter()) return;
    Warn(solver, field,
         Cat(name, " ", value, " is never reached: the training ends at max_iter ",
             param.max_iter()),
         warnings);
  };
  // A test at max_iter is reached.
  if (param.test_iter_size() > 0 && param.test_interval() > param.max_iter()) {
    check("test_interval", "test_interval", param.test_interval());
  }
  if (param.lr_policy() == "step") check("stepsize", "stepsize", param.stepsize());
  if (param.lr_policy() == "multistep") {
    for (int i = 0; i < param.stepvalue_size(); ++i) {
      check(Cat("stepvalue[", i, "]"), "stepvalue", param.stepvalue(i));
    }
  }
}

void FindOddUpdates(const SolverSource& solver, Diagnostics* warnings) {
  const Param& param = solver.param;
  const bool is_share = param.type() == "SGD" || param.type() == "Nesterov";
  if (is_share && (param.momentum() >= 1 || param.momentum() < 0)) {
    Warn(solver, "momentum",
         Cat("momentum is ", param.momentum(),
             param.momentum() >= 1 ? ", with which updates grow without end" : "",
             "; it should be from 0 to below 1, such as 0.9"),
         warnings);
  }
  if (param.weight_decay() < 0) {
    Warn(solver, "weight_decay",
         Cat("weight_decay is ", param.weight_decay(), ", which makes weights grow; it should not ",
             "be negative"),
         warnings);
  }
  if (param.clip_gradients() == 0) {
    Warn(solver, "clip_gradients",
         "clip_gradients 0 makes all gradients 0; leave it out not to clip", warnings);
  }
}

void FindOddTests(const SolverSource& solver, Diagnostics* warnings) {
  const Param& param = solver.param;
  if (param.test_interval() > 0 && param.test_iter_size() == 0) {
    Warn(
        solver, "test_interval",
        "test_interval has no effect without test_iter, the number of batches of a test; give both "
        "or none",
        warnings);
  }
  if (param.snapshot() == 0 && !param.snapshot_after_train()) {
    Warn(solver, "snapshot_after_train",
         "no snapshot is ever written, so that what was learned is lost; give snapshot, or leave "
         "snapshot_after_train out",
         warnings);
  }
}

}  // namespace

void FindOddSolverFields(const SolverSource& solver, Diagnostics* warnings) {
  FindUnreadFields(solver, PolicyFields(), "lr_policy", solver.param.lr_policy(), warnings);
  FindUnreadFields(solver, TypeFields(), "type", solver.param.type(), warnings);
  FindOddRates(solver, warnings);
  FindStepsNeverReached(solver, warnings);
  FindOddUpdates(solver, warnings);
  FindOddTests(solver, warnings);
}

}  // namespace demitasse
