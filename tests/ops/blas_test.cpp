#include "src/ops/blas.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <tuple>
#include <vector>

#include "demitasse/error.hpp"
#include "src/core/threads.hpp"
#ifdef DEMITASSE_WITH_ONEDNN
#include "src/ops/onednn/gemm.hpp"
#endif
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

std::vector<float> Numbers(uint64_t seed, int64_t size) {
  std::vector<float> values(static_cast<size_t>(size));
  FillGaussian(seed, &values);
  return values;
}

const std::vector<decltype(&Gemm)> kGemms = {
    Gemm,
#ifdef DEMITASSE_WITH_ONEDNN
    DnnlGemm,
#endif
};

class GemmTest : public testing::TestWithParam<std::tuple<int, int, int>> {};

TEST_P(GemmTest, ComputesItsDefinition) {
  const auto [m, n, k] = GetParam();
  const std::vector<float> a = Numbers(1, m * k), b = Numbers(2, k * n);
  for (const auto gemm : kGemms) {
    for (int transposed = 0; transposed < 4; ++transposed) {
      const bool trans_a = transposed & 1, trans_b = transposed & 2;
      std::vector<float> c = Numbers(3, m * n);
      std::vector<double> expected(c.begin(), c.end());
      for (int i = 0; i < m; ++i) {
        for (int j = 0; j < n; ++j) {
          double sum = 0;
          for (int l = 0; l < k; ++l) {
            sum += double{a[trans_a ? l * m + i : i * k + l]} * b[trans_b ? j * k + l : l * n + j];
          }
          expected[i * n + j] = 0.5 * sum + 2 * expected[i * n + j];
        }
      }
      gemm(trans_a ? Trans::kYes : Trans::kNo, trans_b ? Trans::kYes : Trans::kNo, m, n, k, 0.5f,
           a.data(), b.data(), 2, c.data());
      for (size_t i = 0; i < c.size(); ++i) ASSERT_NEAR(expected[i], c[i], 1e-3) << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, GemmTest,
                         testing::Values(std::tuple(1, 1, 1), std::tuple(3, 4, 5),
                                         std::tuple(1, 70, 33), std::tuple(70, 1, 33),
                                         std::tuple(2, 3, 0), std::tuple(0, 3, 2),
                                         std::tuple(3, 0, 2), std::tuple(1, 1030, 3),
                                         std::tuple(300, 600, 7), std::tuple(257, 513, 2)));

TEST(GemmTest, DoesNotReadTheResultWithBetaZero) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const auto gemm : kGemms) {
    for (const auto& [m, n, k] :
         {std::tuple(1, 3, 2), std::tuple(3, 1, 2), std::tuple(2, 2, 2), std::tuple(2, 2, 0)}) {
      const std::vector<float> a(6, 1), b(6, 1);
      std::vector<float> c(static_cast<size_t>(m * n), nan);
      gemm(Trans::kNo, Trans::kNo, m, n, k, 1, a.data(), b.data(), 0, c.data());
      EXPECT_EQ(std::vector<float>(c.size(), static_cast<float>(k)), c);
    }
  }
}

TEST(GemmTest, GivesSameBitsForAnyNumberOfThreads) {
  const int m = 300, n = 1100, k = 200;
  const std::vector<float> a = Numbers(1, m * k), b = Numbers(2, k * n);
  std::vector<float> one(m * n), three(m * n);
  {
    const ThreadScope threads(1);
    Gemm(Trans::kNo, Trans::kNo, m, n, k, 1, a.data(), b.data(), 0, one.data());
  }
  const ThreadScope threads(3);
  Gemm(Trans::kNo, Trans::kNo, m, n, k, 1, a.data(), b.data(), 0, three.data());
  EXPECT_EQ(one, three);
}

TEST(GemmTest, ComputesWhenTheThreadsOfBlasHaveEnded) {
  const std::vector<float> a = Numbers(1, 300 * 40), b = Numbers(2, 40 * 600);
  std::vector<float> before(300 * 600), after(300 * 600);
  Gemm(Trans::kNo, Trans::kNo, 300, 600, 40, 1, a.data(), b.data(), 0, before.data());
  StopBlasThreads();
  Gemm(Trans::kNo, Trans::kNo, 300, 600, 40, 1, a.data(), b.data(), 0, after.data());
  EXPECT_EQ(before, after);
}

TEST(GemmTest, RefusesRowsThatBlasCannotCount) {
  try {
    Gemm(Trans::kNo, Trans::kNo, 1, int64_t{1} << 31, 1, 1, nullptr, nullptr, 0, nullptr);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(
        "error: a matrix product over 2147483648 elements in a row is beyond BLAS, which has at "
        "most 2147483647",
        error.what());
  }
}

TEST(SerialGemmTest, WorksOnPartsOfMatrices) {
  // The right lower 2x2 of a 3x3 matrix, times its own transpose, to the left upper 2x2 of another.
  const std::vector<float> a = {0, 0, 0, 0, 1, 2, 0, 3, 4};
  std::vector<float> c(9, 7);
  SerialGemm(2, 2, 2, 1, {a.data() + 4, 3}, {a.data() + 4, 3, Trans::kYes}, 0, c.data(), 3);
  EXPECT_EQ((std::vector<float>{5, 11, 7, 11, 25, 7, 7, 7, 7}), c);
}

}  // namespace
}  // namespace demitasse
