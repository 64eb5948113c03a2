#include "demitasse/solver.hpp"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <regex>

#include "demitasse/log.hpp"
#include "src/io/write_message.hpp"
#include "src/solver/snapshot.hpp"
#include "tests/solver/solver_fixture.hpp"

namespace demitasse {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

// y = w x is to become 6 at x = 2: E = (2 w - 6)^2 / 2, dE/dw = 2 (2 w - 6). The weight starts
// at 1.
const std::string kNet = R"(
  name: 'line'
  layer { name: 'x' type: 'DummyData' top: 'x' top: 'target'
    dummy_data_param { shape { dim: 1 dim: 1 } data_filler { value: 2 } data_filler { value: 6 } } }
  layer { name: 'fc' type: 'InnerProduct' bottom: 'x' top: 'y'
    inner_product_param { num_output: 1 bias_term: false weight_filler { value: 1 } } }
  layer { name: 'loss' type: 'EuclideanLoss' bottom: 'y' bottom: 'target' top: 'loss' }
)";

// The same with dropout: its weight depends on the random numbers, too.
std::string DropoutNet() {
  return std::regex_replace(kNet,
                            std::regex("layer \\{ name: 'fc' type: 'InnerProduct' bottom: 'x'"),
                            "layer { name: 'drop' type: 'Dropout' bottom: 'x' top: 'dropped' } "
                            "layer { name: 'fc' type: 'InnerProduct' bottom: 'dropped'");
}

class SolverTest : public testing::Test {
 protected:
  SolverTest() : prefix_(testing::TempDir() + "solver_" + Name()) {
    SetLogSink([this](LogLevel level, const std::string& message) {
      log_.push_back((level == LogLevel::kWarning ? "warning: " : "") + message);
    });
  }
  ~SolverTest() override { SetLogSink({}); }

  static std::string Name() {
    return testing::UnitTest::GetInstance()->current_test_info()->name();
  }

  caffe::SolverParameter Param(const std::string& fields, const std::string& net = kNet) const {
    caffe::SolverParameter param =
        SolverFrom("net_param {" + net + "} lr_policy: 'fixed' base_lr: 0.125 " + fields).param;
    param.set_snapshot_prefix(prefix_);
    param.set_snapshot_after_train(false);
    return param;
  }

  static float Weight(Solver* solver) {
    return *solver->net().layer_by_name("fc")->blobs()[0]->cpu_data();
  }

  std::string ErrorOfRestoring(Solver* solver, const std::string& path) {
    try {
      solver->Restore(path);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  void RemoveSnapshots() const {
    KeepSnapshots(prefix_, 0);
    EXPECT_THAT(ListSnapshots(prefix_), IsEmpty());
  }

  const std::string prefix_;
  std::vector<std::string> log_;
};

TEST_F(SolverTest, FollowsTheGradient) {
  Solver solver(Param(""));
  solver.Step(1);
  EXPECT_FLOAT_EQ(2, Weight(&solver));  // 1 - 0.125 * 2 * (2 - 6)
  solver.Step(1);
  EXPECT_FLOAT_EQ(2.5f, Weight(&solver));
  EXPECT_EQ(2, solver.iter());
}

TEST_F(SolverTest, AveragesBatchesAndClips) {
  Solver accumulating(Param("iter_size: 4"));
  accumulating.Step(1);
  EXPECT_FLOAT_EQ(2, Weight(&accumulating));

  Solver clipping(Param("clip_gradients: 2"));
  clipping.Step(1);
  EXPECT_FLOAT_EQ(1.25f, Weight(&clipping));
  EXPECT_THAT(log_, Contains("Gradient clipping: scaling down gradients (L2 norm 8 > 2) by scale "
                             "factor 0.25"));
}

TEST_F(SolverTest, TellsWhatItDoesInCaffesLines) {
  Solver solver(Param("max_iter: 4 display: 2 average_loss: 2"));
  log_.clear();
  solver.Solve();
  EXPECT_THAT(
      log_,
      ElementsAre("Solving line", "Learning Rate Policy: fixed",
                  MatchesRegex("Iteration 0 \\(.* iter/s, .*s/2 iters\\), loss = 8"),
                  "    Train net output #0: loss = 8 (* 1 = 8 loss)", "Iteration 0, lr = 0.125",
                  MatchesRegex("Iteration 2 \\(.* iter/s, .*s/2 iters\\), loss = 1.25"),
                  "    Train net output #0: loss = 0.5 (* 1 = 0.5 loss)", "Iteration 2, lr = 0.125",
                  "Iteration 4, loss = 0.078125", "Optimization Done."));
}

TEST_F(SolverTest, SaysWhichFieldsHaveNoEffect) {
  const Solver solver(Param("solver_mode: GPU layer_wise_reduce: true"));
  EXPECT_THAT(log_,
              Contains("warning: solver_mode: GPU: there is no code for a GPU; the CPU computes"));
  EXPECT_THAT(log_, Contains(StartsWith("layer_wise_reduce has no effect")));
  log_.clear();
  const Solver plain(Param("solver_mode: CPU"));
  EXPECT_THAT(log_, Not(Contains(HasSubstr("no effect"))));
  EXPECT_THAT(log_, Not(Contains(StartsWith("warning"))));
}

TEST_F(SolverTest, LogsEveryBlobOfDisplayedIterationsWithDebugInfo) {
  Solver solver(Param("debug_info: true display: 2"));
  solver.Step(1);
  EXPECT_THAT(log_, Contains("    [Forward] Layer fc, top blob y data: 2"));
  EXPECT_THAT(log_, Contains("    [Backward] Layer fc, param blob 0 diff: 8"));
  log_.clear();
  solver.Step(1);
  EXPECT_THAT(log_, IsEmpty());
}

TEST_F(SolverTest, TestsOnTheWay) {
  Solver solver(Param("max_iter: 2 test_iter: 3 test_interval: 1 test_compute_loss: true"));
  log_.clear();
  solver.Solve();
  EXPECT_THAT(
      log_,
      ElementsAre("Solving line", "Learning Rate Policy: fixed", "Iteration 0, Testing net (#0)",
                  "Test loss: 8", "    Test net output #0: loss = 8 (* 1 = 8 loss)",
                  "Iteration 1, Testing net (#0)", "Test loss: 2",
                  "    Test net output #0: loss = 2 (* 1 = 2 loss)",
                  "Iteration 2, Testing net (#0)", "Test loss: 0.5",
                  "    Test net output #0: loss = 0.5 (* 1 = 0.5 loss)", "Optimization Done."));
}

TEST_F(SolverTest, ContinuesFromASnapshotWithTheSameBits) {
  for (const auto format : {caffe::SolverParameter::BINARYPROTO, caffe::SolverParameter::HDF5}) {
    caffe::SolverParameter param = Param(
        "type: 'Adam' momentum: 0.9 max_iter: 7 snapshot: 3 weight_decay: 0.01", DropoutNet());
    param.set_snapshot_format(format);
    Solver whole(param);
    whole.Solve();
    const std::string end = param.snapshot_format() == caffe::SolverParameter::HDF5 ? ".h5" : "";
    Solver resumed(param);
    resumed.Solve(prefix_ + "_iter_3.solverstate" + end);
    EXPECT_EQ(7, resumed.iter());
    EXPECT_EQ(Weight(&whole), Weight(&resumed)) << format;
    RemoveSnapshots();
  }
}

TEST_F(SolverTest, TestsGoOnWhereTheyWere) {
  const std::string net = std::regex_replace(kNet, std::regex("value: 2"),
                                             "type: 'gaussian'");  // x, anew for each batch
  Solver whole(Param("max_iter: 4 snapshot: 2 test_iter: 1 test_interval: 4", net));
  whole.Solve();
  const std::string result = log_[log_.size() - 2];
  EXPECT_THAT(result, StartsWith("    Test net output #0: loss = "));
  Solver resumed(Param("max_iter: 4 test_iter: 1 test_interval: 4", net));
  resumed.Solve(prefix_ + "_iter_2.solverstate");
  EXPECT_EQ(result, log_[log_.size() - 2]);
  RemoveSnapshots();
}

TEST_F(SolverTest, SaysThatNothingIsToBeDone) {
  Solver solver(Param("max_iter: 0"));
  solver.Solve();
  EXPECT_THAT(log_, Contains("warning: max_iter is 0 and the run is at iteration 0: there is "
                             "nothing to train"));
}

TEST_F(SolverTest, FindsTheLatestSnapshotAndKeepsAFew) {
  SolverOptions options;
  options.keep_snapshots = 2;
  Solver solver(Param("max_iter: 12 snapshot: 2"), options);
  solver.Solve("latest");
  EXPECT_THAT(
      log_, Contains("There is no snapshot " + prefix_ + "_iter_N.solverstate yet; starting anew"));
  EXPECT_THAT(ListSnapshots(prefix_),
              ElementsAre(prefix_ + "_iter_10.solverstate", prefix_ + "_iter_12.solverstate"));
  Solver resumed(Param("max_iter: 12"));
  resumed.Restore("latest");
  EXPECT_EQ(12, resumed.iter());
  RemoveSnapshots();
  EXPECT_FALSE(std::ifstream(prefix_ + "_iter_8.caffemodel"));
}

TEST_F(SolverTest, RefusesStatesOfOtherSolvers) {
  Solver sgd(Param(""));
  sgd.Snapshot();
  const std::string state = prefix_ + "_iter_0.solverstate";
  const std::string weights = prefix_ + "_iter_0.caffemodel";
  Solver adam(Param("type: 'Adam' momentum: 0.9"));
  EXPECT_EQ(state +
                ": error: the state has 1 blobs of history, this solver has 2; it is of another "
                "net or another type of solver",
            ErrorOfRestoring(&adam, state));
  EXPECT_EQ(weights +
                ": error: this is a caffemodel, weights to start from (--weights); training "
                "continues from a .solverstate (--snapshot)",
            ErrorOfRestoring(&sgd, weights));
  std::remove(state.c_str());
  std::remove(weights.c_str());
}

TEST_F(SolverTest, RefusesIterationsThatThereAreNot) {
  const std::string path = prefix_ + ".solverstate";
  Solver solver(Param(""));
  solver.Snapshot();
  caffe::SolverState state = ReadSolverState(prefix_ + "_iter_0.solverstate");
  state.clear_learned_net();
  state.set_iter(-1);
  WriteMessage(path, state);
  EXPECT_EQ(path + ": error: the state is damaged: it is of iteration -1",
            ErrorOfRestoring(&solver, path));
  state.set_iter(std::numeric_limits<int>::max() - 1);
  WriteMessage(path, state);
  EXPECT_EQ("", ErrorOfRestoring(&solver, path));
  solver.Step(10);
  EXPECT_EQ(std::numeric_limits<int>::max(), solver.iter());
  std::remove(path.c_str());
}

TEST_F(SolverTest, RefusesDamagedStates) {
  Solver solver(Param(""));
  const std::string path = prefix_ + ".solverstate";
  const auto error = [&](const std::string& text) {
    caffe::SolverState state;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &state));
    std::ofstream(path, std::ios::binary) << state.SerializeAsString();
    return ErrorOfRestoring(&solver, path);
  };
  const std::string history = "history { shape { dim: 1 dim: 1 } data: 0 } ";
  EXPECT_EQ(path + ": error: history blob 0: a blob of 2 1 (2) is given for one of 1 1 (1)",
            error("iter: 1 history { shape { dim: 2 dim: 1 } data: [0, 0] }"));
  EXPECT_THAT(error("iter: 1 learned_net: 'gone.caffemodel' " + history),
              StartsWith(path + ": error: the weights of this state: there is no file "
                                "'gone.caffemodel'"));
  std::remove(path.c_str());
}

TEST_F(SolverTest, HasNoNetsAfterThoseOfAStateCouldNotBeBuilt) {
  const std::string net = prefix_ + ".prototxt";
  std::ofstream(net) << kNet;
  caffe::SolverParameter param =
      SolverFrom("net: '" + net + "' lr_policy: 'fixed' base_lr: 0.125").param;
  param.set_snapshot_prefix(prefix_);
  Solver solver(param);
  solver.Snapshot();
  param.set_random_seed(ReadSolverState(prefix_ + "_iter_0.solverstate").position().seed() + 1);
  Solver other(param);
  std::remove(net.c_str());
  EXPECT_EQ("error: there is no file '" + net + "'",
            ErrorOfRestoring(&other, prefix_ + "_iter_0.solverstate"));
  EXPECT_THAT([&] { other.Step(1); },
              testing::ThrowsMessage<Error>("error: the solver has no nets: those for a state to "
                                            "continue from could not be built"));
  RemoveSnapshots();
}

TEST_F(SolverTest, StopsWhenAsked) {
  Solver solver(Param("max_iter: 10"));
  solver.SetActionSource(
      [&] { return solver.iter() == 3 ? SolverAction::kStop : SolverAction::kNone; });
  solver.Solve();
  EXPECT_EQ(3, solver.iter());
  EXPECT_EQ("Optimization stopped early.", log_.back());
}

TEST_F(SolverTest, StopsWithinATest) {
  Solver solver(Param("max_iter: 10 test_iter: 1000000000 test_interval: 5"));
  int asked = 0;
  solver.SetActionSource([&] { return ++asked == 3 ? SolverAction::kStop : SolverAction::kNone; });
  solver.Solve();
  EXPECT_EQ(0, solver.iter());
  EXPECT_EQ("Optimization stopped early.", log_.back());
}

TEST_F(SolverTest, SurvivesASnapshotThatCannotBeWritten) {
  const std::string blocker = prefix_ + "_iter_1.caffemodel";
  std::filesystem::create_directory(blocker);  // in the place of the file
  Solver solver(Param("max_iter: 2 snapshot: 1"));
  solver.Solve();
  EXPECT_EQ(2, solver.iter());
  EXPECT_THAT(log_, Contains(StartsWith("warning: " + blocker)));
  EXPECT_THAT(ListSnapshots(prefix_), ElementsAre(prefix_ + "_iter_2.solverstate"));
  std::filesystem::remove(blocker);
  RemoveSnapshots();
}

TEST_F(SolverTest, FindsAMissingFolderBeforeItTrains) {
  caffe::SolverParameter param = Param("snapshot: 1");
  param.set_snapshot_prefix("no/such/folder/net");
  try {
    Solver solver(param);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(
        "error: snapshots cannot be written to the folder 'no/such/folder/': No such file or "
        "directory",
        error.what());
  }
}

TEST_F(SolverTest, NamesWhereNanBegan) {
  caffe::SolverParameter param = Param("");
  param.set_base_lr(1e38f);  // the first update is beyond the largest float
  Solver solver(param);
  try {
    solver.Step(10);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(ErrorKind::kRun, error.kind());
    EXPECT_THAT(
        error.what(),
        StartsWith("error: iteration 1: the loss is inf; layer 'fc' (InnerProduct) gave it"));
  }
  SolverOptions options;
  options.on_nan = OnNan::kWarn;
  Solver going_on(param, options);
  going_on.Step(3);
  EXPECT_THAT(log_, Contains(StartsWith("warning: iteration 1: the loss is inf; layer 'fc'")));
}

TEST_F(SolverTest, NamesTheGradientThatIsNan) {
  // The root of 0, whose slope is infinite.
  const std::string root =
      std::regex_replace(std::regex_replace(kNet, std::regex("value: 2"), "value: 0"),
                         std::regex("bottom: 'y'"), "bottom: 'root'");
  caffe::SolverParameter param = Param(
      "", root +
              "layer { name: 'root' type: 'Power' bottom: 'y' top: 'root' power_param { power: "
              "0.5 } }");
  param.mutable_net_param()->mutable_layer()->SwapElements(2, 3);
  Solver solver(param);
  EXPECT_THAT([&] { solver.Step(1); },
              testing::ThrowsMessage<Error>(
                  "error: iteration 0: the gradient of parameter 0 of layer 'fc' (InnerProduct) is "
                  "NaN or infinite; no snapshot was taken"));
}

TEST_F(SolverTest, NamesNoBlobWhereOnlyTheSumOfLossesIsInfinite) {
  const std::string far = std::regex_replace(kNet, std::regex("value: 6"), "value: 1.8e19");
  Solver solver(Param("iter_size: 3", far));
  EXPECT_THAT([&] { solver.Step(1); },
              testing::ThrowsMessage<Error>("error: iteration 0: the loss is inf; no blob holds it "
                                            "now; no snapshot was taken"));
}

TEST_F(SolverTest, NamesTheSnapshotToGoBackToFromNan) {
  caffe::SolverParameter param = Param("snapshot: 1");
  param.set_base_lr(1e38f);
  Solver solver(param);
  EXPECT_THAT([&] { solver.Step(10); },
              testing::ThrowsMessage<Error>(
                  testing::EndsWith("; the last snapshot is " + prefix_ + "_iter_1.solverstate")));
  RemoveSnapshots();
}

TEST_F(SolverTest, BuildsTheNetsThatAreGivenApart) {
  const auto named = [](const std::string& name) {
    return "{" + std::regex_replace(kNet, std::regex("'line'"), "'" + name + "'") + "} ";
  };
  const Solver solver(SolverFrom("train_net_param " + named("train") + "test_net_param " +
                                 named("first") + "test_net_param " + named("second") +
                                 "test_iter: [1, 1] test_interval: 1 lr_policy: 'fixed' "
                                 "base_lr: 1 snapshot_after_train: false")
                          .param);
  ASSERT_EQ(2U, solver.test_nets().size());
  EXPECT_EQ("first", solver.test_nets()[0]->name());
  EXPECT_EQ("second", solver.test_nets()[1]->name());
}

TEST_F(SolverTest, RefusesNetsThatDoNotFit) {
  const auto error = [](const std::string& text) -> std::string {
    try {
      Solver solver(SolverFrom("lr_policy: 'fixed' base_lr: 1 " + text).param);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_EQ("error: names no net to train; write net: \"NET.prototxt\"", error("max_iter: 1"));
  EXPECT_EQ("error: the net to train is given twice, as net and as train_net; leave one out",
            error("net: 'a' train_net: 'b'"));
  EXPECT_EQ("error: there is no file 'a.prototxt'", error("net: 'a.prototxt'"));
  const std::string net = "net_param {" + kNet + "} ";
  EXPECT_EQ("error: test_interval must be above 0 if there are tests, got none",
            error(net + "test_iter: 1"));
  EXPECT_EQ("error: test_iter must be above 0, got 0",
            error(net + "test_iter: 0 test_interval: 1"));
  EXPECT_EQ("error: there are 2 test_state and 1 test_iter; give one test_state for each or none",
            error(net + "test_iter: 1 test_interval: 1 test_state {} test_state {}"));
  EXPECT_EQ("error: there is 1 test net and 0 test_iter; give one test_iter for each",
            error(net + "test_net: 'a'"));
  EXPECT_EQ("error: iter_size must be at least 1, got 0", error(net + "iter_size: 0"));
}

}  // namespace
}  // namespace demitasse
