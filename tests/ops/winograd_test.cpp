#include "src/ops/winograd.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "src/core/threads.hpp"
#include "src/ops/convolution.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

constexpr WinogradBlocking kApart = {12, 2, 0};
constexpr WinogradBlocking kTogether = {24, 1, 60};

ConvolutionDesc Describe(const WinogradShape& s, bool bias) {
  const auto ints = [](int64_t a, int64_t b) {
    return std::vector<int>{static_cast<int>(a), static_cast<int>(b)};
  };
  const WindowGeometry window = {
      ints(s.in_height, s.in_width),   {3, 3}, {1, 1},
      ints(s.pad_height, s.pad_width), {1, 1}, ints(s.out_height, s.out_width)};
  return {static_cast<int>(s.num),
          static_cast<int>(s.in_channels * s.groups),
          static_cast<int>(s.out_channels * s.groups),
          static_cast<int>(s.groups),
          bias,
          window};
}

// A convolution of images of height x width, padded by `pad` places.
WinogradShape Shape(int64_t num, int64_t in, int64_t out, int64_t height, int64_t width,
                    int64_t pad) {
  return {num, in, height, width, out, height + 2 * pad - 2, width + 2 * pad - 2, pad, pad};
}

std::vector<float> Numbers(uint64_t seed, int64_t count) {
  std::vector<float> values(static_cast<size_t>(count));
  FillGaussian(seed, &values);
  return values;
}

void Fill(const std::vector<float>& values, Buffer* buffer) {
  std::copy(values.begin(), values.end(), buffer->mutable_plain());
}

// An array of images x channels x places in blocks of WinogradLanes() channels.
struct Blocked {
  int64_t num, channels, places;

  int64_t blocks() const { return (channels + WinogradLanes() - 1) / WinogradLanes(); }
  int64_t size() const { return num * blocks() * places * WinogradLanes(); }

  // Calls visit(index in blocks, index in plain order or -1 for padding).
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    for (int64_t i = 0; i < size(); ++i) {
      const int64_t lane = i % WinogradLanes(), place = i / WinogradLanes() % places;
      const int64_t block = i / WinogradLanes() / places;
      const int64_t channel = block % blocks() * WinogradLanes() + lane;
      const bool inside = channel < channels;
      visit(i, inside ? (block / blocks() * channels + channel) * places + place : -1);
    }
  }
};

Blocked InputOf(const WinogradShape& s) { return {s.num, s.in_channels, s.in_height * s.in_width}; }

Blocked OutputOf(const WinogradShape& s) {
  return {s.num, s.out_channels, s.out_height * s.out_width};
}

// A convolution's arrays, in plain order.
struct Arrays {
  WinogradShape shape;
  std::vector<float> src, dst;
  Buffer weights;

  explicit Arrays(const WinogradShape& s)
      : shape(s),
        src(Numbers(1, s.num * s.groups * s.in_channels * s.in_height * s.in_width)),
        dst(Numbers(2, s.num * s.groups * s.out_channels * s.out_height * s.out_width)),
        weights(s.groups * s.out_channels * s.in_channels * 9) {
    Fill(Numbers(3, weights.size()), &weights);
  }

  // What `winograd` makes of dst. The padding of its blocks must be 0.
  std::vector<float> Run(Winograd* winograd, const WinogradEpilogue& epilogue = {}) const {
    const Blocked input = InputOf(shape), output = OutputOf(shape);
    Buffer from(input.size()), to(output.size());  // a buffer's memory is aligned
    float* const x = from.mutable_plain();
    float* const y = to.mutable_plain();
    input.ForEach([&](int64_t i, int64_t plain) { x[i] = plain < 0 ? 0 : src[plain]; });
    output.ForEach([&](int64_t i, int64_t plain) { y[i] = plain < 0 ? 0 : dst[plain]; });
    winograd->Run(x, weights, epilogue, y);
    std::vector<float> result(dst.size());
    output.ForEach([&](int64_t i, int64_t plain) {
      if (plain >= 0) {
        result[plain] = y[i];
      } else {
        EXPECT_EQ(0, y[i]) << "padding at " << i;
      }
    });
    return result;
  }

  std::vector<float> Run(const WinogradBlocking& blocking,
                         const WinogradEpilogue& epilogue = {}) const {
    Winograd winograd(shape, false, blocking);
    return Run(&winograd, epilogue);
  }

  // The convolution by its definition.
  std::vector<float> Expected(const std::vector<float>& bias = {}) const {
    Buffer from(static_cast<int64_t>(src.size())), to(static_cast<int64_t>(dst.size()));
    Buffer of_bias(shape.out_channels);
    Fill(src, &from);
    Fill(bias, &of_bias);
    MakeConvolution(Describe(shape, !bias.empty()), Engine::kReference)
        ->Forward(from, weights, bias.empty() ? nullptr : &of_bias, &to);
    return std::vector<float>(to.plain(), to.plain() + to.size());
  }
};

void ExpectNear(const std::vector<float>& expected, const std::vector<float>& actual) {
  ASSERT_EQ(expected.size(), actual.size());
  float largest = 0;
  for (const float value : expected) largest = std::max(largest, std::abs(value));
  for (size_t i = 0; i < expected.size(); ++i) {
    ASSERT_NEAR(expected[i], actual[i], 1e-5 * largest) << "at " << i;
  }
}

class WinogradTest : public testing::Test {
 protected:
  void SetUp() override {
    if (WinogradLanes() == 0) GTEST_SKIP() << "no code for this processor";
  }
};

TEST_F(WinogradTest, ComputesConvolution) {
  for (const WinogradShape& shape :
       {Shape(1, 16, 16, 8, 8, 1), Shape(2, 64, 32, 13, 17, 1), Shape(3, 13, 21, 9, 6, 0),
        Shape(2, 9, 50, 5, 7, 2), Shape(1, 1, 1, 3, 3, 0), Shape(1, 3, 40, 1, 2, 1),
        Shape(1, 256, 64, 14, 14, 1), Shape(5, 33, 8, 23, 21, 1)}) {
    SCOPED_TRACE(testing::Message() << shape.in_channels << " to " << shape.out_channels << ", "
                                    << shape.in_height << "x" << shape.in_width);
    const Arrays arrays(shape);
    const std::vector<float> bias = Numbers(4, shape.out_channels);
    WinogradEpilogue epilogue;
    epilogue.bias = bias.data();
    const std::vector<float> expected = arrays.Expected(bias);
    for (const auto& blocking : {kApart, kTogether, ChooseWinogradBlocking(shape)}) {
      ExpectNear(expected, arrays.Run(blocking, epilogue));
    }
  }
}

TEST_F(WinogradTest, PadsEachAxisOnItsOwn) {
  const Arrays arrays({2, 16, 9, 10, 24, 7, 12, 0, 2});
  ExpectNear(arrays.Expected(), arrays.Run(kApart));
}

TEST_F(WinogradTest, StaysAccurateOverManyChannels) {
  const Arrays arrays(Shape(1, 512, 32, 14, 14, 1));
  ExpectNear(arrays.Expected(), arrays.Run(kTogether));
}

TEST_F(WinogradTest, GivesSameBitsHoweverTheWorkIsCut) {
  const Arrays arrays(Shape(2, 40, 72, 27, 30, 1));
  const std::vector<float> first = arrays.Run(kApart);
  for (const WinogradBlocking& blocking : {kTogether, WinogradBlocking{1000, 4, 0}}) {
    for (const int threads : {1, 2, 3}) {
      const ThreadScope scope(threads);
      EXPECT_EQ(first, arrays.Run(blocking)) << threads;
    }
  }
}

TEST_F(WinogradTest, FollowsChangesOfTheWeights) {
  Arrays arrays(Shape(1, 16, 16, 8, 8, 1));
  Winograd winograd(arrays.shape, false, kApart);
  const std::vector<float> before = arrays.Run(&winograd);
  EXPECT_EQ(before, arrays.Run(&winograd));
  arrays.weights.mutable_plain()[5] += 3;
  const std::vector<float> after = arrays.Run(&winograd);
  EXPECT_NE(before, after);
  ExpectNear(arrays.Expected(), after);
}

TEST_F(WinogradTest, EpilogueAddsAndSlopes) {
  const Arrays arrays(Shape(1, 16, 20, 9, 8, 1));
  const std::vector<float> bias = Numbers(4, 20), slopes = Numbers(5, 20);
  const std::vector<float> sums = arrays.Expected(bias);
  const int64_t places = arrays.shape.out_height * arrays.shape.out_width;
  for (const bool add : {false, true}) {
    for (const bool one : {false, true}) {
      std::vector<float> expected = sums;
      for (size_t i = 0; i < expected.size(); ++i) {
        if (add) expected[i] += arrays.dst[i];
        if (expected[i] < 0) expected[i] *= slopes[one ? 0 : i / static_cast<size_t>(places)];
      }
      ExpectNear(expected, arrays.Run(kApart, {bias.data(), add, slopes.data(), one}));
    }
  }
}

TEST_F(WinogradTest, NanStaysInTheTilesOfItsWindows) {
  Arrays arrays(Shape(2, 16, 16, 16, 16, 1));
  arrays.src[16 * 16 * 3 + 9 * 16 + 6] = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> dst = arrays.Run(kTogether);
  for (size_t i = 0; i < dst.size(); ++i) {
    const size_t x = i % 16, y = i / 16 % 16, image = i / (16 * 16 * 16);
    const bool in_window = image == 0 && y >= 8 && y <= 10 && x >= 5 && x <= 7;
    const bool in_tile = image == 0 && y >= 8 && y < 12 && x >= 4 && x < 8;
    if (in_window || !in_tile) {
      EXPECT_EQ(in_window, std::isnan(dst[i])) << i;
    }
  }
}

TEST_F(WinogradTest, NanStaysOutOfThePaddingOfChannels) {
  Arrays arrays(Shape(1, 16, 13, 8, 8, 1));
  arrays.src[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(arrays.Run(kApart)[0]));  // Run() checks the padding
}

TEST_F(WinogradTest, PaysForFullTilesOfManyChannels) {
  EXPECT_TRUE(WinogradPays(Shape(1, 64, 64, 56, 56, 1)));
  EXPECT_TRUE(WinogradPays(Shape(1, 64, 64, 8, 8, 1)));
  EXPECT_TRUE(WinogradPays(Shape(16, 512, 512, 7, 7, 1)));
  EXPECT_FALSE(WinogradPays(Shape(1, 512, 512, 7, 7, 1))) << "weights alone take longer";
  EXPECT_FALSE(WinogradPays(Shape(1, 3, 64, 224, 224, 1)));
  EXPECT_FALSE(WinogradPays(Shape(16, 64, 64, 5, 5, 1))) << "tiles are mostly empty";
  EXPECT_FALSE(WinogradPays(Shape(0, 64, 64, 8, 8, 1)));
}

#ifdef DEMITASSE_WITH_ONEDNN
// What a convolution computes: dst, src_diff, weights_diff and bias_diff.
std::vector<std::vector<float>> Results(const WinogradShape& shape, Convolution* op) {
  const Arrays arrays(shape);
  Buffer src(static_cast<int64_t>(arrays.src.size()));
  Buffer dst(static_cast<int64_t>(arrays.dst.size())), bias(shape.groups * shape.out_channels);
  Buffer src_diff(src.size()), dst_diff(dst.size());
  Buffer weights_diff(arrays.weights.size()), bias_diff(bias.size());
  Fill(arrays.src, &src);
  Fill(arrays.dst, &dst_diff);
  for (Buffer* const buffer : {&bias, &weights_diff, &bias_diff}) {  // gradients are added to
    Fill(Numbers(4, buffer->size()), buffer);
  }
  op->Forward(src, arrays.weights, &bias, &dst);
  op->BackwardWeights(src, dst_diff, &weights_diff, &bias_diff);
  op->BackwardData(dst_diff, arrays.weights, &src_diff);
  std::vector<std::vector<float>> results;
  for (const Buffer* result : {&dst, &src_diff, &weights_diff, &bias_diff}) {
    results.emplace_back(result->plain(), result->plain() + result->size());
  }
  return results;
}

WinogradShape Grouped(int64_t groups, WinogradShape shape) {
  shape.groups = groups;
  return shape;
}

TEST_F(WinogradTest, IsTakenForConvolutionsForwardAndBackward) {
  for (const WinogradShape& shape :
       {Shape(2, 24, 40, 13, 14, 1), Shape(2, 40, 20, 12, 12, 0), Shape(3, 16, 16, 10, 9, 2),
        Shape(2, 13, 9, 43, 41, 1), Shape(1, 72, 130, 23, 23, 1),
        Grouped(2, Shape(3, 32, 48, 13, 14, 1)), Grouped(3, Shape(2, 48, 32, 12, 9, 0))}) {
    const auto op = MakeConvolution(Describe(shape, true), Engine::kAuto);
    EXPECT_EQ(0U, op->name().find("winograd:")) << op->name();
    const auto reference = MakeConvolution(Describe(shape, true), Engine::kReference);
    const auto expected = Results(shape, reference.get());
    const auto actual = Results(shape, op.get());
    for (size_t i = 0; i < expected.size(); ++i) ExpectNear(expected[i], actual[i]);
  }
}

TEST_F(WinogradTest, ConvolutionGivesSameBitsForAnyNumberOfThreads) {
  const WinogradShape shape = Shape(2, 72, 40, 43, 41, 1);
  const auto op = MakeConvolution(Describe(shape, true), Engine::kAuto);
  std::vector<std::vector<std::vector<float>>> results;
  for (const int threads : {1, 2, 3}) {
    const ThreadScope scope(threads);
    results.push_back(Results(shape, op.get()));
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
}

TEST_F(WinogradTest, OneGradientCanBeLeftOut) {
  const WinogradShape shape = Shape(2, 16, 24, 13, 14, 1);
  const auto op = MakeConvolution(Describe(shape, true), Engine::kAuto);
  Buffer src(2 * 16 * 13 * 14), dst_diff(2 * 24 * 13 * 14);
  Fill(Numbers(1, src.size()), &src);
  Fill(Numbers(2, dst_diff.size()), &dst_diff);
  Buffer weights_diff[2] = {Buffer(24 * 16 * 9), Buffer(24 * 16 * 9)};
  Buffer bias_diff[2] = {Buffer(24), Buffer(24)};
  op->BackwardWeights(src, dst_diff, &weights_diff[0], &bias_diff[0]);
  op->BackwardWeights(src, dst_diff, &weights_diff[1], nullptr);
  op->BackwardWeights(src, dst_diff, nullptr, &bias_diff[1]);
  for (const auto& both : {weights_diff, bias_diff}) {
    const float* const with = both[0].plain();
    EXPECT_TRUE(std::equal(with, with + both[0].size(), both[1].plain()));
    EXPECT_NE(0, with[0]);
  }
}

TEST_F(WinogradTest, IsTakenForKernelsOf3x3OfStride1Only) {
  const ConvolutionDesc good = Describe(Shape(2, 32, 32, 14, 14, 1), false);
  ConvolutionDesc strided = good, dilated = good, grouped = good;
  strided.window.stride = {2, 1};
  strided.window.output = {7, 14};
  dilated.window.dilation = {2, 2};
  dilated.window.output = {12, 12};
  grouped.group = 2;  // of 16 channels
  const ConvolutionDesc padded = Describe(Shape(2, 32, 32, 14, 14, 3), false);
  for (const auto& desc : {strided, dilated, grouped, padded}) {
    EXPECT_NE(0U, MakeConvolution(desc, Engine::kAuto)->name().find("winograd:"));
  }
}
#endif

}  // namespace
}  // namespace demitasse
