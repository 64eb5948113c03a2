// How a solver changes a parameter: SGD, Nesterov, AdaGrad, RMSProp, AdaDelta, Adam.
#ifndef DEMITASSE_SRC_SOLVER_UPDATE_RULE_HPP_
#define DEMITASSE_SRC_SOLVER_UPDATE_RULE_HPP_

#include <cstdint>
#include <vector>

#include "demitasse/caffe.pb.h"
#include "src/parse/prototxt.hpp"

namespace demitasse {

// One parameter blob of `size` elements in one iteration.
struct ParameterUpdate {
  int64_t size = 0;
  float* weight = nullptr;
  const float* gradient = nullptr;
  std::vector<float*> history;  // as many arrays as the rule keeps, 0 at first
  float rate = 0;               // learning rate of this blob
  float scale = 1;              // of the gradient
  float decay = 0;              // weight decay of this blob
  int iteration = 0;
};

// With g = scale * gradient + decay * w (L2) or + decay * sign(w) (L1), m = momentum, r = rate, and
// h, h2 the histories:
//   SGD       h = m h + r g                       w -= h
//   Nesterov  h' = m h + r g                      w -= (1 + m) h' - m h
//   AdaGrad   h += g^2                            w -= r g / (sqrt(h) + delta)
//   RMSProp   h = d h + (1 - d) g^2, d rms_decay  w -= r g / (sqrt(h) + delta)
//   AdaDelta  h = m h + (1 - m) g^2
//             u = g sqrt((h2 + delta) / (h + delta))
//             h2 = m h2 + (1 - m) u^2             w -= r u
//   Adam      h = m h + (1 - m) g, h2 = n h2 + (1 - n) g^2, n momentum2
//             w -= r sqrt(1 - n^t) / (1 - m^t) h / (sqrt(h2) + delta), t = iteration + 1
// Polyak (1964); Nesterov (1983); Duchi, Hazan, Singer (2011), "Adaptive subgradient methods";
// Tieleman, Hinton (2012), "RMSProp"; Zeiler (2012), "ADADELTA"; Kingma, Ba (2015), "Adam".
class UpdateRule {
 public:
  // The rule that the solver's `type` names. Throws Error at a field that is out of its range.
  explicit UpdateRule(const SolverSource& solver);

  // Arrays of history for each parameter.
  int num_histories() const { return num_histories_; }
  // Updates the weights and the histories in one pass over all cores.
  void Apply(const ParameterUpdate& update) const { apply_(param_, update); }

 private:
  caffe::SolverParameter param_;
  int num_histories_;
  void (*apply_)(const caffe::SolverParameter& param, const ParameterUpdate& update);
};

// Adds all that the constructor would throw.
void CheckUpdateRule(const SolverSource& solver, Diagnostics* diagnostics);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_SOLVER_UPDATE_RULE_HPP_
