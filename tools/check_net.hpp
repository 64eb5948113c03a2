// What `check` finds in one net: what keeps it from being built, and what nobody means.
#ifndef DEMITASSE_TOOLS_CHECK_NET_HPP_
#define DEMITASSE_TOOLS_CHECK_NET_HPP_

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "src/io/weights.hpp"
#include "src/net/shapes.hpp"
#include "tools/checked_net.hpp"

namespace demitasse {

struct NetCheck {
  NetOptions options;  // without the phase
  GivenShapes shapes;
  std::vector<const WeightFile*> weights;
  std::set<std::string> doubtful;  // paths of layers of which nothing is to be said
};

// A net in one phase.
struct PhaseCheck {
  Diagnostics problems;
  Diagnostics remarks;              // that could be made in this phase alone
  std::unique_ptr<NetState> state;  // with the shapes that are known
  std::unique_ptr<NetState> guess;  // with others too, where only data tell them
  std::optional<CheckedNet> net;    // if it hangs together
};

void AddProblem(const Diagnostic& problem, Diagnostics* diagnostics);

PhaseCheck CheckPhase(const NetSource& net, caffe::Phase phase, const NetCheck& check);

// Whether the net is for this phase: a layer that gives it data takes part.
bool HasDataIn(const PhaseCheck& check);

// What is wrong with a net for training and one for testing, beyond what is wrong with each.
void ComparePhases(const PhaseCheck& train, const PhaseCheck& test, Diagnostics* diagnostics);

// The problems in both phases. One that is in both is told once, that of a single phase names it.
void JoinPhases(const PhaseCheck& train, const PhaseCheck& test, Diagnostics* diagnostics);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_CHECK_NET_HPP_
