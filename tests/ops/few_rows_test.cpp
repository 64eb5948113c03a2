#include "src/ops/few_rows.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "src/core/threads.hpp"
#include "src/ops/inner_product.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

std::vector<float> Gaussian(uint64_t seed, int64_t size) {
  std::vector<float> values(static_cast<size_t>(size));
  FillGaussian(seed, &values);
  return values;
}

TEST(FewRows, AddsTheProductsForSizesThatDoNotFillTilesOrVectors) {
  for (const int64_t rows : {1, 2, 3, 4, 7, 9}) {
    for (const int64_t inputs : {1, 8, 31, 515}) {
      for (const int64_t outputs : {1, 2, 3, 50}) {
        const std::vector<float> x = Gaussian(1, rows * inputs), w = Gaussian(2, outputs * inputs);
        std::vector<float> y(static_cast<size_t>(rows * outputs), 5.0f);
        AddFewRows({rows, inputs, outputs}, x.data(), w.data(), y.data());
        for (int64_t i = 0; i < rows * outputs; ++i) {
          double sum = 5;
          for (int64_t k = 0; k < inputs; ++k) {
            sum += double{x[static_cast<size_t>(i / outputs * inputs + k)]} *
                   w[static_cast<size_t>(i % outputs * inputs + k)];
          }
          ASSERT_NEAR(sum, y[static_cast<size_t>(i)], 1e-4)
              << rows << " x " << inputs << " x " << outputs << ", element " << i;
        }
      }
    }
  }
}

TEST(FewRows, GivesTheSameBitsForAnyNumberOfThreads) {
  const std::vector<float> x = Gaussian(1, 16 * 1030), w = Gaussian(2, 500 * 1030);
  std::vector<std::vector<float>> results;
  for (const int threads : {1, 2, 3}) {
    const ThreadScope scope(threads);
    results.emplace_back(16 * 500);
    AddFewRows({16, 1030, 500}, x.data(), w.data(), results.back().data());
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
}

TEST(FewRows, TakeNoWeightsInTheOtherOrder) {
  const InnerProduct op({16, 100, 10, true}, Engine::kAuto);
  EXPECT_EQ(op.name().find("few_rows"), std::string::npos);
  const InnerProduct reference({16, 100, 10, false}, Engine::kReference);
  EXPECT_EQ(reference.name(), "reference");
}

}  // namespace
}  // namespace demitasse
