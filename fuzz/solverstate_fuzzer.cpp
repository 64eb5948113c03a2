// solverstate: what training continues from, with the positions of its nets.
#include "demitasse/net.hpp"
#include "fuzz/target.hpp"
#include "src/solver/snapshot.hpp"

namespace demitasse {
namespace {

constexpr char kNet[] =
    "layer { name: 'x' type: 'DummyData' top: 'x'\n"
    "        dummy_data_param { shape { dim: 2 } data_filler { type: 'gaussian' } } }\n";

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
  for (const caffe::NetPosition& position : state.position().net()) {
    Net net(MemoryFile(kNet).path());
    net.SetPosition(position);
    net.Forward();
  }
}

std::vector<std::string> Seeds() {
  caffe::SolverState state;
  state.set_iter(100);
  state.set_learned_net("net_iter_100.caffemodel");
  state.set_current_step(2);
  HistoryToProto(MakeHistory(), &state);
  const std::string old = state.SerializeAsString();
  Net net(MemoryFile(kNet).path());
  net.Forward();
  *state.mutable_position()->add_net() = net.Position();
  return {old, state.SerializeAsString()};
}

}  // namespace

const bool kSolverStateTarget = RegisterFuzzTarget({"solverstate", Read, Seeds});

}  // namespace demitasse
