// What a run prints on standard output: a line for each output, the top classes, the loss.
#ifndef DEMITASSE_TOOLS_RUN_SUMMARY_HPP_
#define DEMITASSE_TOOLS_RUN_SUMMARY_HPP_

#include <ostream>
#include <string>
#include <vector>

#include "demitasse/net.hpp"

namespace demitasse {

struct SummaryOptions {
  int top = 5;              // classes shown; 0: none
  std::string labels_file;  // for errors
  std::vector<std::string> labels;
};

// Throws Error if there are labels, and not as many as each softmax among the outputs has classes.
void CheckLabels(const SummaryOptions& options, const Net& net);

//   prob  1 x 10  min 0.00012  mean 0.1  max 0.93
//     class 7  0.93  seven
//     class 1  0.02  one
//   loss = 0.693147
void PrintSummary(const SummaryOptions& options, const Net& net, float loss, std::ostream& out);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_RUN_SUMMARY_HPP_
