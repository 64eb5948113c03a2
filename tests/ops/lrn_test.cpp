#include "src/ops/lrn.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <ostream>
#include <vector>

#include "demitasse/blob.hpp"
#include "src/core/threads.hpp"
#include "src/ops/convolution.hpp"
#include "tests/support/blocked_layout.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {

void PrintTo(const Lrn& op, std::ostream* out) {
  *out << (op.region == Lrn::Region::kAcrossChannels ? "across " : "within ") << op.size
       << ", beta " << op.beta << ", k " << op.k << ", " << op.images << " x " << op.channels
       << " x " << op.height << " x " << op.width;
}

namespace {

constexpr auto kAcross = Lrn::Region::kAcrossChannels;
constexpr auto kWithin = Lrn::Region::kWithinChannel;

std::vector<float> Gaussian(uint64_t seed, int64_t size) {
  std::vector<float> values(static_cast<size_t>(size));
  FillGaussian(seed, &values);
  return values;
}

int64_t Size(const Lrn& op) { return ShapeSize({op.images, op.channels, op.height, op.width}); }

using Term = std::function<double(int64_t)>;

// The mean of term(j) for the elements j around element i; elements outside count as 0.
double MeanAround(const Lrn& op, int64_t i, const Term& term) {
  const int64_t reach = op.size / 2;
  const int64_t places = int64_t{op.height} * op.width;
  double sum = 0;
  if (op.region == kAcross) {
    const int64_t channel = i / places % op.channels;
    const int64_t last = std::min<int64_t>(channel + reach, op.channels - 1);
    for (int64_t c = std::max<int64_t>(0, channel - reach); c <= last; ++c) {
      sum += term(i + (c - channel) * places);
    }
    return sum / op.size;
  }
  const int64_t row = i % places / op.width;
  const int64_t column = i % op.width;
  for (int64_t h = std::max<int64_t>(0, row - reach); h <= row + reach && h < op.height; ++h) {
    for (int64_t w = column - reach; w <= column + reach; ++w) {
      if (w >= 0 && w < op.width) sum += term(i + (h - row) * op.width + w - column);
    }
  }
  return sum / (double{1} * op.size * op.size);
}

struct Result {
  std::vector<float> y;
  std::vector<float> dx;
};

// By the definition, element by element.
Result Expected(const Lrn& op, const std::vector<float>& x, const std::vector<float>& dy) {
  const double k = op.region == kAcross ? double{op.k} : 1;
  const double alpha = double{op.alpha};
  const double beta = double{op.beta};
  std::vector<double> s(x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    s[i] = k + alpha * MeanAround(op, static_cast<int64_t>(i),
                                  [&](int64_t j) { return double{x[j]} * x[j]; });
  }
  Result result{x, x};
  for (size_t i = 0; i < x.size(); ++i) {
    const double mean = MeanAround(op, static_cast<int64_t>(i), [&](int64_t j) {
      return double{dy[j]} * x[j] * std::pow(s[j], -beta - 1);
    });
    const double factor = std::pow(s[i], -beta);
    result.y[i] = static_cast<float>(x[i] * factor);
    result.dx[i] = static_cast<float>(dy[i] * factor - 2 * alpha * beta * x[i] * mean);
  }
  return result;
}

void ExpectNear(const std::vector<float>& expected, const Buffer& actual) {
  const std::vector<float> values = Values(actual);
  for (size_t i = 0; i < expected.size(); ++i) ASSERT_NEAR(expected[i], values[i], 1e-5) << i;
}

void ExpectDefinition(const Lrn& op, const Buffer& src, const Buffer& dst_diff) {
  Buffer dst(src.size());
  Buffer src_diff(src.size());
  op.Forward(src, &dst);
  op.Backward(src, dst_diff, &src_diff);
  // Only now: it brings them into plain order.
  const Result expected = Expected(op, Values(src), Values(dst_diff));
  ExpectNear(expected.y, dst);
  ExpectNear(expected.dx, src_diff);
}

const Lrn kCases[] = {
    {kAcross, 5, 1, 0.75f, 1, 2, 7, 5, 6},
    {kAcross, 3, 0.5f, 0.75f, 2, 1, 1, 4, 4},
    {kAcross, 1, 2, 1, 1, 1, 3, 2, 2},
    {kAcross, 15, 1, 0.6f, 1, 2, 7, 5, 3},
    {kAcross, 2147483647, 1e9f, 0.75f, 1.5f, 1, 17, 3, 3},
    {kAcross, 5, 1, 0.75f, 1, 1, 200, 9, 7},  // tiles that end within a row of places
    {kAcross, 5, 1, 0.5f, 1, 1, 5000, 2, 1},
    {kAcross, 5, 1, 0.5f, 1, 2, 1, 1, 1},
    {kAcross, 7, 1, 0.75f, 1, 3, 20, 40, 30},
    {kWithin, 3, 0.5f, 0.75f, 1, 2, 7, 5, 6},
    {kWithin, 5, 2, 0.6f, 7, 1, 9, 4, 3},  // k does not count
    {kWithin, 9, 1, 0.75f, 1, 2, 3, 3, 2},
    {kWithin, 1, 1, 0.75f, 1, 1, 3, 3, 2},
};

class LrnTest : public testing::TestWithParam<Lrn> {};

TEST_P(LrnTest, FollowsItsDefinitionInPlainOrder) {
  const Lrn op = GetParam();
  ExpectDefinition(op, *PlainBuffer(Gaussian(1, Size(op))), *PlainBuffer(Gaussian(2, Size(op))));
}

TEST_P(LrnTest, FollowsItsDefinitionInBlocksOfChannels) {
  const Lrn op = GetParam();
  const int64_t places = int64_t{op.height} * op.width;
  for (const int64_t block : {4, 8, 16, 3}) {
    SCOPED_TRACE(block);
    const auto layout = std::make_shared<BlockedLayout>(op.images, op.channels, places, block);
    const auto x = Gaussian(1, Size(op));
    const auto dy = Gaussian(2, Size(op));
    ExpectDefinition(op, *BlockedBuffer(layout, x), *BlockedBuffer(layout, dy));
    ExpectDefinition(op, *BlockedBuffer(layout, x), *PlainBuffer(dy));
    ExpectDefinition(op, *PlainBuffer(x), *BlockedBuffer(layout, dy));
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, LrnTest, testing::ValuesIn(kCases));

TEST(LrnTest, KeepsTheLayoutAndItsPaddingOfZeros) {
  // With k = 0 the padding would be 0 / 0 if it were computed.
  const Lrn op = {kAcross, 5, 1, 0.75f, 0, 1, 11, 2, 3};
  const auto layout = std::make_shared<BlockedLayout>(1, 11, 6, 8);
  const auto src = BlockedBuffer(layout, Gaussian(1, Size(op)));
  const auto dst_diff = BlockedBuffer(layout, Gaussian(2, Size(op)));
  Buffer dst(src->size());
  Buffer src_diff(src->size());
  op.Forward(*src, &dst);
  op.Backward(*src, *dst_diff, &src_diff);
  for (const Buffer* buffer : {&dst, &src_diff}) {
    ASSERT_EQ(layout.get(), buffer->layout());
    for (int64_t place = 0; place < 6; ++place) {
      for (int64_t lane = 3; lane < 8; ++lane) {
        EXPECT_EQ(0, buffer->stored()[(6 + place) * 8 + lane]) << place << " " << lane;
      }
    }
  }
  ExpectDefinition(op, *src, *dst_diff);
}

TEST(LrnTest, GivesTheSameBitsWithAnyNumberOfThreads) {
  for (const Lrn& op : kCases) {
    const auto src = PlainBuffer(Gaussian(1, Size(op)));
    const auto dst_diff = PlainBuffer(Gaussian(2, Size(op)));
    std::vector<std::vector<float>> results;
    for (const int threads : {1, 3}) {
      const ThreadScope scope(threads);
      Buffer dst(src->size());
      Buffer src_diff(src->size());
      op.Forward(*src, &dst);
      op.Backward(*src, *dst_diff, &src_diff);
      results.push_back(Values(dst));
      results.push_back(Values(src_diff));
    }
    EXPECT_EQ(results[0], results[2]);
    EXPECT_EQ(results[1], results[3]);
  }
}

TEST(LrnTest, TakesEmptyArrays) {
  for (const auto region : {kAcross, kWithin}) {
    for (const Lrn& op :
         {Lrn{region, 5, 1, 0.75f, 1, 0, 3, 4, 5}, Lrn{region, 5, 1, 0.75f, 1, 2, 0, 4, 5},
          Lrn{region, 5, 1, 0.75f, 1, 2, 3, 4, 0}}) {
      const Buffer src(0);
      Buffer dst(0);
      op.Forward(src, &dst);
      op.Backward(src, src, &dst);
      EXPECT_EQ(0, dst.size());
    }
  }
}

TEST(LrnTest, HugeValuesDoNotSpreadNaN) {
  const Lrn op = {kAcross, 3, 1, 0.75f, 1, 1, 4, 1, 1};
  const auto src = PlainBuffer({1e30f, 1, 1, 2});
  Buffer dst(4);
  Buffer src_diff(4);
  op.Forward(*src, &dst);
  op.Backward(*src, *PlainBuffer({1, 1, 1, 1}), &src_diff);
  const Result expected = Expected(op, Values(*src), {1, 1, 1, 1});
  ExpectNear(expected.y, dst);
  ExpectNear(expected.dx, src_diff);
}

#ifdef DEMITASSE_WITH_ONEDNN
TEST(LrnTest, KeepsOneDnnsLayout) {
  const WindowGeometry window = {{6, 6}, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {6, 6}};
  const auto convolution = MakeConvolution({2, 16, 16, 1, false, window}, Engine::kOneDnn);
  const auto weights = PlainBuffer(Gaussian(2, 16 * 16 * 9));
  Buffer src(2 * 16 * 36);
  convolution->Forward(*PlainBuffer(Gaussian(1, src.size())), *weights, nullptr, &src);
  ASSERT_NE(nullptr, src.layout());
  const auto dst_diff = PlainBuffer(Gaussian(3, src.size()));
  for (const auto region : {kAcross, kWithin}) {
    const Lrn op = {region, 5, 1, 0.75f, 1, 2, 16, 6, 6};
    Buffer dst(src.size());
    op.Forward(src, &dst);
    ASSERT_NE(nullptr, dst.layout());
    EXPECT_EQ(src.layout()->name(), dst.layout()->name());
    Buffer copy(src.size());
    std::copy_n(src.stored(), src.layout()->stored_size(), copy.Overwrite(src.shared_layout()));
    ExpectDefinition(op, copy, *dst_diff);
  }
}
#endif

}  // namespace
}  // namespace demitasse
