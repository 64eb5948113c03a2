#include "src/solver/update_rule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/solver/solver_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::FloatEq;

// A parameter of one element, 2, updated with the gradient 3 at rate 0.1, again and again.
class Parameter {
 public:
  explicit Parameter(const std::string& solver) : rule_(SolverFrom(solver)) {
    history_.resize(static_cast<size_t>(rule_.num_histories()));
  }

  float Update(float decay = 0, float scale = 1) {
    ParameterUpdate update;
    update.size = 1;
    update.weight = &weight_;
    update.gradient = &gradient_;
    for (float& history : history_) update.history.push_back(&history);
    update.rate = 0.1f;
    update.decay = decay;
    update.scale = scale;
    update.iteration = iteration_++;
    rule_.Apply(update);
    return weight_;
  }

  const std::vector<float>& history() const { return history_; }

 private:
  UpdateRule rule_;
  float weight_ = 2;
  const float gradient_ = 3;
  std::vector<float> history_;
  int iteration_ = 0;
};

TEST(UpdateRule, SgdKeepsMomentum) {
  Parameter parameter("momentum: 0.5");
  EXPECT_FLOAT_EQ(1.7f, parameter.Update());
  EXPECT_FLOAT_EQ(1.7f - 0.45f, parameter.Update());
  EXPECT_THAT(parameter.history(), ElementsAre(FloatEq(0.45f)));
}

TEST(UpdateRule, NesterovLooksAhead) {
  Parameter parameter("type: 'Nesterov' momentum: 0.5");
  EXPECT_FLOAT_EQ(2 - 1.5f * 0.3f, parameter.Update());
  EXPECT_FLOAT_EQ(1.55f - (1.5f * 0.45f - 0.5f * 0.3f), parameter.Update());
}

TEST(UpdateRule, AdaGradDividesByAllGradients) {
  Parameter parameter("type: 'AdaGrad' delta: 1");
  EXPECT_FLOAT_EQ(2 - 0.3f / 4, parameter.Update());
  EXPECT_FLOAT_EQ(2 - 0.3f / 4 - 0.3f / (std::sqrt(18.0f) + 1), parameter.Update());
}

TEST(UpdateRule, RmsPropDividesByRecentGradients) {
  Parameter parameter("type: 'RMSProp' rms_decay: 0.75 delta: 0.5");
  EXPECT_FLOAT_EQ(2 - 0.3f / (1.5f + 0.5f), parameter.Update());
  EXPECT_THAT(parameter.history(), ElementsAre(2.25f));
}

TEST(UpdateRule, AdaDeltaNeedsNoUnit) {
  Parameter parameter("type: 'AdaDelta' momentum: 0.5 delta: 0.25");
  const float step = 3 * std::sqrt(0.25f / (4.5f + 0.25f));
  EXPECT_FLOAT_EQ(2 - 0.1f * step, parameter.Update());
  EXPECT_THAT(parameter.history(), ElementsAre(4.5f, FloatEq(0.5f * step * step)));
}

TEST(UpdateRule, AdamCorrectsItsFirstMeans) {
  Parameter parameter("type: 'Adam' momentum: 0.5 momentum2: 0.75 delta: 0");
  EXPECT_FLOAT_EQ(1.9f, parameter.Update());  // without delta: rate * sign(g)
  EXPECT_FLOAT_EQ(1.8f, parameter.Update());
  EXPECT_THAT(parameter.history(), ElementsAre(2.25f, 9 * (0.25f + 0.75f * 0.25f)));
}

TEST(UpdateRule, DecaysWeightsBesideTheScaledGradient) {
  EXPECT_FLOAT_EQ(2 - 0.1f * (1.5f + 0.25f * 2), Parameter("type: 'SGD'").Update(0.25f, 0.5f));
  EXPECT_FLOAT_EQ(2 - 0.1f * (1.5f + 0.25f),
                  Parameter("regularization_type: 'L1'").Update(0.25f, 0.5f));
}

TEST(UpdateRule, RefusesFieldsThatDoNotFit) {
  const auto error = ErrorOf<UpdateRule>;
  EXPECT_EQ("solver:1:7: error: unknown solver type 'adam'; did you mean 'Adam'?",
            error("type: 'adam'"));
  EXPECT_EQ(
      "solver:1:27: error: AdaGrad has no momentum, got 0.9; write momentum: 0 or leave it out",
      error("type: 'AdaGrad' momentum: 0.9"));
  EXPECT_EQ("solver:1:28: error: rms_decay must be from 0 to below 1, got 1",
            error("type: 'RMSProp' rms_decay: 1"));
  EXPECT_EQ("solver:1:25: error: momentum2 must be from 0 to below 1, got -1",
            error("type: 'Adam' momentum2: -1"));
  EXPECT_EQ("solver:1:8: error: delta must not be negative, got -1", error("delta: -1"));
  EXPECT_EQ("solver:1:22: error: regularization_type must be \"L2\" or \"L1\", got \"L3\"",
            error("regularization_type: 'L3'"));
}

}  // namespace
}  // namespace demitasse
