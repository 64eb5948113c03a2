#include "tools/training_history.hpp"

#include <cmath>

#include "demitasse/error.hpp"
#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::Pair;

using Points = std::vector<std::pair<int64_t, double>>;

Points PointsOf(const HistorySeries& series) {
  Points points;
  for (const HistoryPoint& point : series.points) points.emplace_back(point.iteration, point.value);
  return points;
}

class TrainingHistoryTest : public ToolTest {
 protected:
  TrainingHistory Read(const std::string& text) const {
    return ReadTrainingLogs({Write("log", text)});
  }
};

constexpr char kCaffesLog[] = R"(I20261121 06:34:13.1  2394 caffe.cpp:239] Starting Optimization
I20261121 06:34:13.1  2394 solver.cpp:340] Iteration 0, Testing net (#0)
I20261121 06:34:13.1  2394 solver.cpp:407]     Test net output #0: accuracy = 0.1
I20261121 06:34:13.1  2394 solver.cpp:407]     Test net output #1: loss = 2.5 (* 1 = 2.5 loss)
I20261121 06:34:13.1  2394 solver.cpp:239] Iteration 0 (-8.96831e-44 iter/s, 0s/5 iters), loss = 1.75
I20261121 06:34:13.1  2394 solver.cpp:258]     Train net output #0: loss = 1.76 (* 1 = 1.76 loss)
I20261121 06:34:13.1  2394 sgd_solver.cpp:112] Iteration 0, lr = 0.5
I20261121 06:34:13.1  2394 solver.cpp:239] Iteration 5 (5 iter/s, 0s/5 iters), loss = nan
I20261121 06:34:13.1  2394 sgd_solver.cpp:112] Iteration 5, lr = 1e-05
I20261121 06:34:13.1  2394 solver.cpp:340] Iteration 10, Testing net (#0)
I20261121 06:34:13.1  2394 solver.cpp:407]     Test net output #0: accuracy = 0.9
I20261121 06:34:13.1  2394 solver.cpp:340] Iteration 10, Testing net (#1)
I20261121 06:34:13.1  2394 solver.cpp:407]     Test net output #0: accuracy = 0.8
I20261121 06:34:13.1  2394 solver.cpp:327] Iteration 10, loss = 0.25
)";

TEST_F(TrainingHistoryTest, ReadsCaffesLog) {
  const TrainingHistory history = Read(kCaffesLog);
  const Points loss = PointsOf(history.loss);
  ASSERT_EQ(3U, loss.size());
  EXPECT_THAT(loss[0], Pair(0, 1.75));
  EXPECT_EQ(5, loss[1].first);
  EXPECT_TRUE(std::isnan(loss[1].second));
  EXPECT_THAT(loss[2], Pair(10, 0.25));
  EXPECT_THAT(PointsOf(history.learning_rate), ElementsAre(Pair(0, 0.5), Pair(5, 1e-5)));
  ASSERT_EQ(1U, history.train.size());
  EXPECT_TRUE(history.train[0].is_loss);
  ASSERT_EQ(3U, history.test.size());
  EXPECT_EQ("accuracy", history.test[0].name);
  EXPECT_FALSE(history.test[0].is_loss);
  EXPECT_THAT(PointsOf(history.test[0]), ElementsAre(Pair(0, 0.1), Pair(10, 0.9)));
  EXPECT_TRUE(history.test[1].is_loss);
  EXPECT_EQ("accuracy (#1)", history.test[2].name);
  EXPECT_THAT(PointsOf(history.test[2]), ElementsAre(Pair(10, 0.8)));
}

TEST_F(TrainingHistoryTest, ReadsJson) {
  const TrainingHistory history = Read(
      R"({"event": "test", "iteration": 0, "seconds": 0, "net": 0, "outputs": [{"name": "accuracy", "value": 0.5, "loss_weight": 0}]}
{"event": "train", "iteration": 0, "seconds": 1, "loss": null, "lr": 0.01, "outputs": [{"name": "loss", "value": 2, "loss_weight": 1}]}
{"event": "snapshot", "iteration": 1, "seconds": 1, "file": "a.caffemodel"}
{"event": "train", "iter)");
  EXPECT_THAT(PointsOf(history.test.at(0)), ElementsAre(Pair(0, 0.5)));
  ASSERT_EQ(1U, history.loss.points.size());
  EXPECT_TRUE(std::isnan(history.loss.points[0].value));
  EXPECT_THAT(PointsOf(history.learning_rate), ElementsAre(Pair(0, 0.01)));
  EXPECT_TRUE(history.train.at(0).is_loss);
}

TEST_F(TrainingHistoryTest, BecomesJson) {
  EXPECT_EQ(
      "{\"loss\": [[0, 2], [10, null]], \"learning_rate\": [[0, 0.5]], \"train\": {}, "
      "\"test\": {}}",
      HistoryJson(
          Read("Iteration 0, loss = 2\nIteration 0, lr = 0.5\nIteration 10, loss = nan\n")));
}

TEST_F(TrainingHistoryTest, WhatIsComputedAgainReplacesWhatWasThere) {
  const std::string first = Write("first",
                                  "Iteration 0, loss = 3\nIteration 10, loss = 2\n"
                                  "Iteration 20, loss = 9\n");
  const std::string second = Write("second", "Iteration 10, loss = 2.5\nIteration 30, loss = 1\n");
  EXPECT_THAT(PointsOf(ReadTrainingLogs({first, second}).loss),
              ElementsAre(Pair(0, 3), Pair(10, 2.5), Pair(30, 1)));
}

TEST_F(TrainingHistoryTest, OutputsOfSeveralNumbersAreLeftOut) {
  const TrainingHistory history = Read(R"(Iteration 0, Testing net (#0)
    Test net output #0: prob = 0.25
    Test net output #1: prob = 0.75
    Test net output #2: accuracy = 1
)");
  ASSERT_EQ(1U, history.test.size());
  EXPECT_EQ("accuracy", history.test[0].name);
}

TEST_F(TrainingHistoryTest, RefusesWhatIsNoLog) {
  const std::string path = Write("poem", "Iteration is a form of repetition.\n{1}\n");
  try {
    ReadTrainingLogs({path});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(path +
                  ": error: tells of no iteration; a log of `demitasse train` or of Caffe has "
                  "lines such as 'Iteration 100, lr = 0.01'",
              std::string(error.what()));
  }
}

}  // namespace
}  // namespace demitasse
