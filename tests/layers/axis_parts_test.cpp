#include "layers/common/axis_parts.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "src/core/threads.hpp"

namespace demitasse {
namespace {

TEST(CopyRuns, CopiesBetweenDifferentSteps) {
  const std::vector<float> from = {1, 2, 3, 4, 5, 6};
  std::vector<float> to(8, 0);
  CopyRuns(2, 2, from.data(), 3, to.data() + 1, 4);
  EXPECT_EQ((std::vector<float>{0, 1, 2, 0, 0, 4, 5, 0}), to);
}

TEST(CopyRuns, CopiesNothing) {
  CopyRuns(0, 3, nullptr, 3, nullptr, 3);
  CopyRuns(3, 0, nullptr, 0, nullptr, 0);
}

// The ranges that threads copy begin and end within runs.
TEST(CopyRuns, CutsLongRunsAnywhere) {
  for (const int64_t length : {int64_t{7}, 3 * kElementwiseGrain + 5}) {
    const int64_t runs = 4 * kElementwiseGrain / length + 2;
    std::vector<float> from(static_cast<size_t>(runs * length));
    std::iota(from.begin(), from.end(), 1.0f);
    std::vector<float> to(static_cast<size_t>(runs * (length + 1)), -1);
    CopyRuns(runs, length, from.data(), length, to.data(), length + 1);
    for (int64_t i = 0; i < runs * (length + 1); ++i) {
      const int64_t run = i / (length + 1);
      const int64_t at = i % (length + 1);
      const float expected = at == length ? -1 : static_cast<float>(run * length + at + 1);
      ASSERT_EQ(expected, to[static_cast<size_t>(i)]) << i;
    }
  }
}

}  // namespace
}  // namespace demitasse
