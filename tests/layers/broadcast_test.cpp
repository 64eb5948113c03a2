#include "layers/common/broadcast.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace demitasse {
namespace {

// For each element, the value it belongs to, as ForEachRun has it.
std::vector<int64_t> Owners(const Broadcast& shape) {
  std::vector<int64_t> owners(static_cast<size_t>(shape.size()), -1);
  shape.ForEachRun([&](int64_t m, int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) owners[static_cast<size_t>(i)] = m;
  });
  return owners;
}

TEST(Broadcast, RunsBelongToTheValuesInTurn) {
  EXPECT_EQ((std::vector<int64_t>{0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2}), Owners({2, 3, 2}));
  EXPECT_EQ((std::vector<int64_t>{0, 1, 2, 0, 1, 2}), Owners({2, 3, 1}));
  EXPECT_EQ((std::vector<int64_t>{0, 0, 0}), Owners({1, 1, 3}));
  EXPECT_TRUE(Owners({0, 3, 2}).empty());
  EXPECT_TRUE(Owners({2, 3, 0}).empty());
}

// The ranges of elements that threads work on begin and end within runs.
TEST(Broadcast, CutsLongArraysAnywhere) {
  for (const Broadcast& shape : {Broadcast{3, 5, 4999}, Broadcast{9000, 7, 1}}) {
    const std::vector<int64_t> owners = Owners(shape);
    ASSERT_GT(shape.size(), 3 * kElementwiseGrain);
    for (int64_t i = 0; i < shape.size(); ++i) {
      ASSERT_EQ(i / shape.inner % shape.middle, owners[static_cast<size_t>(i)]) << i;
    }
  }
}

TEST(Broadcast, SumsTheElementsOfAValue) {
  const auto index = [](int64_t i) { return i; };
  const Broadcast shape = {2, 3, 2};
  EXPECT_EQ(0 + 1 + 6 + 7, shape.SumFor(0, index));
  EXPECT_EQ(4 + 5 + 10 + 11, shape.SumFor(2, index));
  const Broadcast columns = {100, 3, 1};
  EXPECT_EQ(100 * 1 + 3 * 99 * 100 / 2, columns.SumFor(1, index));
  const Broadcast rows = {1, 1, 1003};
  EXPECT_EQ(1002 * 1003 / 2, rows.SumFor(0, index));
}

TEST(Broadcast, VisitsEveryValueOnce) {
  for (const Broadcast& shape : {Broadcast{2, 3, 2}, Broadcast{1, 40000, 1}, Broadcast{0, 4, 0}}) {
    std::vector<int> visits(static_cast<size_t>(shape.middle));
    shape.ForEachValue([&](int64_t m) { ++visits[static_cast<size_t>(m)]; });
    EXPECT_EQ(std::vector<int>(static_cast<size_t>(shape.middle), 1), visits);
  }
}

TEST(Sum, AddsInDouble) {
  EXPECT_EQ(0, Sum(0, [](int64_t) { return 1.0f; }));
  EXPECT_NEAR(10000, Sum(100000, [](int64_t) { return 0.1f; }), 1e-3);
  EXPECT_EQ(19 * 18 / 2, Sum(19, [](int64_t i) { return static_cast<float>(i); }));
}

}  // namespace
}  // namespace demitasse
