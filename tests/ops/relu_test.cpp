#include "src/ops/relu.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "src/core/vectorize.hpp"
#include "tests/support/blocked_layout.hpp"

namespace demitasse {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::FloatEq;
using testing::NanSensitiveFloatEq;
using testing::Pointwise;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

std::vector<float> Forward(const Relu& relu, const std::vector<float>& x) {
  const auto src = PlainBuffer(x);
  Buffer dst(src->size());
  relu.Forward(*src, src->size(), &dst);
  return Values(dst);
}

// The derivative at each x.
std::vector<float> Derivative(const Relu& relu, const std::vector<float>& x) {
  const auto src = PlainBuffer(x);
  const auto ones = PlainBuffer(std::vector<float>(x.size(), 1));
  Buffer diff(src->size());
  relu.Backward(*src, *ones, src->size(), &diff);
  return Values(diff);
}

Relu WithSlope(float slope) {
  Relu relu;
  relu.negative_slope = slope;
  return relu;
}

TEST(ReluOp, GivesTensorFlowsDocumentedNumbers) {
  const std::vector<float> x = {1, -0.5f, 3.4f, -2.1f, 0, -6.5f};
  EXPECT_THAT(Forward(Relu(), x), ElementsAre(1, 0, 3.4f, 0, 0, 0));
  EXPECT_THAT(Forward(WithSlope(0.01f), x),
              Pointwise(FloatEq(), std::vector<float>{1, -0.005f, 3.4f, -0.021f, 0, -0.065f}));
}

TEST(ReluOp, IsAMixOfTheIdentityAndTheAbsoluteValue) {
  const std::vector<float> x = {-7.25f, -1, -0.125f, 0, 0.5f, 3, 1e6f};
  for (const double a : {0.0, 0.01, 0.3, 1.0, 2.0, -0.5, -1.0}) {
    const std::vector<float> y = Forward(WithSlope(static_cast<float>(a)), x);
    for (size_t i = 0; i < x.size(); ++i) {
      const double expected = 0.5 * (1 + a) * x[i] + 0.5 * (1 - a) * std::abs(x[i]);
      EXPECT_FLOAT_EQ(y[i], static_cast<float>(expected)) << "slope " << a << " at " << x[i];
    }
  }
}

TEST(ReluOp, KeepsNaNAndInfinities) {
  for (const float slope : {0.0f, 0.5f}) {
    const std::vector<float> y = Forward(WithSlope(slope), {kNaN, kInfinity, -kInfinity});
    EXPECT_TRUE(std::isnan(y[0])) << slope;
    EXPECT_EQ(y[1], kInfinity);
    EXPECT_EQ(y[2], slope == 0 ? 0 : -kInfinity);
  }
  Relu capped;
  capped.max_value = 6;
  EXPECT_TRUE(std::isnan(Forward(capped, {kNaN})[0]));
}

TEST(ReluOp, HasTheSlopeAsDerivativeAtZero) {
  const std::vector<float> x = {-1, 0, 1, kInfinity};
  EXPECT_THAT(Derivative(Relu(), x), ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(Derivative(WithSlope(0.25f), x), ElementsAre(0.25f, 0.25f, 1, 1));
}

TEST(ReluOp, ClipsAtTheCeilingAndStartsAtTheThreshold) {
  const Relu relu = {0.5f, 1, 6};
  EXPECT_THAT(Forward(relu, {-1, 0, 0.5f, 1, 3, 6, 7}), ElementsAre(-1, -0.5f, -0.25f, 1, 3, 6, 6));
  EXPECT_THAT(Derivative(relu, {-1, 0.5f, 1, 3, 6, 7}), ElementsAre(0.5f, 0.5f, 0.5f, 1, 0, 0));
  EXPECT_THAT(Forward({0, 1, 6}, {-kInfinity, 0.5f, 1, 9}), ElementsAre(0, 0, 1, 6));
}

TEST(ReluOp, TellsTheDerivativeFromTheOutputWhereItSaysSo) {
  const std::vector<float> x = {-2, -0.5f, 0, 0.5f, 1, 2, 5};
  for (const Relu& relu : {Relu(), WithSlope(0.5f), Relu{0, 0, 2}, Relu{0.5f, 0, 2}}) {
    ASSERT_TRUE(relu.OutputTellsGradient());
    EXPECT_EQ(Derivative(relu, Forward(relu, x)), Derivative(relu, x));
  }
  EXPECT_FALSE(WithSlope(-1).OutputTellsGradient());
  EXPECT_FALSE((Relu{0, 1, 2}).OutputTellsGradient());
}

TEST(ReluOp, ComputesInTheLayoutOfItsInput) {
  const auto layout = std::make_shared<const BlockedLayout>(1, 3, 2, 4);
  const auto src = BlockedBuffer(layout, {1, -2, 3, -4, 5, -6});
  Buffer dst(6);
  WithSlope(0.5f).Forward(*src, 6, &dst);
  ASSERT_EQ(dst.layout(), layout.get());
  EXPECT_THAT(Values(dst), ElementsAre(1, -1, 3, -2, 5, -3));

  ASSERT_EQ(src->layout(), layout.get());
  const auto gradient = BlockedBuffer(layout, {10, 20, 30, 40, 50, 60});
  WithSlope(0.5f).Backward(*src, *gradient, 6, gradient.get());
  ASSERT_EQ(gradient->layout(), layout.get());
  EXPECT_THAT(Values(*gradient), ElementsAre(10, 10, 30, 20, 50, 30));
}

TEST(ReluOp, WorksInPlaceInALayout) {
  const auto layout = std::make_shared<const BlockedLayout>(1, 3, 2, 4);
  const auto buffer = BlockedBuffer(layout, {1, -2, 3, -4, 5, -6});
  Relu().Forward(*buffer, 6, buffer.get());
  ASSERT_EQ(buffer->layout(), layout.get());
  EXPECT_THAT(Values(*buffer), ElementsAre(1, 0, 3, 0, 5, 0));
}

TEST(ReluOp, LeavesALayoutWhosePaddingWouldNotStayZero) {
  const auto layout = std::make_shared<const BlockedLayout>(1, 3, 2, 4);
  const auto buffer = BlockedBuffer(layout, {1, -2, 3, -4, 5, -6});
  Relu{0.5f, 2, 4}.Forward(*buffer, 6, buffer.get());
  EXPECT_EQ(buffer->layout(), nullptr);
  EXPECT_THAT(Values(*buffer), ElementsAre(-0.5f, -2, 3, -3, 4, -4));
}

TEST(ReluOp, TakesInputAndGradientInDifferentLayouts) {
  const auto layout = std::make_shared<const BlockedLayout>(1, 3, 2, 4);
  const auto src = BlockedBuffer(layout, {1, -2, 3, -4, 5, -6});
  const auto gradient = PlainBuffer({10, 20, 30, 40, 50, 60});
  Buffer diff(6);
  Relu().Backward(*src, *gradient, 6, &diff);
  EXPECT_THAT(Values(diff), ElementsAre(10, 0, 30, 0, 50, 0));
}

TEST(ReluOp, CoversArraysOfManyPieces) {
  EXPECT_THAT(Forward(Relu(), std::vector<float>(100001, -1)), Each(0));
  EXPECT_THAT(Forward(WithSlope(2), std::vector<float>(100001, -1)), Each(-2));
}

// Every rule of the forward pass, and all kinds of numbers, in arrays that end between two tiles.
TEST(ReluOp, GivesTheSameWhenItStreams) {
  std::vector<float> x = {kNaN, kInfinity, -kInfinity, -0.0f, 0, 1, -1, 0.5f, 3};
  for (size_t i = x.size(); i < 1003; ++i) x.push_back(static_cast<float>(i % 13) - 6);
  for (const Relu& relu :
       {Relu(), WithSlope(0.1f), WithSlope(-2), Relu{0, 1, 6}, Relu{0.5f, 1, 6}, Relu{0, 0, 2}}) {
    const std::vector<float> y = Forward(relu, x);
    const std::vector<float> derivative = Derivative(relu, x);
    const StreamingScope scope(0);
    EXPECT_THAT(Forward(relu, x), Pointwise(NanSensitiveFloatEq(), y));
    EXPECT_THAT(Derivative(relu, x), Pointwise(NanSensitiveFloatEq(), derivative));
  }
}

TEST(ReluOp, KeepsALayoutsPaddingZeroWhenItStreams) {
  const StreamingScope scope(0);
  const auto layout = std::make_shared<const BlockedLayout>(1, 3, 40, 8);
  const auto src = BlockedBuffer(layout, std::vector<float>(120, -2));
  Buffer dst(120);
  Relu{0.5f, -1, 6}.Forward(*src, 120, &dst);
  int64_t zeros = 0;
  for (int64_t i = 0; i < layout->stored_size(); ++i) zeros += dst.stored()[i] == 0 ? 1 : 0;
  EXPECT_EQ(zeros, 5 * 40);
  EXPECT_THAT(Values(dst), Each(-0.5f));
}

TEST(ReluOp, KeepsTheSignOfZero) {
  const std::vector<float> y = Forward(Relu(), std::vector<float>(100, -0.0f));
  for (const float value : y) EXPECT_TRUE(std::signbit(value));
}

}  // namespace
}  // namespace demitasse
