#include "tools/training_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace demitasse {
namespace {

using testing::MatchesRegex;

SolverEvent Iteration(int iteration, float loss) {
  SolverEvent event;
  event.iteration = iteration;
  event.loss = loss;
  return event;
}

// What is shown of the events when the last one ends a run of `max_iter` iterations.
std::string Shown(int max_iter, int batch, const std::vector<SolverEvent>& events) {
  testing::internal::CaptureStderr();
  {
    ProgressLine line(max_iter, batch);
    for (const SolverEvent& event : events) line.Show(event);
  }
  return testing::internal::GetCapturedStderr();
}

TEST(ProgressLineTest, IsWrittenAtOnceAndAtTheEnd) {
  EXPECT_THAT(Shown(10, 0, {Iteration(6, 2), Iteration(7, 1.5), Iteration(9, 0.5)}),
              MatchesRegex("\r.\\[Kiteration 7/10  loss 2  0:00 left"
                           "\r.\\[Kiteration 10/10  loss 0.5  0:00 left\n"));
}

TEST(ProgressLineTest, HasImagesPerSecondWhereTheBatchIsKnown) {
  EXPECT_THAT(Shown(1, 64, {Iteration(0, 2)}),
              MatchesRegex("(\r.\\[Kiteration 1/1  loss 2  [0-9]+ images/s  0:00 left)+\n"));
}

TEST(ProgressLineTest, HasWhatTheLastTestsFoundBesideTheirLosses) {
  SolverEvent test;
  test.kind = SolverEvent::kTest;
  test.outputs = {{"accuracy", 0.75, 0}, {"loss", 0.5, 1}};
  EXPECT_THAT(Shown(1, 0, {test, Iteration(0, 2)}),
              MatchesRegex("(\r.\\[Kiteration 1/1  loss 2  accuracy 0.75  0:00 left)+\n"));
}

TEST(ProgressLineTest, HasHoursWhereTheyAreLeft) {
  EXPECT_THAT(Shown(2'000'000'000, 0, {Iteration(0, 2)}),
              MatchesRegex("(.*  [0-9]+:[0-5][0-9]:[0-5][0-9] left)+\n"));
}

TEST(ProgressLineTest, IsNothingWithoutIterations) { EXPECT_EQ("", Shown(5, 0, {})); }

}  // namespace
}  // namespace demitasse
