#include "layers/common/rows.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace demitasse {
namespace {

std::vector<float> Counting(int64_t size) {
  std::vector<float> values(static_cast<size_t>(size));
  std::iota(values.begin(), values.end(), 1.0f);
  return values;
}

// The ranges that threads work on begin and end within rows.
const int64_t kLengths[] = {1, 7, 300, 2 * kElementwiseGrain + 5};

TEST(GatherRows, CutsRowsAnywhere) {
  for (const int64_t length : kLengths) {
    const int64_t rows = 3 * kElementwiseGrain / length + 4;
    const std::vector<float> from = Counting(rows * length);
    std::vector<float> to(from.size());
    GatherRows(
        rows, length, from.data(), [rows](int64_t row) { return rows - 1 - row; }, to.data());
    for (int64_t i = 0; i < rows * length; ++i) {
      const int64_t source = (rows - 1 - i / length) * length + i % length;
      ASSERT_EQ(from[static_cast<size_t>(source)], to[static_cast<size_t>(i)]) << i;
    }
  }
}

TEST(SumRows, CutsRowsAnywhere) {
  for (const int64_t length : kLengths) {
    const int64_t rows = 3 * kElementwiseGrain / length + 4;
    const std::vector<float> from = Counting(2 * length);
    std::vector<float> to(static_cast<size_t>(rows * length), -1);
    // None, the first, or both of the two rows.
    SumRows(
        rows, length, from.data(), [](int64_t row) { return row % 3; },
        [](int64_t /*row*/, int64_t i) { return i; }, to.data());
    for (int64_t i = 0; i < rows * length; ++i) {
      const int64_t first = i % length + 1;
      const int64_t sums[] = {0, first, 2 * first + length};
      ASSERT_EQ(static_cast<float>(sums[i / length % 3]), to[static_cast<size_t>(i)]) << i;
    }
  }
}

TEST(SumRows, AddsInDouble) {
  const std::vector<float> from = {1e8f, 1, 1, 1, 1, -1e8f};
  float sum = 0;
  SumRows(
      1, 1, from.data(), [](int64_t) { return 6; }, [](int64_t, int64_t i) { return i; }, &sum);
  EXPECT_EQ(4, sum);
}

TEST(Rows, MayBeNoneOrEmpty) {
  const auto source = [](int64_t row) { return row; };
  const auto sources = [](int64_t row, int64_t) { return row; };
  float untouched = 5;
  GatherRows(0, 3, nullptr, source, &untouched);
  GatherRows(3, 0, nullptr, source, &untouched);
  SumRows(0, 3, nullptr, source, sources, &untouched);
  SumRows(3, 0, nullptr, source, sources, &untouched);
  EXPECT_EQ(5, untouched);
}

TEST(PickItems, GivesEachItemTheGradientsOfItsCopies) {
  Blob bottom({3, 2});
  const std::vector<float> values = Counting(6);
  std::copy(values.begin(), values.end(), bottom.mutable_cpu_data());
  Blob top({4, 2});
  const std::vector<int> items = {2, 0, 2, 2};
  PickItems(bottom, items, &top);
  EXPECT_EQ((std::vector<float>{5, 6, 1, 2, 5, 6, 5, 6}),
            std::vector<float>(top.cpu_data(), top.cpu_data() + 8));

  const std::vector<float> gradients = {1, 2, 10, 20, 100, 200, 1000, 2000};
  std::copy(gradients.begin(), gradients.end(), top.mutable_cpu_diff());
  PickItemsGradient(top, items, &bottom);
  EXPECT_EQ((std::vector<float>{10, 20, 0, 0, 1101, 2202}),
            std::vector<float>(bottom.cpu_diff(), bottom.cpu_diff() + 6));
}

}  // namespace
}  // namespace demitasse
