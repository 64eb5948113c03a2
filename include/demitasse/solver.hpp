// Solver: trains a net as a solver prototxt says.
//
//   Solver solver("lenet_solver.prototxt");
//   solver.Solve();
//
// Iterations, losses and tests are told by LogInfo (log.hpp) in the lines Caffe writes. A solver is
// used by one thread at a time.
#ifndef DEMITASSE_SOLVER_HPP_
#define DEMITASSE_SOLVER_HPP_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "demitasse/caffe.pb.h"
#include "demitasse/engine.hpp"
#include "demitasse/export.hpp"
#include "demitasse/net.hpp"

namespace demitasse {

// What a solver does when a loss or a gradient is NaN or infinite.
enum class OnNan {
  kStop,  // throws Error (kRun), before the parameters are changed
  kWarn,  // warns and goes on, as Caffe does silently
};

// How a solver trains, beside what its file says.
struct SolverOptions {
  Engine engine = Engine::kAuto;  // which implementations compute
  int threads = 0;                // 0: as many as OpenMP would take
  int64_t memory_limit = 0;  // bytes that the blobs of each net may take; 0: the machine's memory
  bool lenient = false;      // unknown fields in the files are warnings
  // Added to the level and the stages in the solver's train_state.
  int level = 0;
  std::vector<std::string> stages;
  // Weights to start from, behind those that the solver names.
  std::vector<std::string> weights;
  OnNan on_nan = OnNan::kStop;  // what to do about a loss that is not finite
  // Older snapshots of the run are removed when there are more than so many; 0: none is.
  int keep_snapshots = 0;
};

// What a solver is asked to do between two iterations.
enum class SolverAction { kNone, kStop, kSnapshot };

// One value of a net's output blobs.
struct OutputValue {
  std::string name;       // of the blob
  float value = 0;        // in a test the mean over its batches
  float loss_weight = 0;  // 0 if it is no loss
};

// What a solver has done.
struct SolverEvent {
  // What it was.
  enum Kind {
    kIteration,  // an iteration; `outputs` are there when it was displayed
    kTest,       // the test of one net
    kSnapshot,   // a snapshot
  };
  Kind kind = kIteration;            // what it was
  int iteration = 0;                 // it concerns; for kTest and kSnapshot those that were done
  float loss = 0;                    // kIteration: smoothed over average_loss
  float learning_rate = 0;           // kIteration
  int test_net = 0;                  // kTest: its number
  std::vector<OutputValue> outputs;  // of the net that was trained or tested
  std::string file;                  // kSnapshot: the solver state
};

class DEMITASSE_API Solver {
 public:
  // Reads the solver and builds its nets; they are looked for in the working directory, then beside
  // the solver's file. Throws Error for the first problem found.
  explicit Solver(const std::string& prototxt, const SolverOptions& options = {});
  // The same from a message, whose nets are looked for in the working directory.
  explicit Solver(const caffe::SolverParameter& param, const SolverOptions& options = {});
  ~Solver();
  Solver(const Solver&) = delete;
  Solver& operator=(const Solver&) = delete;

  // Trains up to max_iter, with tests, log lines and snapshots on the way; from the solver state in
  // the file `resume` if that is given. A snapshot on the way that cannot be written is a warning,
  // one at the end an Error (kRun).
  void Solve(const std::string& resume = "");
  // Trains for so many iterations, or until an action stops it.
  void Step(int iterations);

  // Writes PREFIX_iter_N.caffemodel and .solverstate.
  void Snapshot();
  // Continues from a .solverstate or .solverstate.h5: its iteration, its history, and the weights
  // it names. "latest" is the newest snapshot of this solver; without one the solver stays as it
  // is.
  void Restore(const std::string& path);

  // Asked after every iteration and every batch of a test, for instance for what a signal handler
  // has noted.
  void SetActionSource(std::function<SolverAction()> source);
  // Told of every event, in the thread that trains.
  void SetListener(std::function<void(const SolverEvent&)> listener);

  const caffe::SolverParameter& param() const;  // what it was made with, in today's form
  int iter() const;                             // iterations that were done
  // The net in training, and those of the tests; Restore may build them anew.
  Net& net();
  const std::vector<std::unique_ptr<Net>>& test_nets() const;
  // The memory of the update rule: a blob for each learnable parameter of the net; for rules that
  // keep two, the second ones behind all the first.
  const std::vector<std::unique_ptr<Blob>>& history() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace demitasse

#endif  // DEMITASSE_SOLVER_HPP_
