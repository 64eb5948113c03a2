#include "src/core/threads.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <thread>
#include <utility>

namespace demitasse {
namespace {

using Pieces = std::set<std::pair<int64_t, int64_t>>;

Pieces PiecesOf(int64_t count, int64_t grain, int threads) {
  const ThreadScope scope(threads);
  std::mutex mutex;
  Pieces pieces;
  ParallelFor(count, grain, [&](int64_t begin, int64_t end) {
    const std::lock_guard<std::mutex> lock(mutex);
    pieces.emplace(begin, end);
  });
  return pieces;
}

TEST(Threads, ParallelForCoversTheRangeInPieces) {
  EXPECT_EQ((Pieces{{0, 4}, {4, 8}, {8, 10}}), PiecesOf(10, 4, 0));
  EXPECT_EQ((Pieces{{0, 3}}), PiecesOf(3, 4, 0));
  EXPECT_EQ(Pieces{}, PiecesOf(0, 4, 0));
}

TEST(Threads, ThePiecesDoNotDependOnTheThreads) {
  EXPECT_EQ(PiecesOf(1000, 7, 1), PiecesOf(1000, 7, 4));
}

TEST(Threads, AScopeHoldsForItsOwnThreadAlone) {
  const int outside = ThreadCount();
  int in_another = 0;
  {
    const ThreadScope scope(outside + 1);
    std::thread([&] { in_another = ThreadCount(); }).join();
  }
  EXPECT_EQ(outside, in_another);
  EXPECT_EQ(outside, ThreadCount());
}

double SumOfInverses(int threads) {
  const ThreadScope scope(threads);
  return ParallelSum(100000, 1000, [](int64_t begin, int64_t end) {
    double sum = 0;
    for (int64_t i = begin; i < end; ++i) sum += 1.0 / static_cast<double>(i + 1);
    return sum;
  });
}

TEST(Threads, ParallelSumAddsAllPieces) {
  const auto length = [](int64_t begin, int64_t end) { return static_cast<double>(end - begin); };
  EXPECT_EQ(1000, ParallelSum(1000, 7, length));
  EXPECT_EQ(0, ParallelSum(0, 7, length));
  EXPECT_NEAR(12.090146, SumOfInverses(0), 1e-6);  // the 100000th harmonic number
}

TEST(Threads, ParallelSumGivesTheSameBitsForAnyNumberOfThreads) {
  EXPECT_EQ(SumOfInverses(1), SumOfInverses(2));
  EXPECT_EQ(SumOfInverses(1), SumOfInverses(5));
}

}  // namespace
}  // namespace demitasse
