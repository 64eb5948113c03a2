#include "src/ops/reference/uniform_gemm.hpp"

#include <gtest/gtest.h>

#include <tuple>
#include <vector>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

std::vector<float> Gaussian(int64_t size, uint64_t seed) {
  std::vector<float> values(static_cast<size_t>(size));
  FillGaussian(seed, &values);
  return values;
}

class UniformProduct : public testing::TestWithParam<std::tuple<int, int, int>> {
 protected:
  std::vector<float> Add(const std::vector<float>& a, const std::vector<float>& b) const {
    const auto [m, n, k] = GetParam();
    std::vector<float> c(static_cast<size_t>(m * n), 0.5f);
    std::vector<float> scratch(static_cast<size_t>(UniformProductScratch(k)));
    AddUniformProduct(m, n, k, a.data(), k, b.data(), n, c.data(), n, scratch.data());
    return c;
  }
};

TEST_P(UniformProduct, AddsTheProduct) {
  const auto [m, n, k] = GetParam();
  const std::vector<float> a = Gaussian(m * k, 1);
  const std::vector<float> b = Gaussian(k * n, 2);
  const std::vector<float> c = Add(a, b);
  for (int row = 0; row < m; ++row) {
    for (int column = 0; column < n; ++column) {
      double sum = 0.5;
      for (int i = 0; i < k; ++i) sum += double{a[row * k + i]} * double{b[i * n + column]};
      ASSERT_NEAR(c[row * n + column], sum, 1e-4) << row << ", " << column;
    }
  }
}

TEST_P(UniformProduct, GivesEqualColumnsForEqualColumns) {
  const auto [m, n, k] = GetParam();
  const std::vector<float> column = Gaussian(k, 3);
  std::vector<float> b;
  for (const float value : column) b.insert(b.end(), static_cast<size_t>(n), value);
  const std::vector<float> c = Add(Gaussian(m * k, 4), b);
  for (int row = 0; row < m; ++row) {
    for (int i = 0; i < n; ++i) ASSERT_EQ(c[row * n + i], c[row * n]) << row << ", " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, UniformProduct,
                         testing::Values(std::make_tuple(1, 1, 1), std::make_tuple(6, 16, 27),
                                         std::make_tuple(7, 33, 5), std::make_tuple(32, 100, 27),
                                         std::make_tuple(3, 15, 300)));

}  // namespace
}  // namespace demitasse
