#include "src/solver/snapshot.hpp"

#include <limits>
#include <memory>
#include <utility>

#include "demitasse/log.hpp"
#include "src/core/blob_proto.hpp"
#include "src/core/text.hpp"
#include "src/io/file.hpp"
#include "src/io/find_file.hpp"
#include "src/io/weights.hpp"
#include "src/io/write_message.hpp"

namespace demitasse {
void LoadWeights(const SolverSource& solver, Net* net) {
  for (const std::string& files : solver.param.weights()) {
    for (const std::string& file : SplitText(files, ',')) {
      LogInfo(Cat("Finetuning from ", file));
      net->CopyTrainedLayersFrom(FindFile(file, solver.source->file()));
    }
  }
}

caffe::SolverState ReadSolverState(const std::string& path) {
  constexpr int64_t kLongestFile = std::numeric_limits<int>::max();  // of Protocol Buffers
  caffe::SolverState state;
  if (!state.ParseFromString(ReadFile(path, kLongestFile)) || !state.has_iter()) {
    const std::string end = ".caffemodel";
    const bool has_weights_name =
        path.size() > end.size() && path.compare(path.size() - end.size(), end.size(), end) == 0;
    throw Error(Location{path},
                has_weights_name
                    ? "this is a caffemodel, weights to start from (--weights); training continues "
                      "from a .solverstate (--snapshot)"
                    : "this is no solver state, or it is damaged");
  }
  return state;
}

std::string SaveSnapshot(const caffe::SolverParameter& param, const Net& net,
                         caffe::SolverState state) {
  const std::string prefix = Cat(param.snapshot_prefix(), "_iter_", state.iter());
  const std::string weights = prefix + ".caffemodel";
  LogInfo(Cat("Snapshotting to binary proto file ", weights));
  {
    caffe::NetParameter proto;
    net.ToProto(&proto, param.snapshot_diff());
    WriteMessage(weights, proto);
  }
  state.set_learned_net(weights);
  std::string state_file = prefix + ".solverstate";
  LogInfo(Cat("Snapshotting solver state to binary proto file ", state_file));
  WriteMessage(state_file, state);
  return state_file;
}

void HistoryToProto(const History& history, caffe::SolverState* state) {
  for (const auto& blob : history) BlobToProto(*blob, false, state->add_history());
}

void HistoryFromProto(const std::string& path, const caffe::SolverState& state,
                      const History& history) {
  if (static_cast<size_t>(state.history_size()) != history.size()) {
    throw Error(Location{path},
                Cat("the state has ", state.history_size(), " blobs of history, this solver has ",
                    history.size(), "; it is of another net or another type of solver"));
  }
  History read;
  for (int i = 0; i < state.history_size(); ++i) {
    read.push_back(std::make_unique<Blob>(history[static_cast<size_t>(i)]->shape()));
    try {
      BlobFromProto(state.history(i), read.back().get());
    } catch (const Error& error) {
      throw Error(Location{path}, Cat("history blob ", i, ": ", error.message()));
    }
  }
  for (size_t i = 0; i < history.size(); ++i) history[i]->CopyFrom(*read[i]);
}

std::string FindWeights(const caffe::SolverState& state, const std::string& path) {
  const std::string& weights = state.learned_net();
  const size_t slash = weights.find_last_of('/');
  try {
    return FindFile(weights, "");
  } catch (const Error&) {
    try {
      return FindFile(slash == std::string::npos ? weights : weights.substr(slash + 1), path);
    } catch (const Error& error) {
      throw Error(Location{path}, "the weights of this state: " + error.message());
    }
  }
}

}  // namespace demitasse
