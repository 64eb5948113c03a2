#include "src/ops/channel_map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "src/core/threads.hpp"
#include "tests/support/blocked_layout.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

// Shapes of every kind: small, of one place, of more places and channels than a piece has.
std::vector<ChannelShape> Shapes() {
  return {{2, 3, 4},    {5, 7, 1}, {3, 300, 1}, {1, 1, 9}, {2, 3, 20011},
          {3, 130, 49}, {0, 3, 2}, {2, 0, 3},   {2, 3, 0}};
}

std::vector<float> Numbers(int64_t count, uint32_t seed) {
  std::vector<float> numbers(static_cast<size_t>(count));
  for (float& number : numbers) {
    seed = seed * 1664525 + 1013904223;
    number = static_cast<float>(seed >> 8) / (1 << 23) - 1;
  }
  return numbers;
}

// The array in plain order and in blocks of 8 and of 3 channels.
std::vector<std::unique_ptr<Buffer>> Orders(const ChannelShape& s, const std::vector<float>& x) {
  std::vector<std::unique_ptr<Buffer>> buffers;
  buffers.push_back(PlainBuffer(x));
  for (const int block : {8, 3}) {
    buffers.push_back(
        BlockedBuffer(std::make_shared<BlockedLayout>(s.images, s.channels, s.places, block), x));
  }
  return buffers;
}

size_t ChannelOf(const ChannelShape& s, size_t element) {
  return element / static_cast<size_t>(s.places) % static_cast<size_t>(s.channels);
}

TEST(ChannelMap, MapsEveryElementByItsChannel) {
  for (const ChannelShape& s : Shapes()) {
    const std::vector<float> x = Numbers(s.size(), 1);
    const std::vector<float> center = Numbers(s.channels, 2);
    const std::vector<float> factor = Numbers(s.channels, 3);
    const std::vector<float> offset = Numbers(s.channels, 4);
    for (const auto& src : Orders(s, x)) {
      const Layout* const layout = src->layout();
      ChannelMap{center.data(), factor.data(), offset.data()}.Forward(s, *src, src.get());
      EXPECT_EQ(layout, src->layout());
      const std::vector<float> y = Values(*src);
      for (size_t i = 0; i < x.size(); ++i) {
        const size_t c = ChannelOf(s, i);
        ASSERT_NEAR(factor[c] * (x[i] - center[c]) + offset[c], y[i], 1e-6) << i;
      }
    }
  }
}

TEST(ChannelMap, LeavesOutWhatIsNull) {
  const auto src = PlainBuffer({1, 2, 3, 4});
  Buffer dst(4);
  const std::vector<float> values = {10, 20};
  ChannelMap{nullptr, values.data(), nullptr}.Forward({1, 2, 2}, *src, &dst);
  EXPECT_THAT(Values(dst), ElementsAre(10, 20, 60, 80));
  ChannelMap{nullptr, nullptr, values.data()}.Forward({1, 2, 2}, *src, &dst);
  EXPECT_THAT(Values(dst), ElementsAre(11, 12, 23, 24));
}

TEST(ChannelMap, KeepsPaddingZero) {
  const auto src = BlockedBuffer(std::make_shared<BlockedLayout>(1, 3, 2, 2), {1, 2, 3, 4, 5, 6});
  const std::vector<float> values = {10, 20, 30};
  ChannelMap{values.data(), nullptr, values.data()}.Forward({1, 3, 2}, *src, src.get());
  EXPECT_EQ(0, src->stored()[5]);
  EXPECT_EQ(0, src->stored()[7]);
}

TEST(ChannelBlend, JoinsTwoArraysByChannel) {
  for (const ChannelShape& s : Shapes()) {
    const std::vector<float> dy = Numbers(s.size(), 1);
    const std::vector<float> x = Numbers(s.size(), 2);
    const std::vector<float> k = Numbers(4 * s.channels, 3);
    const float* const a = k.data();
    const ChannelBlend blend = {a, a + s.channels, a + 2 * s.channels, a + 3 * s.channels};
    for (const auto& first : Orders(s, dy)) {
      const auto second = PlainBuffer(x);  // takes the layout of the first
      blend.Forward(s, *first, *second, first.get());
      const std::vector<float> out = Values(*first);
      for (size_t i = 0; i < x.size(); ++i) {
        const size_t c = ChannelOf(s, i);
        ASSERT_NEAR(blend.a[c] * dy[i] + blend.b[c] * (x[i] - blend.center[c]) + blend.c[c], out[i],
                    1e-6);
      }
    }
  }
}

TEST(ChannelSums, AddUpEveryChannel) {
  for (const ChannelShape& s : Shapes()) {
    const std::vector<float> dy = Numbers(s.size(), 1);
    const std::vector<float> x = Numbers(s.size(), 2);
    const std::vector<float> center = Numbers(s.channels, 3);
    std::vector<double> sums(static_cast<size_t>(s.channels));
    std::vector<double> products(sums.size());
    for (size_t i = 0; i < x.size(); ++i) {
      const size_t c = ChannelOf(s, i);
      sums[c] += dy[i];
      products[c] += static_cast<double>(dy[i]) * (x[i] - center[c]);
    }
    for (const auto& first : Orders(s, dy)) {
      const std::vector<double> only = ChannelSums(s, *first);
      const auto second = PlainBuffer(x);
      const ChannelProducts both = SumChannelProducts(s, *first, *second, center.data());
      EXPECT_EQ(only, both.sums);
      ASSERT_EQ(sums.size(), only.size());
      const double error = 1e-7 * static_cast<double>(s.images * s.places + 10);
      for (size_t c = 0; c < sums.size(); ++c) {
        ASSERT_NEAR(sums[c], only[c], error);
        ASSERT_NEAR(products[c], both.products[c], error);
      }
    }
  }
}

// A mean that is large beside the deviation costs no accuracy.
TEST(ChannelMoments, AreThoseOfEveryChannel) {
  for (const ChannelShape& s : Shapes()) {
    if (s.size() == 0) continue;
    std::vector<float> x = Numbers(s.size(), 1);
    for (size_t i = 0; i < x.size(); ++i) x[i] += 1000.0f * static_cast<float>(ChannelOf(s, i));
    const double count = static_cast<double>(s.images * s.places);
    std::vector<double> mean(static_cast<size_t>(s.channels));
    std::vector<double> variance(mean.size());
    for (size_t i = 0; i < x.size(); ++i) mean[ChannelOf(s, i)] += x[i] / count;
    for (size_t i = 0; i < x.size(); ++i) {
      variance[ChannelOf(s, i)] += std::pow(x[i] - mean[ChannelOf(s, i)], 2) / count;
    }
    for (const auto& src : Orders(s, x)) {
      const ChannelMoments moments = ComputeChannelMoments(s, *src);
      for (size_t c = 0; c < mean.size(); ++c) {
        ASSERT_NEAR(mean[c], moments.mean[c], 1e-9 * mean[c] + 1e-7);
        ASSERT_NEAR(variance[c], moments.variance[c], 1e-5);
      }
    }
  }
}

TEST(ChannelMoments, DoNotDependOnTheNumberOfThreads) {
  const ChannelShape shape = {4, 24, 3001};
  const auto x = Orders(shape, Numbers(shape.size(), 5));
  for (const auto& src : x) {
    const ThreadScope one(1);
    const ChannelMoments serial = ComputeChannelMoments(shape, *src);
    const ThreadScope several(3);
    const ChannelMoments parallel = ComputeChannelMoments(shape, *src);
    EXPECT_EQ(serial.mean, parallel.mean);
    EXPECT_EQ(serial.variance, parallel.variance);
  }
}

}  // namespace
}  // namespace demitasse
