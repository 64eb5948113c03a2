#include "src/ops/deconvolution.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "demitasse/blob.hpp"
#include "tests/support/blocked_layout.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

constexpr int kImages = 2;
constexpr int kPlaces = 7 * 5;  // of the deconvolution's destination

// A convolution of 7x5 places with `in_channels` to 4x3 with 16.
ConvolutionDesc Describe(int in_channels, bool bias) {
  return {kImages, in_channels, 16, 1, bias, {{7, 5}, {3, 3}, {2, 2}, {1, 1}, {1, 1}, {4, 3}}};
}

// The arrays of that convolution, filled with numbers.
struct Arrays {
  Blob src, weights, bias, dst;

  explicit Arrays(int in_channels)
      : src(kImages, in_channels, 7, 5),
        weights(16, in_channels, 3, 3),
        bias({in_channels}),
        dst(kImages, 16, 4, 3) {
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

void ExpectNear(const std::vector<float>& expected, const std::vector<float>& actual) {
  ASSERT_EQ(expected.size(), actual.size());
  for (size_t i = 0; i < expected.size(); ++i) ASSERT_NEAR(expected[i], actual[i], 1e-4) << i;
}

// 16 channels come in oneDNN's blocks, 20 with padding in the last of them, 3 in plain order.
class DeconvolutionTest : public testing::TestWithParam<std::tuple<int, Engine>> {
 protected:
  const int channels_ = std::get<0>(GetParam());
  const std::unique_ptr<Convolution> op_ =
      MakeDeconvolution(Describe(channels_, true), std::get<1>(GetParam()));
  const std::unique_ptr<Convolution> convolution_ =
      MakeConvolution(Describe(channels_, false), Engine::kReference);
  Arrays expected_{channels_}, actual_{channels_};
};

TEST_P(DeconvolutionTest, IsTheGradientOfAConvolutionPlusTheBias) {
  convolution_->BackwardData(*expected_.dst.data(), *expected_.weights.data(),
                             expected_.src.data().get());
  std::vector<float> expected = Data(expected_.src);
  for (size_t i = 0; i < expected.size(); ++i) {
    expected[i] += Data(expected_.bias)[i / kPlaces % static_cast<size_t>(channels_)];
  }
  op_->Forward(*actual_.dst.data(), *actual_.weights.data(), actual_.bias.data().get(),
               actual_.src.data().get());
  ExpectNear(expected, Data(actual_.src));
}

TEST_P(DeconvolutionTest, HasTheGradientsOfItsInputs) {
  convolution_->Forward(*expected_.src.diff(), *expected_.weights.data(), nullptr,
                        expected_.dst.diff().get());
  op_->BackwardData(*actual_.src.diff(), *actual_.weights.data(), actual_.dst.diff().get());
  ExpectNear(Diff(expected_.dst), Diff(actual_.dst));

  convolution_->BackwardWeights(*expected_.src.diff(), *expected_.dst.data(),
                                expected_.weights.diff().get(), nullptr);
  op_->BackwardWeights(*actual_.dst.data(), *actual_.src.diff(), actual_.weights.diff().get(),
                       nullptr);
  ExpectNear(Diff(expected_.weights), Diff(actual_.weights));
  EXPECT_EQ(Diff(expected_.bias), Diff(actual_.bias));
}

TEST_P(DeconvolutionTest, AddsUpTheGradientOfTheBiasInAnyOrder) {
  std::vector<float> expected = Diff(actual_.bias);
  const std::vector<float> dy = Diff(actual_.src);
  for (size_t i = 0; i < dy.size(); ++i) {
    expected[i / kPlaces % static_cast<size_t>(channels_)] += dy[i];
  }
  const auto layout = std::make_shared<BlockedLayout>(kImages, channels_, kPlaces, 8);
  const auto blocked = BlockedBuffer(layout, dy);
  op_->BackwardWeights(*actual_.dst.data(), *blocked, nullptr, actual_.bias.diff().get());
  ExpectNear(expected, Diff(actual_.bias));
  EXPECT_EQ(layout.get(), blocked->layout());

  const auto unknown = BlockedBuffer(std::make_shared<BlockedLayout>(1, 1, dy.size(), 8), dy);
  Arrays again(channels_);
  op_->BackwardWeights(*again.dst.data(), *unknown, nullptr, again.bias.diff().get());
  ExpectNear(expected, Diff(again.bias));
}

INSTANTIATE_TEST_SUITE_P(Cases, DeconvolutionTest,
                         testing::Combine(testing::Values(16, 20, 3),
                                          testing::Values(Engine::kReference, Engine::kAuto)));

TEST(DeconvolutionOp, OfAnEmptyArrayIsTheBias) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    ConvolutionDesc desc = Describe(2, true);
    desc.window = {{2, 5}, {3, 3}, {1, 2}, {0, 1}, {1, 1}, {0, 3}};
    Blob src(kImages, 16, 0, 3), dst(kImages, 2, 2, 5);
    Arrays arrays(2);
    SetData({3, 4}, &arrays.bias);
    MakeDeconvolution(desc, engine)
        ->Forward(*src.data(), *arrays.weights.data(), arrays.bias.data().get(), dst.data().get());
    EXPECT_EQ(3, dst.data_at(0, 0, 1, 4));
    EXPECT_EQ(4, dst.data_at(1, 1, 0, 0));
  }
}

}  // namespace
}  // namespace demitasse
