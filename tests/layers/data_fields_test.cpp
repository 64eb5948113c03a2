#include "layers/common/data_fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace demitasse {
namespace {

using testing::ElementsAre;

TEST(RandomSkip, IsBelowItsBoundAndTheSameForASeed) {
  std::set<int64_t> skips;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    skips.insert(RandomSkip(4, seed));
    EXPECT_EQ(RandomSkip(4, seed), RandomSkip(4, seed));
  }
  EXPECT_THAT(skips, ElementsAre(0, 1, 2, 3));
}

TEST(RandomSkip, IsNothingUnlessAskedFor) {
  EXPECT_EQ(0, RandomSkip(0, 5));
  EXPECT_EQ(0, RandomSkip(1, 5));
}

}  // namespace
}  // namespace demitasse
