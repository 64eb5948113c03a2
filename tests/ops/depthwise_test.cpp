#include "src/ops/depthwise.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "demitasse/blob.hpp"
#include "src/core/threads.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

ConvolutionDesc Describe(int num, int channels, int height, int width, int stride, int pad) {
  ConvolutionDesc desc{num, channels, channels, channels, true, {}};
  const auto windows = [&](int size) { return (size + 2 * pad - 3) / stride + 1; };
  desc.window = {{height, width}, {3, 3}, {stride, stride},
                 {pad, pad},      {1, 1}, {windows(height), windows(width)}};
  return desc;
}

struct Arrays {
  Blob src, weights, bias, dst;

  explicit Arrays(const ConvolutionDesc& desc) {
    const WindowGeometry& w = desc.window;
    src.Reshape({desc.num, desc.in_channels, w.input[0], w.input[1]});
    weights.Reshape({desc.out_channels, 1, 3, 3});
    bias.Reshape({desc.out_channels});
    dst.Reshape({desc.num, desc.out_channels, w.output[0], w.output[1]});
    uint64_t seed = 0;
    for (Blob* blob : {&src, &weights, &bias}) {
      std::vector<float> values(static_cast<size_t>(blob->size()));
      FillGaussian(++seed, &values);
      SetData(values, blob);
    }
  }

  void Run(const ConvolutionDesc& desc, Engine engine) {
    MakeConvolution(desc, engine)
        ->Forward(*src.data(), *weights.data(), desc.bias ? bias.data().get() : nullptr,
                  dst.data().get());
  }
};

void ExpectSameAsReference(const ConvolutionDesc& desc) {
  Arrays a(desc);
  a.Run(desc, Engine::kReference);
  const std::vector<float> expected = Data(a.dst);
  a.Run(desc, Engine::kAuto);
  const std::vector<float> actual = Data(a.dst);
  for (size_t i = 0; i < expected.size(); ++i) ASSERT_NEAR(expected[i], actual[i], 1e-5) << i;
}

TEST(DepthwiseTest, ComputesWhatTheReferenceDoesForAnySize) {
  for (const int stride : {1, 2}) {
    for (const int pad : {0, 1}) {
      for (const int width : {3, 4, 5, 8, 9, 14, 15, 17, 23, 30}) {
        SCOPED_TRACE("stride " + std::to_string(stride) + ", pad " + std::to_string(pad) +
                     ", width " + std::to_string(width));
        ExpectSameAsReference(Describe(2, 19, width / 2 + 2, width, stride, pad));
      }
    }
  }
}

TEST(DepthwiseTest, WindowsMayBeLargerThanTheInput) {
  for (const int stride : {1, 2}) {
    for (const int size : {1, 2}) ExpectSameAsReference(Describe(2, 8, size, size, stride, 1));
  }
}

TEST(DepthwiseTest, DoesWithoutABias) {
  ConvolutionDesc desc = Describe(2, 8, 6, 6, 1, 1);
  desc.bias = false;
  ExpectSameAsReference(desc);
}

TEST(DepthwiseTest, RectifiesWithOneSlopeOrOneForEachChannel) {
  ConvolutionDesc desc = Describe(2, 11, 9, 9, 1, 1);
  for (const std::vector<float>& slopes :
       {std::vector<float>{0}, {0.5f}, {0, 1, -1, 0.5f, 0, 0.1f, 0.2f, 0.3f, 0.4f, 0.6f, 0.7f}}) {
    desc.slopes = slopes;
    ExpectSameAsReference(desc);
  }
}

TEST(DepthwiseTest, SeesThatWeightsHaveChanged) {
  const ConvolutionDesc desc = Describe(2, 8, 5, 5, 1, 1);
  const auto op = MakeConvolution(desc, Engine::kAuto);
  Arrays a(desc);
  const auto forward = [&] {
    op->Forward(*a.src.data(), *a.weights.data(), a.bias.data().get(), a.dst.data().get());
    return Data(a.dst);
  };
  forward();
  for (int64_t i = 0; i < a.weights.size(); ++i) a.weights.mutable_cpu_data()[i] *= 2;
  const std::vector<float> second = forward();
  a.Run(desc, Engine::kReference);
  for (size_t i = 0; i < second.size(); ++i) EXPECT_NEAR(Data(a.dst)[i], second[i], 1e-5);
}

TEST(DepthwiseTest, KeepsInfinityOutOfThePaddingOfBlocks) {
  ConvolutionDesc desc = Describe(2, 3, 4, 4, 1, 1);
  desc.slopes = {std::numeric_limits<float>::infinity()};
  Arrays a(desc);
  SetData(std::vector<float>(96, -std::numeric_limits<float>::infinity()), &a.src);
  a.Run(desc, Engine::kAuto);
  if (a.dst.data()->layout() == nullptr) GTEST_SKIP() << "in plain order there is no padding";
  const int64_t block = a.dst.data()->layout()->ChannelBlock(2, 3, 16);
  for (int64_t i = 3; i < block; ++i) EXPECT_EQ(0, a.dst.data()->stored()[i]);
}

TEST(DepthwiseTest, GivesSameBitsForAnyNumberOfThreads) {
  const ConvolutionDesc desc = Describe(3, 24, 15, 16, 1, 1);
  std::vector<std::vector<float>> results;
  for (const int threads : {1, 2, 3, 7}) {
    const ThreadScope scope(threads);
    Arrays a(desc);
    a.Run(desc, Engine::kAuto);
    results.push_back(Data(a.dst));
  }
  for (size_t i = 1; i < results.size(); ++i) EXPECT_EQ(results[0], results[i]);
}

#ifdef DEMITASSE_WITH_ONEDNN
TEST(DepthwiseTest, IsTakenWhereEachChannelIsByItself) {
  ConvolutionDesc desc = Describe(2, 16, 8, 8, 2, 1);
  if (!DepthwisePays(desc)) GTEST_SKIP() << "this processor has no wide vectors";
  EXPECT_EQ("depthwise", MakeConvolution(desc, Engine::kAuto)->name());
  EXPECT_EQ("reference", MakeConvolution(desc, Engine::kReference)->name());
  EXPECT_FALSE(DepthwisePays(Describe(1, 16, 8, 8, 2, 1)));
  desc.group = 8;
  EXPECT_FALSE(DepthwisePays(desc));
  desc = Describe(2, 16, 8, 8, 3, 1);
  EXPECT_FALSE(DepthwisePays(desc));
}
#endif

}  // namespace
}  // namespace demitasse
