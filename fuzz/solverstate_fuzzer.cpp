// solverstate: what training continues from.
#include "fuzz/target.hpp"
#include "src/solver/snapshot.hpp"

namespace demitasse {
namespace {

History MakeHistory() {
  History history;
  history.push_back(std::make_unique<Blob>(std::vector<int>{2, 3}));
  history.push_back(std::make_unique<Blob>(std::vector<int>{2}));
  return history;
}

void Read(const std::string& bytes) {
  const MemoryFile file(bytes);
  const caffe::SolverState state = ReadSolverState(file.path());
  HistoryFromProto(file.path(), state, MakeHistory());
}

std::vector<std::string> Seeds() {
  caffe::SolverState state;
  state.set_iter(100);
  state.set_learned_net("net_iter_100.caffemodel");
  state.set_current_step(2);
  HistoryToProto(MakeHistory(), &state);
  return {state.SerializeAsString()};
}

}  // namespace

const bool kSolverStateTarget = RegisterFuzzTarget({"solverstate", Read, Seeds});

}  // namespace demitasse
