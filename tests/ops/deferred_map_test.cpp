#include "src/ops/deferred_map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "demitasse/error.hpp"
#include "src/ops/add.hpp"
#include "tests/support/blocked_layout.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

// One image of two channels and two places: 2 * (x - 1) - 3 and -1 * (x - 0) + 5.
constexpr ChannelShape kShape = {1, 2, 2};

std::shared_ptr<DeferredMap> MapOf(const std::shared_ptr<Buffer>& x) {
  auto map = std::make_shared<DeferredMap>(kShape, x);
  map->center = {1, 0};
  map->factor = {2, -1};
  map->offset = {-3, 5};
  return map;
}

TEST(DeferredMap, IsComputedWhenSomebodyReads) {
  Buffer y(4);
  y.Defer(MapOf(PlainBuffer({1, 2, 3, 9})));
  EXPECT_NE(nullptr, MapDeferredBy(y));
  EXPECT_THAT(Values(y), ElementsAre(-3, -1, 2, -4));
  EXPECT_EQ(nullptr, MapDeferredBy(y));
}

TEST(DeferredMap, IsComputedBeforeItsSourceChanges) {
  const std::shared_ptr<Buffer> x = PlainBuffer({1, 2, 3, 9});
  Buffer y(4);
  y.Defer(MapOf(x));
  x->mutable_plain()[0] = 100;
  EXPECT_THAT(Values(y), ElementsAre(-3, -1, 2, -4));
}

TEST(DeferredMap, RectifiesInTheSamePass) {
  Buffer y(4);
  MapOf(PlainBuffer({1, 2, 3, 9}))->Forward(0.5f, &y);
  EXPECT_THAT(Values(y), ElementsAre(-1.5f, -0.5f, 2, -2));
  MapOf(PlainBuffer({1, 2, 3, 9}))->Forward(0, &y);
  EXPECT_THAT(Values(y), ElementsAre(0, 0, 2, 0));
}

TEST(DeferredMap, IsAddedWithoutBeingComputed) {
  Buffer y(4);
  y.Defer(MapOf(PlainBuffer({1, 2, 3, 9})));
  const auto other = PlainBuffer({10, 20, 30, 40});
  Buffer sum(4);
  AddBuffers({other.get(), &y}, {1, 2}, 4, &sum);
  EXPECT_THAT(Values(sum), ElementsAre(4, 18, 34, 32));
  AddBuffers({&y, &y}, {}, 4, &sum);
  EXPECT_THAT(Values(sum), ElementsAre(-6, -2, 4, -8));
  EXPECT_NE(nullptr, MapDeferredBy(y));
}

TEST(DeferredGradient, GoesThroughTheRectifier) {
  const std::shared_ptr<Buffer> x = PlainBuffer({1, 3, 3, 9});  // mapped to -3, 1, 2, -4
  const auto gradient = std::make_shared<DeferredGradient>(MapOf(x), 0.5f);
  gradient->factor = {10, 100};
  const auto dy = PlainBuffer({1, 2, 3, 4});
  const ChannelProducts sums = gradient->Sum(*dy, nullptr);
  EXPECT_THAT(sums.sums, ElementsAre(0.5 + 2, 3 + 2));
  EXPECT_THAT(sums.products, ElementsAre(0.5 * 0 + 2 * 2, 3 * 3 + 2 * 9));
  dy->Defer(gradient);
  EXPECT_THAT(Values(*dy), ElementsAre(5, 20, 300, 200));
}

TEST(DeferredGradient, IsTakenByWhoeverHasItsData) {
  const std::shared_ptr<Buffer> x = PlainBuffer({1, 3, 3, 9});
  const auto dy = PlainBuffer({1, 2, 3, 4});
  dy->Defer(std::make_shared<DeferredGradient>(MapOf(x), 0.0f));
  EXPECT_EQ(nullptr, TakeDeferredGradient(*dy, dy.get()));
  EXPECT_NE(nullptr, TakeDeferredGradient(*x, dy.get()));
  EXPECT_THAT(Values(*dy), ElementsAre(1, 2, 3, 4));
}

TEST(DeferredGradient, IsGoneWhenItsDataHaveChanged) {
  const std::shared_ptr<Buffer> x = PlainBuffer({1, 3, 3, 9});
  const auto dy = PlainBuffer({1, 2, 3, 4});
  dy->Defer(std::make_shared<DeferredGradient>(MapOf(x), 0.0f));
  x->mutable_plain()[0] = 2;
  EXPECT_THAT([&] { dy->plain(); }, ThrowsMessage<Error>(HasSubstr("this gradient is gone")));
}

}  // namespace
}  // namespace demitasse
