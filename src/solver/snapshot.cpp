#include "src/solver/snapshot.hpp"

#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "demitasse/log.hpp"
#include "src/core/text.hpp"
#include "src/io/atomic_file.hpp"
#include "src/io/file.hpp"
#include "src/io/find_file.hpp"
#include "src/io/hdf5.hpp"
#include "src/io/hdf5_weights.hpp"
#include "src/io/weights.hpp"
#include "src/io/write_message.hpp"

namespace demitasse {
namespace {

constexpr char kWeightsEnd[] = ".caffemodel";
constexpr char kStateEnd[] = ".solverstate";
constexpr char kHdf5End[] = ".h5";

bool EndsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// N of the file START<N>.solverstate or START<N>.solverstate.h5; none for any other name.
std::optional<int64_t> IterationIn(const std::string& name, const std::string& start) {
  if (name.compare(0, start.size(), start) != 0) return std::nullopt;
  int64_t iter = 0;
  const char* const end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data() + start.size(), end, iter);
  const std::string ending(rest, end);
  const bool is_state = ending == kStateEnd || ending == std::string(kStateEnd) + kHdf5End;
  if (error != std::errc() || iter < 0 || !is_state) return std::nullopt;
  return iter;
}

std::string WritePair(const caffe::SolverParameter& param, const Net& net,
                      caffe::SolverState state) {
  const bool hdf5 = param.snapshot_format() == caffe::SolverParameter::HDF5;
  const std::string kind = hdf5 ? "HDF5" : "binary proto";
  const std::string prefix = Cat(param.snapshot_prefix(), "_iter_", state.iter());
  const std::string weights = prefix + kWeightsEnd + (hdf5 ? kHdf5End : "");
  std::string state_file = prefix + kStateEnd + (hdf5 ? kHdf5End : "");
  RemoveLeftovers(param.snapshot_prefix() + "_iter_");
  LogInfo(Cat("Snapshotting to ", kind, " file ", weights));
  {
    caffe::NetParameter proto;
    net.ToProto(&proto, param.snapshot_diff());
    hdf5 ? WriteHdf5Weights(weights, proto) : WriteMessage(weights, proto);
  }
  state.set_learned_net(weights);
  LogInfo(Cat("Snapshotting solver state to ", kind, " file ", state_file));
  hdf5 ? WriteHdf5SolverState(state_file, state) : WriteMessage(state_file, state);
  return state_file;
}

}  // namespace

void LoadWeights(const SolverSource& solver, Net* net) {
  for (const std::string& files : solver.param.weights()) {
    for (const std::string& file : SplitText(files, ',')) {
      LogInfo(Cat("Finetuning from ", file));
      net->CopyTrainedLayersFrom(FindFile(file, solver.source->file()));
    }
  }
}

caffe::SolverState ReadSolverState(const std::string& path) {
  if (IsHdf5File(path)) return ReadHdf5SolverState(path);
  constexpr int64_t kLongestFile = std::numeric_limits<int>::max();  // of Protocol Buffers
  caffe::SolverState state;
  if (!state.ParseFromString(ReadFile(path, kLongestFile)) || !state.has_iter()) {
    throw Error(Location{path},
                EndsWith(path, ".caffemodel")
                    ? "this is a caffemodel, weights to start from (--weights); training continues "
                      "from a .solverstate (--snapshot)"
                    : "this is no solver state, or it is damaged");
  }
  return state;
}

std::string SaveSnapshot(const caffe::SolverParameter& param, const Net& net,
                         caffe::SolverState state) {
  try {
    return WritePair(param, net, std::move(state));
  } catch (const Error& error) {  // whatever is in the way, the run has failed, not its input
    throw Error(error.where(), error.message(), ErrorKind::kRun);
  }
}

std::vector<std::string> ListSnapshots(const std::string& prefix) {
  namespace fs = std::filesystem;
  const fs::path start = prefix + "_iter_";
  const fs::path folder = start.has_parent_path() ? start.parent_path() : fs::path(".");
  std::map<int64_t, std::string> found;
  std::error_code ignored;  // a folder that is not there holds no snapshots
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    const std::optional<int64_t> iter = IterationIn(name, start.filename().string());
    if (iter.has_value()) found[*iter] = (start.parent_path() / name).string();
  }
  std::vector<std::string> states;
  for (const auto& [iter, path] : found) states.push_back(path);
  return states;
}

void KeepSnapshots(const std::string& prefix, int keep) {
  const std::vector<std::string> states = ListSnapshots(prefix);
  for (size_t i = 0; i + static_cast<size_t>(keep) < states.size(); ++i) {
    const bool hdf5 = EndsWith(states[i], kHdf5End);
    const size_t end =
        states[i].size() - (hdf5 ? std::strlen(kHdf5End) : 0) - std::strlen(kStateEnd);
    // The state first: one without its weights would be of no use.
    std::remove(states[i].c_str());
    std::remove((states[i].substr(0, end) + kWeightsEnd + (hdf5 ? kHdf5End : "")).c_str());
  }
}

void HistoryToProto(const History& history, caffe::SolverState* state) {
  for (const auto& blob : history) blob->ToProto(state->add_history());
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
      read.back()->FromProto(state.history(i), false);
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
