#include "demitasse/memory_budget.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "demitasse/blob.hpp"
#include "demitasse/error.hpp"

namespace demitasse {
namespace {

using testing::ThrowsMessage;

constexpr int64_t kMegabyte = 1 << 20;

TEST(MemoryBudget, LimitsWhatIsTaken) {
  MemoryBudget budget(10 * kMegabyte);
  budget.Take(6 * kMegabyte);
  EXPECT_THAT([&] { budget.Take(5 * kMegabyte); },
              ThrowsMessage<Error>("error: needs 5 MB more memory, but 6 MB of the limit of 10 MB "
                                   "are taken; use smaller inputs or raise the memory limit"));
  EXPECT_EQ(6 * kMegabyte, budget.used());
  budget.Take(4 * kMegabyte);
  budget.GiveBack(10 * kMegabyte);
  EXPECT_EQ(0, budget.used());
}

TEST(MemoryBudget, SumsMayNotOverflow) {
  const int64_t most = std::numeric_limits<int64_t>::max();
  MemoryBudget budget(most);
  budget.Take(most - 1);
  EXPECT_THROW(budget.Take(most - 1), Error);
  EXPECT_EQ(most - 1, budget.used());
}

TEST(MemoryBudget, IsTheMachinesByDefault) {
  EXPECT_GT(MachineMemory(), kMegabyte);
  EXPECT_EQ(MachineMemory(), MemoryBudget().limit());
}

TEST(MemoryBudget, IsCurrentWithinItsScope) {
  const auto outer = std::make_shared<MemoryBudget>(1);
  const auto inner = std::make_shared<MemoryBudget>(1);
  EXPECT_EQ(nullptr, MemoryBudget::Current());
  {
    const MemoryBudget::Scope outer_scope(outer);
    {
      const MemoryBudget::Scope inner_scope(inner);
      EXPECT_EQ(inner, MemoryBudget::Current());
    }
    EXPECT_EQ(outer, MemoryBudget::Current());
  }
  EXPECT_EQ(nullptr, MemoryBudget::Current());
}

TEST(MemoryBudget, IsCurrentInItsThreadOnly) {
  const MemoryBudget::Scope scope(std::make_shared<MemoryBudget>(1));
  std::shared_ptr<MemoryBudget> elsewhere;
  std::thread([&] { elsewhere = MemoryBudget::Current(); }).join();
  EXPECT_EQ(nullptr, elsewhere);
}

TEST(MemoryBudget, IsThatOfTheBlobsMadeWithinItsScope) {
  const auto budget = std::make_shared<MemoryBudget>(1000);
  std::unique_ptr<Blob> blob;
  {
    const MemoryBudget::Scope scope(budget);
    blob = std::make_unique<Blob>(std::vector<int>{16});
  }
  EXPECT_EQ(0, budget->used());
  blob->cpu_data();
  EXPECT_EQ(64, budget->used());
  blob->cpu_diff();
  EXPECT_EQ(128, budget->used());
  blob.reset();
  EXPECT_EQ(0, budget->used());
}

TEST(MemoryBudget, ABlobBeyondTheLimitIsAnError) {
  const MemoryBudget::Scope scope(std::make_shared<MemoryBudget>(kMegabyte));
  const Blob blob(std::vector<int>{1 << 20});
  EXPECT_THAT([&] { blob.cpu_data(); },
              ThrowsMessage<Error>("error: needs 4 MB more memory, but 0 MB of the limit of 1 MB "
                                   "are taken; use smaller inputs or raise the memory limit"));
}

}  // namespace
}  // namespace demitasse
