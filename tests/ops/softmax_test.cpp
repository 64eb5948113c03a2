#include "src/ops/softmax.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/support/blocked_layout.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<float> Forward(const Softmax& op, const std::vector<float>& x) {
  const auto src = PlainBuffer(x);
  Buffer dst(src->size());
  op.Forward(*src, &dst);
  return Values(dst);
}

TEST(SoftmaxOp, GivesKnownNumbers) {
  // e, e^2, e^3 over their sum, 30.19288
  EXPECT_THAT(Forward({1, 3, 1}, {1, 2, 3}),
              Pointwise(FloatNear(1e-6f), {0.09003057f, 0.24472847f, 0.66524096f}));
  EXPECT_THAT(Forward({2, 2, 1}, {0, 0, 5, 5}), ElementsAre(0.5f, 0.5f, 0.5f, 0.5f));
}

TEST(SoftmaxOp, DoesNotOverflow) {
  EXPECT_THAT(Forward({1, 3, 1}, {1000, 1000, -1000}), ElementsAre(0.5f, 0.5f, 0));
  EXPECT_THAT(Forward({1, 3, 1}, {-3e38f, -3e38f, -kInfinity}), ElementsAre(0.5f, 0.5f, 0));
}

TEST(SoftmaxOp, SpreadsNaNToAllChannelsOfItsPlace) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> y = Forward({1, 3, 2}, {1, 1, nan, 1, 3, 1});
  for (const size_t i : {0, 2, 4}) EXPECT_TRUE(std::isnan(y[i])) << i;
  for (const size_t i : {1, 3, 5}) EXPECT_FLOAT_EQ(y[i], 1.0f / 3) << i;
}

TEST(SoftmaxOp, AddsUpToOneOverTheChannelsOfEveryPlace) {
  for (const Softmax& op : {Softmax{3, 5, 200}, Softmax{1, 40000, 1}, Softmax{400, 7, 13}}) {
    std::vector<float> x(static_cast<size_t>(op.outer * op.channels * op.inner));
    for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 7919 % 101) * 0.1f;
    const std::vector<float> y = Forward(op, x);
    for (int64_t place = 0; place < op.outer * op.inner; ++place) {
      const int64_t first = place / op.inner * op.channels * op.inner + place % op.inner;
      double sum = 0;
      for (int64_t c = 0; c < op.channels; ++c) sum += y[static_cast<size_t>(first + c * op.inner)];
      ASSERT_NEAR(sum, 1, 1e-5) << place;
    }
  }
}

TEST(SoftmaxOp, IsAccurateForAllDifferences) {
  for (const int64_t inner : {1, 9}) {
    for (float x = 0; x > -120; x -= 0.01f) {
      std::vector<float> scores(static_cast<size_t>(2 * inner), 0.0f);
      std::fill_n(scores.begin(), inner, x);
      const double power = std::exp(double{x});
      const double expected = power / (1 + power);
      const std::vector<float> y = Forward({1, 2, inner}, scores);
      // 2^-149 is the least number.
      const double tolerance = 3e-7 * expected + std::ldexp(1.0, -149);
      for (size_t i = 0; i < y.size() / 2; ++i) ASSERT_NEAR(expected, y[i], tolerance) << x;
    }
  }
}

TEST(SoftmaxOp, ReadsBlocksOfChannels) {
  for (const Softmax& op : {Softmax{2, 2, 131}, Softmax{2, 1, 5}, Softmax{3, 20, 1},
                            Softmax{1, 17, 64}, Softmax{2, 8, 3}}) {
    std::vector<float> x(static_cast<size_t>(op.outer * op.channels * op.inner));
    for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 7919 % 101) * 0.1f;
    for (const int64_t block : {4, 8, 16}) {
      const auto layout =
          std::make_shared<const BlockedLayout>(op.outer, op.channels, op.inner, block);
      const auto src = BlockedBuffer(layout, x);
      Buffer dst(src->size());
      op.Forward(*src, &dst);
      EXPECT_EQ(src->layout(), layout.get());
      EXPECT_EQ(Values(dst), Forward(op, x)) << op.channels << " in " << block;
    }
  }
}

TEST(SoftmaxOp, BackwardFollowsItsFormula) {
  // y . dy = 0.25 * 4 + 0.75 * 8 = 7
  const auto y = PlainBuffer({0.25f, 0.75f});
  const auto dy = PlainBuffer({4, 8});
  Buffer dx(2);
  const Softmax op = {1, 2, 1};
  op.Backward(*y, *dy, &dx);
  EXPECT_THAT(Values(dx), ElementsAre(-0.75f, 0.75f));
  op.Backward(*y, *dy, dy.get());
  EXPECT_THAT(Values(*dy), ElementsAre(-0.75f, 0.75f));
}

TEST(SoftmaxOp, WorksInPlaceFromAnyLayout) {
  const auto layout = std::make_shared<const BlockedLayout>(1, 2, 2, 4);
  const auto buffer = BlockedBuffer(layout, {0, 9, 0, 9});
  Softmax{1, 2, 2}.Forward(*buffer, buffer.get());
  EXPECT_THAT(Values(*buffer), ElementsAre(0.5f, 0.5f, 0.5f, 0.5f));
}

TEST(SoftmaxOp, TakesEmptyArrays) {
  EXPECT_THAT(Forward({0, 3, 4}, {}), ElementsAre());
  EXPECT_THAT(Forward({2, 0, 4}, {}), ElementsAre());
  EXPECT_THAT(Forward({2, 3, 0}, {}), ElementsAre());
}

TEST(SoftmaxOp, IsMadeAlongAnAxisOfABlob) {
  const Softmax op = Softmax::Along(Blob(2, 3, 4, 5), 1);
  EXPECT_EQ(op.outer, 2);
  EXPECT_EQ(op.channels, 3);
  EXPECT_EQ(op.inner, 20);
}

}  // namespace
}  // namespace demitasse
