#include "src/ops/direct_forward.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "demitasse/memory_budget.hpp"

namespace demitasse {
namespace {

TEST(DirectForwardTest, PackedWeightsAndPaddedInputCountTowardsTheMemoryLimit) {
  ConvolutionDesc desc{2, 1, 64, 1, false, {}};
  desc.window = {{5, 5}, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {5, 5}};
  if (!DirectForwardPays(desc)) GTEST_SKIP() << "this processor has no wide vectors";
  const std::vector<float> src(2 * 5 * 5, 1.0f);
  const Buffer weights(64 * 9);
  Buffer dst(2 * 64 * 5 * 5);
  const auto budget = std::make_shared<MemoryBudget>(1 << 20);
  const MemoryBudget::Scope scope(budget);
  DirectForward(desc).Run(src.data(), 1, weights, nullptr, dst.mutable_plain());
  EXPECT_EQ(0, budget->used());
  DirectForward op(desc);
  op.Run(src.data(), 1, weights, nullptr, dst.mutable_plain());
  EXPECT_GE(budget->used(), int64_t{(64 * 9 + 2 * 7 * 7) * sizeof(float)});
}

}  // namespace
}  // namespace demitasse
