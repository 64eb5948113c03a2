#include "layers/common/sum.hpp"

#include <gtest/gtest.h>

namespace demitasse {
namespace {

TEST(Sum, AddsInDouble) {
  EXPECT_EQ(0, Sum(0, [](int64_t) { return 1.0f; }));
  EXPECT_NEAR(10000, Sum(100000, [](int64_t) { return 0.1f; }), 1e-3);
  EXPECT_EQ(19 * 18 / 2, Sum(19, [](int64_t i) { return static_cast<float>(i); }));
}

}  // namespace
}  // namespace demitasse
