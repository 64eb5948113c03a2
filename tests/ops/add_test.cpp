#include "src/ops/add.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/blocked_layout.hpp"

namespace demitasse {
namespace {

using testing::Each;
using testing::ElementsAre;

std::shared_ptr<BlockedLayout> Blocks() { return std::make_shared<BlockedLayout>(1, 3, 2, 2); }

TEST(AddBuffers, AddsWeightedTerms) {
  const auto a = PlainBuffer({1, 2});
  const auto b = PlainBuffer({10, 20});
  const auto c = PlainBuffer({100, 200});
  Buffer sum(2);
  AddBuffers({a.get(), b.get(), c.get()}, {}, 2, &sum);
  EXPECT_THAT(Values(sum), ElementsAre(111, 222));
  AddBuffers({a.get(), b.get(), c.get()}, {1, 2, -1}, 2, &sum);
  EXPECT_THAT(Values(sum), ElementsAre(-79, -158));
  AddBuffers({b.get()}, {3}, 2, &sum);
  EXPECT_THAT(Values(sum), ElementsAre(30, 60));
}

TEST(AddBuffers, OfNothingIsZero) {
  Buffer sum(3);
  AddBuffers({}, {}, 3, &sum);
  EXPECT_THAT(Values(sum), Each(0));
}

TEST(AddBuffers, MayOverwriteTheFirstTerm) {
  const auto a = BlockedBuffer(Blocks(), {1, 2, 3, 4, 5, 6});
  const auto b = PlainBuffer({10, 20, 30, 40, 50, 60});
  AddBuffers({a.get(), b.get()}, {}, 6, a.get());
  EXPECT_NE(nullptr, a->layout());
  EXPECT_THAT(Values(*a), ElementsAre(11, 22, 33, 44, 55, 66));
}

TEST(AddBuffers, TakesTheLayoutOfMostTerms) {
  const auto a = BlockedBuffer(Blocks(), {1, 2, 3, 4, 5, 6});
  const auto b = PlainBuffer({10, 20, 30, 40, 50, 60});
  const auto c = BlockedBuffer(Blocks(), {100, 200, 300, 400, 500, 600});
  const auto d = PlainBuffer({0, 0, 0, 0, 0, 0});
  Buffer sum(6);
  AddBuffers({b.get(), a.get()}, {}, 6, &sum);
  EXPECT_NE(nullptr, sum.layout()) << "of equally many, not plain order";
  b->plain();
  AddBuffers({b.get(), a.get(), d.get()}, {}, 6, &sum);
  EXPECT_EQ(nullptr, sum.layout());
  EXPECT_THAT(Values(sum), ElementsAre(11, 22, 33, 44, 55, 66));
  AddBuffers({c.get(), b.get(), BlockedBuffer(Blocks(), {0, 0, 0, 0, 0, 1}).get()}, {}, 6, &sum);
  EXPECT_NE(nullptr, sum.layout());
  EXPECT_THAT(Values(sum), ElementsAre(110, 220, 330, 440, 550, 661));
}

}  // namespace
}  // namespace demitasse
