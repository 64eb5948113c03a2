#include "layers/common/prefetcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <limits>

#include "demitasse/error.hpp"
#include "src/core/threads.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Values = std::vector<float>;

// A batch of two samples that are its number.
void LoadNumber(int64_t number, Batch* batch) {
  batch->shape = {2, 1};
  batch->data.assign(2, static_cast<float>(number));
  batch->labels = {static_cast<float>(10 * number), static_cast<float>(10 * number + 1)};
}

float NextNumber(Prefetcher* prefetcher) {
  Blob data;
  prefetcher->Next({&data});
  EXPECT_EQ((std::vector<int>{2, 1}), data.shape());
  return data.cpu_data()[0];
}

TEST(Prefetcher, GivesBatchesInOrder) {
  Prefetcher prefetcher(3, LoadNumber);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(static_cast<float>(i), NextNumber(&prefetcher));
}

TEST(Prefetcher, FillsTheSecondTopWithLabels) {
  Prefetcher prefetcher(1, LoadNumber);
  Blob data;
  Blob labels;
  prefetcher.Next({&data, &labels});
  prefetcher.Next({&data, &labels});
  EXPECT_EQ((Values{1, 1}), Data(data));
  EXPECT_EQ(std::vector<int>{2}, labels.shape());
  EXPECT_EQ((Values{10, 11}), Data(labels));
}

TEST(Prefetcher, DoesNothingUntilItIsAsked) {
  std::atomic<int> loaded{0};
  {
    const Prefetcher prefetcher(3, [&](int64_t, Batch*) { ++loaded; });
  }
  EXPECT_EQ(0, loaded);
}

TEST(Prefetcher, CountsItsBatchesAgainstTheMemoryLimit) {
  constexpr int64_t kMegabyte = 1 << 20;
  const auto budget = std::make_shared<MemoryBudget>(10 * kMegabyte);
  const MemoryBudget::Scope scope(budget);
  Blob top(std::vector<int>{1 << 18});
  {
    Prefetcher prefetcher(3, LoadNumber);
    prefetcher.CountMemory({&top});
    EXPECT_EQ(4 * kMegabyte, budget->used());
  }
  EXPECT_EQ(0, budget->used());
  Prefetcher prefetcher(std::numeric_limits<int>::max(), LoadNumber);
  EXPECT_THAT([&] { prefetcher.CountMemory({&top}); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("more memory, but 0 MB of the limit "
                                                               "of 10 MB are taken")));
}

TEST(Prefetcher, LoadsNoMoreThanItsDepthAhead) {
  std::atomic<int> loaded{0};
  {
    Prefetcher prefetcher(3, [&](int64_t number, Batch* batch) {
      ++loaded;
      LoadNumber(number, batch);
    });
    NextNumber(&prefetcher);
    NextNumber(&prefetcher);
  }
  EXPECT_GE(loaded, 2);
  EXPECT_LE(loaded, 5);
}

TEST(Prefetcher, SkipsBatchesUnloaded) {
  std::atomic<int> loaded{0};
  Prefetcher prefetcher(1, [&](int64_t number, Batch* batch) {
    ++loaded;
    LoadNumber(number, batch);
  });
  prefetcher.Skip(1000);
  EXPECT_EQ(1000, NextNumber(&prefetcher));
  EXPECT_EQ(1001, NextNumber(&prefetcher));
  prefetcher.Skip(1000);
  EXPECT_EQ(2002, NextNumber(&prefetcher));
  EXPECT_LE(loaded, 6);
}

TEST(Prefetcher, ThrowsWhatLoadingThrewAfterTheBatchesBefore) {
  Prefetcher prefetcher(4, [](int64_t number, Batch* batch) {
    if (number == 2) throw Error("bad sample");
    LoadNumber(number, batch);
  });
  EXPECT_EQ(0, NextNumber(&prefetcher));
  EXPECT_EQ(1, NextNumber(&prefetcher));
  EXPECT_THROW(NextNumber(&prefetcher), Error);
  EXPECT_THROW(NextNumber(&prefetcher), Error);
  prefetcher.Skip(1);
  EXPECT_EQ(3, NextNumber(&prefetcher));
}

TEST(Prefetcher, LoadsWithAsManyThreadsAsItsCallerHas) {
  std::atomic<int> threads{0};
  Prefetcher prefetcher(1, [&](int64_t number, Batch* batch) {
    threads = ThreadCount();
    LoadNumber(number, batch);
  });
  const ThreadScope scope(3);
  const int expected = ThreadCount();  // 1 in a build without OpenMP
  NextNumber(&prefetcher);
  EXPECT_EQ(expected, threads);
}

}  // namespace
}  // namespace demitasse
