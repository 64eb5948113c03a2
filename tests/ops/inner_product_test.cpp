#include "src/ops/inner_product.hpp"

#include <gtest/gtest.h>

#include <tuple>
#include <vector>

#include "demitasse/blob.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

struct Arrays {
  Blob src, weights, bias, dst;

  explicit Arrays(const InnerProductDesc& desc) {
    const int rows = static_cast<int>(desc.rows), inputs = static_cast<int>(desc.inputs),
              outputs = static_cast<int>(desc.outputs);
    src.Reshape({rows, inputs});
    weights.Reshape({outputs, inputs});
    bias.Reshape({outputs});
    dst.Reshape({rows, outputs});
    uint64_t seed = 0;
    for (Blob* blob : {&src, &weights, &bias, &dst}) {
      std::vector<float> values(static_cast<size_t>(blob->size()));
      FillGaussian(++seed, &values);
      SetData(values, blob);
      FillGaussian(++seed, &values);
      SetDiff(values, blob);
    }
  }
};

std::vector<double> Doubles(const std::vector<float>& values) {
  return std::vector<double>(values.begin(), values.end());
}

void ExpectNear(const std::vector<double>& expected, const std::vector<float>& actual) {
  ASSERT_EQ(expected.size(), actual.size());
  for (size_t i = 0; i < expected.size(); ++i) ASSERT_NEAR(expected[i], actual[i], 1e-4) << i;
}

class InnerProductTest
    : public testing::TestWithParam<std::tuple<Engine, bool, std::tuple<int, int, int>>> {};

TEST_P(InnerProductTest, ComputesItsDefinition) {
  const auto [engine, transposed, shape] = GetParam();
  const auto [rows, inputs, outputs] = shape;
  const InnerProduct op({rows, inputs, outputs, transposed}, engine);
  Arrays a({rows, inputs, outputs, transposed});
  const std::vector<float> x = Data(a.src), w = Data(a.weights), dy = Diff(a.dst);
  std::vector<double> y(dy.size()), dx(x.size());
  std::vector<double> dw = Doubles(Diff(a.weights)), db = Doubles(Diff(a.bias));
  for (int i = 0; i < rows; ++i) {
    for (int o = 0; o < outputs; ++o) {
      const int out = i * outputs + o;
      y[out] = a.bias.cpu_data()[o];
      db[o] += dy[out];
      for (int j = 0; j < inputs; ++j) {
        const int weight = transposed ? j * outputs + o : o * inputs + j;
        y[out] += double{w[weight]} * x[i * inputs + j];
        dx[i * inputs + j] += double{w[weight]} * dy[out];
        dw[weight] += double{x[i * inputs + j]} * dy[out];
      }
    }
  }
  op.Forward(*a.src.data(), *a.weights.data(), a.bias.data().get(), a.dst.data().get());
  op.BackwardData(*a.dst.diff(), *a.weights.data(), a.src.diff().get());
  op.BackwardWeights(*a.src.data(), *a.dst.diff(), a.weights.diff().get(), a.bias.diff().get());
  ExpectNear(y, Data(a.dst));
  ExpectNear(dx, Diff(a.src));
  ExpectNear(dw, Diff(a.weights));
  ExpectNear(db, Diff(a.bias));
}

TEST_P(InnerProductTest, BiasAndGradientsCanBeLeftOut) {
  const auto [engine, transposed, shape] = GetParam();
  const auto [rows, inputs, outputs] = shape;
  const InnerProductDesc desc{rows, inputs, outputs, transposed};
  const InnerProduct op(desc, engine);
  Arrays a(desc), zero(desc);
  SetData(std::vector<float>(static_cast<size_t>(outputs)), &zero.bias);
  op.Forward(*a.src.data(), *a.weights.data(), nullptr, a.dst.data().get());
  op.Forward(*zero.src.data(), *zero.weights.data(), zero.bias.data().get(), zero.dst.data().get());
  ExpectNear(Doubles(Data(zero.dst)), Data(a.dst));
  const std::vector<float> before = Diff(a.weights);
  op.BackwardWeights(*a.src.data(), *a.dst.diff(), nullptr, nullptr);
  EXPECT_EQ(before, Diff(a.weights));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, InnerProductTest,
    testing::Combine(testing::Values(Engine::kReference, Engine::kAuto), testing::Bool(),
                     testing::Values(std::tuple(1, 7, 5), std::tuple(3, 24, 6),
                                     std::tuple(5, 100, 1), std::tuple(17, 33, 130),
                                     std::tuple(0, 4, 3), std::tuple(2, 0, 3), std::tuple(2, 1, 2),
                                     std::tuple(6, 515, 50), std::tuple(48, 1040, 97),
                                     std::tuple(49, 9, 4))));

}  // namespace
}  // namespace demitasse
