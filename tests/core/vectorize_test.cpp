#include "src/core/vectorize.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace demitasse {
namespace {

using testing::Each;

constexpr int64_t kMost = 3 * kStreamedTile + 7;  // tiles, and a remainder

TEST(Vectorize, MapsARangeAndNothingElse) {
  alignas(64) float y[kMost + 2];
  for (const Store store : {Store::kCached, Store::kStreamed}) {
    for (int64_t begin = 0; begin < 20; ++begin) {
      for (const int64_t end : {begin, begin + 1, begin + kStreamedTile, kMost}) {
        std::fill_n(y, kMost + 2, -1.0f);
        MapRange(begin, end, y + 1, store, [](int64_t i) { return static_cast<float>(i); });
        FinishStores(store);
        for (int64_t i = -1; i < kMost + 1; ++i) {
          const bool inside = i >= begin && i < end;
          EXPECT_EQ(y[i + 1], inside ? static_cast<float>(i) : -1) << begin << " to " << end;
        }
      }
    }
  }
}

TEST(Vectorize, MapsInPlace) {
  std::vector<float> values(100000, 3);
  float* const y = values.data();
  for (const Store store : {Store::kCached, Store::kStreamed}) {
    ParallelMap(100000, y, store, [=](int64_t i) { return y[i] + 1; });
  }
  EXPECT_THAT(values, Each(5));
}

// A fused multiply-add keeps what a product rounded to float loses: (1 + e)^2 - (1 + 2e) = e^2.
TEST(Vectorize, RoundsProductsOnEveryProcessor) {
  const std::vector<float> x(kMost, 1 + 0x1p-20f);
  std::vector<float> y(kMost, -1);
  const auto error = [&](int64_t i) {
    const float value = x[static_cast<size_t>(i)];
    return value * value - (1 + 0x1p-19f);
  };
  Vectorized([&] { MapRange(0, kMost, y.data(), Store::kCached, error); });
  EXPECT_THAT(y, Each(0));
}

TEST(Vectorize, StreamsLargeResultsThatAreNotInPlace) {
  const float x[4] = {};
  const float y[4] = {};
  const int64_t floats = kStreamedBytes / static_cast<int64_t>(sizeof(float));
  EXPECT_EQ(StoreFor(x, y, floats - 1), Store::kCached);
  EXPECT_EQ(StoreFor(x, y, floats), Store::kStreamed);
  EXPECT_EQ(StoreFor(x, x, floats), Store::kCached);
  {
    const StreamingScope scope(4);
    EXPECT_EQ(StoreFor(x, y, 1), Store::kStreamed);
    EXPECT_EQ(StoreFor(x, y, 0), Store::kCached);
  }
  EXPECT_EQ(StoreFor(x, y, 1), Store::kCached);
}

}  // namespace
}  // namespace demitasse
