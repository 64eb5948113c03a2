// What a training run logged: losses, outputs and learning rates, by iteration.
#ifndef DEMITASSE_TOOLS_TRAINING_HISTORY_HPP_
#define DEMITASSE_TOOLS_TRAINING_HISTORY_HPP_

#include <cstdint>
#include <string>
#include <vector>

namespace demitasse {

struct HistoryPoint {
  int64_t iteration = 0;
  double value = 0;  // may be NaN or infinite
};

struct HistorySeries {
  std::string name;
  bool is_loss = false;
  std::vector<HistoryPoint> points;  // iterations rise
};

struct TrainingHistory {
  HistorySeries loss{"loss", true, {}};  // of training, as the solver smoothed it
  HistorySeries learning_rate{"learning rate", false, {}};
  std::vector<HistorySeries> train;  // outputs of the training net that are one number
  std::vector<HistorySeries> test;   // those of test nets; of nets behind the first "name (#1)"
};

// Reads logs, one after the other: log lines as Caffe and `demitasse train` write them, with or
// without glog's prefix, or the objects of --log_json. Where a run was continued from a snapshot,
// what it computed again replaces what was there. Throws Error for a file that cannot be read or
// tells of no iteration.
TrainingHistory ReadTrainingLogs(const std::vector<std::string>& paths);

// Each series as an array of [iteration, value].
std::string HistoryJson(const TrainingHistory& history);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_TRAINING_HISTORY_HPP_
