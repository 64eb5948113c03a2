#include "src/ops/prelu.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "demitasse/random.hpp"
#include "src/core/vectorize.hpp"
#include "tests/support/blocked_layout.hpp"

namespace demitasse {
namespace {

using testing::Each;
using testing::ElementsAre;

std::vector<float> Gaussian(uint64_t seed, int64_t size) {
  Rng rng(seed);
  std::vector<float> values(static_cast<size_t>(size));
  for (float& value : values) value = rng.Gaussian();
  return values;
}

// Some slopes: negative, 0, above 1.
std::vector<float> Slopes(int64_t channels) {
  std::vector<float> slopes(static_cast<size_t>(channels));
  for (size_t c = 0; c < slopes.size(); ++c) slopes[c] = 0.5f * static_cast<float>(c % 7) - 1;
  return slopes;
}

struct Result {
  std::vector<float> y;
  std::vector<float> dx;
  std::vector<double> dslope;
};

// By the definition, element by element.
Result Expected(const PRelu& op, const std::vector<float>& x, const std::vector<float>& dy) {
  const std::vector<float> slopes = Slopes(op.channels);
  Result result{x, dy, std::vector<double>(slopes.size())};
  for (size_t i = 0; i < x.size(); ++i) {
    if (x[i] > 0) continue;
    const size_t channel = i / static_cast<size_t>(op.places) % slopes.size();
    result.y[i] *= slopes[channel];
    result.dx[i] *= slopes[channel];
    result.dslope[channel] += static_cast<double>(x[i]) * dy[i];
  }
  return result;
}

void ExpectDefinition(const PRelu& op, const Buffer& src, const Buffer& dst_diff) {
  const Layout* const layout = src.layout();
  const std::vector<float> slopes = Slopes(op.channels);
  Buffer dst(src.size());
  Buffer src_diff(src.size());
  op.Forward(src, slopes.data(), &dst);
  const std::vector<double> dslope = op.Backward(src, dst_diff, slopes.data(), &src_diff);
  EXPECT_EQ(dst.layout(), layout);
  EXPECT_EQ(src_diff.layout(), layout);

  const Result expected = Expected(op, Values(src), Values(dst_diff));
  EXPECT_EQ(Values(dst), expected.y);
  EXPECT_EQ(Values(src_diff), expected.dx);
  ASSERT_EQ(dslope.size(), expected.dslope.size());
  for (size_t c = 0; c < dslope.size(); ++c) {
    EXPECT_NEAR(dslope[c], expected.dslope[c], 1e-5 * std::sqrt(op.images * op.places)) << c;
  }
}

// Few and many channels and places, with pieces that end in the middle of a run.
const std::vector<PRelu>& Shapes() {
  static const std::vector<PRelu> shapes = {{2, 3, 5},     {1, 1, 70001}, {3, 4, 1},
                                            {2, 40, 1500}, {5, 700, 1},   {2, 3, 20000},
                                            {4, 130, 49},  {1, 20000, 3}, {0, 3, 4}};
  return shapes;
}

TEST(PReluOp, FollowsItsDefinitionInPlainOrder) {
  for (const PRelu& op : Shapes()) {
    SCOPED_TRACE(testing::Message() << op.images << " " << op.channels << " " << op.places);
    const int64_t size = op.images * op.channels * op.places;
    ExpectDefinition(op, *PlainBuffer(Gaussian(1, size)), *PlainBuffer(Gaussian(2, size)));
  }
}

TEST(PReluOp, ComputesInBlockedLayouts) {
  for (const PRelu& op : Shapes()) {
    for (const int64_t block : {8, 16, 300}) {
      SCOPED_TRACE(testing::Message()
                   << op.images << " " << op.channels << " " << op.places << " by " << block);
      const auto layout =
          std::make_shared<const BlockedLayout>(op.images, op.channels, op.places, block);
      const int64_t size = op.images * op.channels * op.places;
      ExpectDefinition(op, *BlockedBuffer(layout, Gaussian(1, size)),
                       *BlockedBuffer(layout, Gaussian(2, size)));
    }
  }
}

TEST(PReluOp, StreamsLargeResults) {
  const StreamingScope scope(0);
  for (const PRelu& op : Shapes()) {
    SCOPED_TRACE(testing::Message() << op.images << " " << op.channels << " " << op.places);
    const int64_t size = op.images * op.channels * op.places;
    ExpectDefinition(op, *PlainBuffer(Gaussian(1, size)), *PlainBuffer(Gaussian(2, size)));
    const auto layout = std::make_shared<const BlockedLayout>(op.images, op.channels, op.places, 8);
    ExpectDefinition(op, *BlockedBuffer(layout, Gaussian(1, size)),
                     *BlockedBuffer(layout, Gaussian(2, size)));
  }
}

TEST(PReluOp, SharesASlopeInAnyLayout) {
  const auto layout = std::make_shared<const BlockedLayout>(2, 3, 5, 4);
  ExpectDefinition({1, 1, 30}, *BlockedBuffer(layout, Gaussian(1, 30)),
                   *BlockedBuffer(layout, Gaussian(2, 30)));
}

TEST(PReluOp, LeavesALayoutInWhichItCannotTellTheChannels) {
  const auto layout = std::make_shared<const BlockedLayout>(2, 3, 4, 4);
  const PRelu flattened = {1, 6, 4};
  const std::vector<float> slopes = Slopes(6);
  const std::vector<float> x = Gaussian(1, 24);
  const auto buffer = BlockedBuffer(layout, x);
  flattened.Forward(*buffer, slopes.data(), buffer.get());
  EXPECT_EQ(buffer->layout(), nullptr);
  EXPECT_EQ(Values(*buffer), Expected(flattened, x, x).y);
}

TEST(PReluOp, WorksInPlace) {
  const auto layout = std::make_shared<const BlockedLayout>(1, 2, 2, 4);
  const float slopes[] = {0.5f, -2};
  for (const auto& buffer :
       {PlainBuffer({1, -2, 3, -4}).release(), BlockedBuffer(layout, {1, -2, 3, -4}).release()}) {
    const std::unique_ptr<Buffer> owner(buffer);
    PRelu{1, 2, 2}.Forward(*buffer, slopes, buffer);
    EXPECT_THAT(Values(*buffer), ElementsAre(1, -1, 3, 8));
  }
}

TEST(PReluOp, TakesInputAndGradientInDifferentLayouts) {
  const auto layout = std::make_shared<const BlockedLayout>(1, 2, 2, 4);
  const auto src = BlockedBuffer(layout, {1, -2, 3, -4});
  const auto diff = PlainBuffer({10, 20, 30, 40});
  const float slopes[] = {0.5f, -2};
  EXPECT_THAT((PRelu{1, 2, 2}.Backward(*src, *diff, slopes, diff.get())), ElementsAre(-40, -160));
  EXPECT_THAT(Values(*diff), ElementsAre(10, 10, 30, -80));
}

TEST(PReluOp, GivesSlopeGradientsWithoutThoseOfTheInput) {
  const auto src = PlainBuffer({1, -2, 0, -4});
  const auto diff = PlainBuffer({10, 20, 30, 40});
  const float slopes[] = {0.25f};
  EXPECT_THAT((PRelu{1, 1, 4}.Backward(*src, *diff, slopes, nullptr)), ElementsAre(-200));
  EXPECT_THAT(Values(*diff), ElementsAre(10, 20, 30, 40));
}

TEST(PReluOp, KeepsNaN) {
  const auto buffer = PlainBuffer({std::numeric_limits<float>::quiet_NaN(), -1});
  const float slope = 0;
  PRelu{1, 1, 2}.Forward(*buffer, &slope, buffer.get());
  EXPECT_TRUE(std::isnan(Values(*buffer)[0]));
  EXPECT_EQ(Values(*buffer)[1], 0);
}

TEST(PReluOp, HasTheSameBitsForAnyNumberOfThreads) {
  for (const PRelu& op : {PRelu{3, 5, 30011}, PRelu{2, 40, 1500}, PRelu{700, 70, 1}}) {
    const int64_t size = op.images * op.channels * op.places;
    const auto src = PlainBuffer(Gaussian(1, size));
    const auto diff = PlainBuffer(Gaussian(2, size));
    const std::vector<float> slopes = Slopes(op.channels);
    std::vector<std::vector<double>> dslope;
    std::vector<std::vector<float>> dx;
    for (const int threads : {1, 2, 3, 8}) {
      const ThreadScope scope(threads);
      Buffer src_diff(size);
      dslope.push_back(op.Backward(*src, *diff, slopes.data(), &src_diff));
      dx.push_back(Values(src_diff));
    }
    EXPECT_THAT(dslope, Each(dslope[0]));
    EXPECT_THAT(dx, Each(dx[0]));
  }
}

// Of what a layout is padded with, nothing may reach a sum or the result.
TEST(PReluOp, KeepsALayoutsPaddingZero) {
  const auto layout = std::make_shared<const BlockedLayout>(1, 3, 40, 8);
  const auto src = BlockedBuffer(layout, std::vector<float>(120, -2));
  const auto diff = BlockedBuffer(layout, std::vector<float>(120, 1));
  const std::vector<float> slopes = {2, 3, 4};
  Buffer src_diff(120);
  EXPECT_THAT((PRelu{1, 3, 40}.Backward(*src, *diff, slopes.data(), &src_diff)), Each(-80));
  for (int64_t i = 0; i < layout->stored_size(); ++i) {
    EXPECT_EQ(src_diff.stored()[i], i % 8 < 3 ? slopes[static_cast<size_t>(i % 8)] : 0);
  }
}

}  // namespace
}  // namespace demitasse
