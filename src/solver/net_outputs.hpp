// What a net gives: the values of its outputs, averaged over batches, and their log lines.
#ifndef DEMITASSE_SRC_SOLVER_NET_OUTPUTS_HPP_
#define DEMITASSE_SRC_SOLVER_NET_OUTPUTS_HPP_

#include <string>
#include <vector>

#include "demitasse/net.hpp"
#include "demitasse/solver.hpp"

namespace demitasse {

class NetOutputs {
 public:
  explicit NetOutputs(const Net& net);

  // Adds what the outputs hold now.
  void Add();

  // The means over the batches, in the order of the outputs.
  std::vector<OutputValue> Means() const;

 private:
  const Net& net_;
  std::vector<float> loss_weights_;       // of each output; 0 for those that are no loss
  std::vector<std::vector<float>> sums_;  // of each value of each output
  int batches_ = 0;
};

// "loss = 0.5 (* 1 = 0.5 loss)"; the part in brackets is for values that count in the loss.
std::string ToString(const OutputValue& output);

// Logs "    Test net output #2: accuracy = 0.5" for each; `kind` is "Train" or "Test".
void LogOutputs(const std::string& kind, const std::vector<OutputValue>& outputs);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_SOLVER_NET_OUTPUTS_HPP_
