#include <gmock/gmock.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include "demitasse.h"
#include "demitasse/solver.hpp"
#include "tests/net/net_fixture.hpp"

namespace demitasse {
namespace {

struct Free {
  void operator()(demitasse_solver* solver) const { demitasse_solver_free(solver); }
};
using SolverHandle = std::unique_ptr<demitasse_solver, Free>;

// y = w x, with dropout, is to become 6 at x = 2.
class CApiSolver : public testing::Test {
 protected:
  CApiSolver() {
    std::filesystem::create_directory(folder_);
    std::ofstream(path_) << R"(
      net_param {
        layer { name: 'x' type: 'DummyData' top: 'x' top: 'target' dummy_data_param {
          shape { dim: 4 dim: 1 } data_filler { value: 2 } data_filler { value: 6 } } }
        layer { name: 'drop' type: 'Dropout' bottom: 'x' top: 'dropped' }
        layer { name: 'fc' type: 'InnerProduct' bottom: 'dropped' top: 'y'
          inner_product_param { num_output: 1 } }
        layer { name: 'loss' type: 'EuclideanLoss' bottom: 'y' bottom: 'target' top: 'loss' }
      }
      lr_policy: 'fixed' base_lr: 0.01 momentum: 0.9 max_iter: 20 test_iter: 1 test_interval: 10
      snapshot_after_train: false snapshot_prefix: ')"
                         << folder_ << "/s'\n";
  }
  ~CApiSolver() override { std::filesystem::remove_all(folder_); }

  SolverHandle Create(const demitasse_options* options = nullptr) const {
    demitasse_solver* solver = nullptr;
    EXPECT_EQ(DEMITASSE_OK, demitasse_solver_create(path_.c_str(), options, &solver))
        << demitasse_last_error();
    return SolverHandle(solver);
  }

  static float Weight(const SolverHandle& solver) {
    demitasse_net* const net = demitasse_solver_net(solver.get());
    return *demitasse_blob_data(demitasse_net_learnable_param(net, 0));
  }

  const std::string folder_ = TempPath("folder");
  const std::string path_ = folder_ + "/solver.prototxt";
};

TEST_F(CApiSolver, TrainsInStepsOrAtOnce) {
  const SolverHandle steps = Create();
  EXPECT_EQ(0, demitasse_solver_iteration(steps.get()));
  EXPECT_EQ(DEMITASSE_OK, demitasse_solver_step(steps.get(), 5));
  EXPECT_EQ(5, demitasse_solver_iteration(steps.get()));
  EXPECT_NE(0, Weight(steps));
  EXPECT_EQ(DEMITASSE_OK, demitasse_solver_solve(steps.get(), nullptr));
  EXPECT_EQ(20, demitasse_solver_iteration(steps.get()));
  EXPECT_EQ(DEMITASSE_ERROR_ARGUMENT, demitasse_solver_step(steps.get(), -1));
}

// The seed is another one each time: the nets are built anew for that of the state.
TEST_F(CApiSolver, ContinuesWithTheSameBits) {
  const SolverHandle first = Create();
  ASSERT_EQ(DEMITASSE_OK, demitasse_solver_step(first.get(), 5));
  ASSERT_EQ(DEMITASSE_OK, demitasse_solver_snapshot(first.get()));
  ASSERT_EQ(DEMITASSE_OK, demitasse_solver_step(first.get(), 5));

  const SolverHandle second = Create();
  demitasse_net* const net = demitasse_solver_net(second.get());
  demitasse_blob* const old_weight = demitasse_net_learnable_param(net, 0);
  ASSERT_EQ(DEMITASSE_OK, demitasse_solver_restore(second.get(), "latest"));
  EXPECT_EQ(net, demitasse_solver_net(second.get()));
  EXPECT_EQ(5, demitasse_solver_iteration(second.get()));
  EXPECT_EQ(1, demitasse_blob_size(old_weight));
  ASSERT_EQ(DEMITASSE_OK, demitasse_solver_step(second.get(), 5));
  EXPECT_EQ(Weight(first), Weight(second));
}

TEST_F(CApiSolver, StartsFromWeightsAndKeepsTheLastSnapshots) {
  const SolverHandle trained = Create();
  ASSERT_EQ(DEMITASSE_OK, demitasse_solver_step(trained.get(), 3));
  const std::string weights = folder_ + "/w.caffemodel";
  ASSERT_EQ(DEMITASSE_OK,
            demitasse_net_save_weights(demitasse_solver_net(trained.get()), weights.c_str()));
  demitasse_options* const options = demitasse_options_create();
  EXPECT_EQ(DEMITASSE_OK, demitasse_options_set(options, "weights", weights.c_str()));
  EXPECT_EQ(DEMITASSE_OK, demitasse_options_set(options, "keep_snapshots", "1"));
  const SolverHandle solver = Create(options);
  demitasse_options_free(options);
  EXPECT_EQ(Weight(trained), Weight(solver));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(DEMITASSE_OK, demitasse_solver_step(solver.get(), 1));
    EXPECT_EQ(DEMITASSE_OK, demitasse_solver_snapshot(solver.get()));
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/s_iter_1.solverstate"));
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/s_iter_2.solverstate"));
}

TEST_F(CApiSolver, GivesItsNetsWhichItKeeps) {
  const SolverHandle solver = Create();
  ASSERT_EQ(1, demitasse_solver_test_net_count(solver.get()));
  demitasse_net* const test_net = demitasse_solver_test_net(solver.get(), 0);
  demitasse_net_free(test_net);
  demitasse_net_free(demitasse_solver_net(solver.get()));
  EXPECT_EQ(DEMITASSE_OK, demitasse_net_forward(test_net, nullptr));
  EXPECT_EQ(nullptr, demitasse_solver_test_net(solver.get(), 1));
}

TEST_F(CApiSolver, AsksWhetherToGoOn) {
  const SolverHandle solver = Create();
  std::vector<int> iterations;
  const auto stop_at_3 = [](int iteration, float loss, void* user) {
    EXPECT_GT(loss, 0);
    static_cast<std::vector<int>*>(user)->push_back(iteration);
    return iteration == 3 ? 1 : 0;
  };
  EXPECT_EQ(DEMITASSE_OK, demitasse_solver_set_callback(solver.get(), stop_at_3, &iterations));
  EXPECT_EQ(DEMITASSE_OK, demitasse_solver_solve(solver.get(), nullptr));
  EXPECT_THAT(iterations, testing::ElementsAre(1, 2, 3));
  EXPECT_EQ(3, demitasse_solver_iteration(solver.get()));
  EXPECT_EQ(DEMITASSE_OK, demitasse_solver_set_callback(solver.get(), nullptr, nullptr));
  EXPECT_EQ(DEMITASSE_OK, demitasse_solver_step(solver.get(), 2));
  EXPECT_EQ(5, demitasse_solver_iteration(solver.get()));
}

TEST_F(CApiSolver, SaysWhatIsWrong) {
  demitasse_solver* solver = nullptr;
  EXPECT_EQ(DEMITASSE_ERROR_INPUT, demitasse_solver_create("none.prototxt", nullptr, &solver));
  EXPECT_EQ(nullptr, solver);
  EXPECT_EQ(DEMITASSE_ERROR_ARGUMENT, demitasse_solver_create(path_.c_str(), nullptr, nullptr));
  demitasse_options* const options = demitasse_options_create();
  demitasse_options_set(options, "phase", "TEST");
  EXPECT_EQ(DEMITASSE_ERROR_INPUT, demitasse_solver_create(path_.c_str(), options, &solver));
  EXPECT_STREQ("error: option 'phase' is of nets; a solver's file says it for its nets",
               demitasse_last_error());
  demitasse_options_free(options);
  EXPECT_EQ(DEMITASSE_ERROR_ARGUMENT, demitasse_solver_step(nullptr, 1));
}

TEST_F(CApiSolver, StaysAsItIsWithoutAState) {
  const SolverHandle solver = Create();
  EXPECT_EQ(DEMITASSE_ERROR_INPUT, demitasse_solver_restore(solver.get(), path_.c_str()));
  EXPECT_EQ(DEMITASSE_OK, demitasse_solver_step(solver.get(), 1));
}

// To continue, the nets are built anew; their file is gone.
TEST_F(CApiSolver, HasNoNetsWhenTheyCannotBeBuiltAgain) {
  const std::string net = folder_ + "/net.prototxt";
  std::ofstream(net) << InputText("x", "1, 2") << InnerProductText("ip: InnerProduct x -> y", 1);
  std::ofstream(path_) << "net: '" << net << "' lr_policy: 'fixed' base_lr: 0.1 max_iter: 1 "
                       << "snapshot_prefix: '" << folder_ << "/s'";
  const SolverHandle first = Create();
  ASSERT_EQ(DEMITASSE_OK, demitasse_solver_snapshot(first.get()));
  const SolverHandle second = Create();
  std::filesystem::remove(net);
  EXPECT_EQ(DEMITASSE_ERROR_INPUT, demitasse_solver_restore(second.get(), "latest"));
  EXPECT_EQ(DEMITASSE_ERROR_RUN, demitasse_solver_step(second.get(), 1));
  EXPECT_EQ(DEMITASSE_ERROR_RUN,
            demitasse_net_forward(demitasse_solver_net(second.get()), nullptr));
  EXPECT_THAT(demitasse_last_error(), testing::HasSubstr("could not build this net anew"));
}

}  // namespace
}  // namespace demitasse
