#include "src/solver/learning_rate.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/solver/solver_fixture.hpp"

namespace demitasse {
namespace {

float RateAt(int iteration, const std::string& text) {
  return LearningRate(SolverFrom("base_lr: 0.5 " + text)).At(iteration);
}

TEST(LearningRate, FollowsItsPolicy) {
  EXPECT_FLOAT_EQ(0.5f, RateAt(1000, "lr_policy: 'fixed'"));
  EXPECT_FLOAT_EQ(0.5f * std::pow(0.9f, 7.0f), RateAt(7, "lr_policy: 'exp' gamma: 0.9"));
  EXPECT_FLOAT_EQ(0.5f * std::pow(1 + 0.1f * 7, -0.75f),
                  RateAt(7, "lr_policy: 'inv' gamma: 0.1 power: 0.75"));
  EXPECT_FLOAT_EQ(0.5f * std::pow(0.75f, 2.0f),
                  RateAt(25, "lr_policy: 'poly' power: 2 max_iter: 100"));
  EXPECT_FLOAT_EQ(0.5f / (1 + std::exp(0.2f * 3)),
                  RateAt(7, "lr_policy: 'sigmoid' gamma: 0.2 stepsize: 10"));
}

TEST(LearningRate, StepsEveryStepsize) {
  const std::string step = "lr_policy: 'step' gamma: 0.1 stepsize: 10";
  EXPECT_FLOAT_EQ(0.5f, RateAt(9, step));
  EXPECT_FLOAT_EQ(0.05f, RateAt(10, step));
  EXPECT_FLOAT_EQ(0.005f, RateAt(29, step));
  EXPECT_EQ(2, LearningRate(SolverFrom(step)).Steps(29));
}

TEST(LearningRate, StepsAtTheStepvalues) {
  const std::string multistep = "lr_policy: 'multistep' gamma: 0.1 stepvalue: [5, 8, 8]";
  EXPECT_FLOAT_EQ(0.5f, RateAt(4, multistep));
  EXPECT_FLOAT_EQ(0.05f, RateAt(5, multistep));
  EXPECT_FLOAT_EQ(0.0005f, RateAt(8, multistep));
  EXPECT_EQ(1, LearningRate(SolverFrom(multistep)).Steps(7));
}

TEST(LearningRate, RefusesFieldsThatDoNotFit) {
  const auto error = ErrorOf<LearningRate>;
  EXPECT_EQ(
      "solver: error: lr_policy must be given: fixed, step, exp, inv, poly, sigmoid, multistep",
      error("base_lr: 1"));
  EXPECT_EQ("solver:1:12: error: unknown lr_policy 'fixd'; did you mean 'fixed'?",
            error("lr_policy: 'fixd'"));
  EXPECT_EQ("solver:1:30: error: base_lr must not be negative, got -1",
            error("lr_policy: 'fixed'  base_lr: -1"));
  EXPECT_EQ("solver:1:12: error: lr_policy step needs a stepsize above 0, got none",
            error("lr_policy: 'step' gamma: 1"));
  EXPECT_EQ("solver:1:41: error: lr_policy sigmoid needs a stepsize above 0, got 0",
            error("lr_policy: 'sigmoid' gamma: 1 stepsize: 0"));
  EXPECT_EQ("solver:1:12: error: lr_policy inv needs gamma", error("lr_policy: 'inv' power: 1"));
  EXPECT_EQ("solver:1:26: error: gamma must not be negative, got -1",
            error("lr_policy: 'exp' gamma:  -1"));
  EXPECT_EQ("solver:1:12: error: lr_policy multistep needs stepvalue, the iterations of its steps",
            error("lr_policy: 'multistep' gamma: 1"));
  EXPECT_EQ("solver:1:49: error: stepvalue must rise, got 3 behind 4",
            error("lr_policy: 'multistep' gamma: 1 stepvalue: [ 4, 3]"));
}

}  // namespace
}  // namespace demitasse
