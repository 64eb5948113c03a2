#include "src/ops/convolution.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "demitasse/blob.hpp"
#include "src/core/threads.hpp"
#include "src/ops/direct_forward.hpp"
#include "tests/support/blocked_layout.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

struct Case {
  std::string name;
  int num, in_channels, out_channels, group;
  std::vector<int> input, kernel, stride, pad, dilation;
};

ConvolutionDesc Describe(const Case& c, bool bias = true) {
  ConvolutionDesc desc{c.num, c.in_channels, c.out_channels, c.group, bias, {}};
  desc.window = {c.input, c.kernel, c.stride, c.pad, c.dilation, {}};
  for (size_t i = 0; i < c.input.size(); ++i) {
    const int extent = c.dilation[i] * (c.kernel[i] - 1) + 1;
    desc.window.output.push_back((c.input[i] + 2 * c.pad[i] - extent) / c.stride[i] + 1);
  }
  return desc;
}

// The blobs a convolution reads and writes, filled with numbers.
struct Arrays {
  Blob src, weights, bias, dst;

  explicit Arrays(const ConvolutionDesc& desc) {
    const auto shape = [](int a, int b, const std::vector<int>& rest) {
      std::vector<int> all = {a, b};
      all.insert(all.end(), rest.begin(), rest.end());
      return all;
    };
    src.Reshape(shape(desc.num, desc.in_channels, desc.window.input));
    weights.Reshape(shape(desc.out_channels, desc.in_channels / desc.group, desc.window.kernel));
    bias.Reshape({desc.out_channels});
    dst.Reshape(shape(desc.num, desc.out_channels, desc.window.output));
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

using Term = std::function<void(int64_t dst, int64_t weight, int64_t src)>;

// Calls term(indices) for every product in the definition of convolution.
void ForEachTerm(const ConvolutionDesc& d, const Term& term) {
  const WindowGeometry& w = d.window;
  const int outputs = d.out_channels / d.group;
  const int inputs = d.in_channels / d.group;
  const int64_t windows = ShapeSize(w.output);
  const int64_t places = ShapeSize(w.kernel);
  const int64_t image = ShapeSize(w.input);
  for (int64_t p = 0; p < windows; ++p) {
    for (int64_t k = 0; k < places; ++k) {
      int64_t at = 0, factor = 1, window = p, place = k;
      bool inside = true;
      for (size_t axis = w.input.size(); axis-- > 0;) {
        const int64_t i = window % w.output[axis] * w.stride[axis] - w.pad[axis] +
                          place % w.kernel[axis] * w.dilation[axis];
        inside = inside && i >= 0 && i < w.input[axis];
        at += i * factor;
        factor *= w.input[axis];
        window /= w.output[axis];
        place /= w.kernel[axis];
      }
      if (!inside) continue;
      for (int n = 0; n < d.num; ++n) {
        for (int o = 0; o < d.out_channels; ++o) {
          for (int i = 0; i < inputs; ++i) {
            const int channel = o / outputs * inputs + i;
            term((int64_t{n} * d.out_channels + o) * windows + p,
                 (int64_t{o} * inputs + i) * places + k,
                 (int64_t{n} * d.in_channels + channel) * image + at);
          }
        }
      }
    }
  }
}

void ExpectNear(const std::vector<double>& expected, const std::vector<float>& actual,
                const std::string& what) {
  ASSERT_EQ(expected.size(), actual.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    ASSERT_NEAR(expected[i], actual[i], 1e-3) << what << "[" << i << "]";
  }
}

std::vector<double> Doubles(const std::vector<float>& values) {
  return std::vector<double>(values.begin(), values.end());
}

void CheckForward(const ConvolutionDesc& desc, Convolution* op, Arrays* a) {
  const int64_t windows = ShapeSize(desc.window.output);
  std::vector<double> expected(static_cast<size_t>(a->dst.size()));
  for (size_t i = 0; i < expected.size(); ++i) {
    const int64_t channel = static_cast<int64_t>(i) / windows % desc.out_channels;
    expected[i] = desc.bias ? a->bias.cpu_data()[channel] : 0;
  }
  const std::vector<float> src = Data(a->src), weights = Data(a->weights);
  ForEachTerm(desc,
              [&](int64_t o, int64_t w, int64_t s) { expected[o] += double{weights[w]} * src[s]; });
  op->Forward(*a->src.data(), *a->weights.data(), desc.bias ? a->bias.data().get() : nullptr,
              a->dst.data().get());
  ExpectNear(expected, Data(a->dst), "dst");
}

void CheckBackwardData(const ConvolutionDesc& desc, Convolution* op, Arrays* a) {
  std::vector<double> expected(static_cast<size_t>(a->src.size()));
  const std::vector<float> dst_diff = Diff(a->dst), weights = Data(a->weights);
  ForEachTerm(desc, [&](int64_t o, int64_t w, int64_t s) {
    expected[s] += double{weights[w]} * dst_diff[o];
  });
  op->BackwardData(*a->dst.diff(), *a->weights.data(), a->src.diff().get());
  ExpectNear(expected, Diff(a->src), "src_diff");
}

void CheckBackwardWeights(const ConvolutionDesc& desc, Convolution* op, Arrays* a) {
  std::vector<double> weights_diff = Doubles(Diff(a->weights));  // it is added to
  std::vector<double> bias_diff = Doubles(Diff(a->bias));
  const std::vector<float> dst_diff = Diff(a->dst), src = Data(a->src);
  ForEachTerm(desc, [&](int64_t o, int64_t w, int64_t s) {
    weights_diff[w] += double{src[s]} * dst_diff[o];
  });
  const int64_t windows = ShapeSize(desc.window.output);
  for (size_t i = 0; i < dst_diff.size(); ++i) {
    bias_diff[i / windows % desc.out_channels] += desc.bias ? dst_diff[i] : 0;
  }
  op->BackwardWeights(*a->src.data(), *a->dst.diff(), a->weights.diff().get(),
                      desc.bias ? a->bias.diff().get() : nullptr);
  ExpectNear(weights_diff, Diff(a->weights), "weights_diff");
  ExpectNear(bias_diff, Diff(a->bias), "bias_diff");
}

const Case kCases[] = {
    {"pointwise", 2, 5, 7, 1, {6, 7}, {1, 1}, {1, 1}, {0, 0}, {1, 1}},
    {"pointwise_stride", 2, 16, 16, 1, {6, 7}, {1, 1}, {2, 2}, {0, 0}, {1, 1}},
    {"pointwise_wide", 3, 16, 32, 1, {9, 9}, {1, 1}, {1, 1}, {0, 0}, {1, 1}},
    {"pad_stride", 2, 3, 16, 1, {9, 8}, {3, 3}, {2, 2}, {1, 1}, {1, 1}},
    {"first_layer", 1, 3, 16, 1, {20, 20}, {7, 7}, {2, 2}, {3, 3}, {1, 1}},
    {"one_channel", 2, 1, 20, 1, {12, 12}, {5, 5}, {1, 1}, {0, 0}, {1, 1}},
    {"wide_kernel", 2, 3, 40, 1, {31, 29}, {11, 11}, {4, 4}, {2, 2}, {1, 1}},
    {"few_channels", 5, 4, 33, 1, {12, 17}, {2, 7}, {1, 2}, {3, 4}, {2, 1}},
    {"odd_channels", 2, 10, 13, 1, {7, 6}, {3, 3}, {1, 1}, {1, 1}, {1, 1}},
    {"uneven_axes", 1, 4, 6, 1, {9, 11}, {3, 2}, {2, 1}, {1, 0}, {1, 3}},
    {"dilation", 1, 16, 16, 1, {11, 9}, {3, 3}, {1, 1}, {2, 2}, {2, 2}},
    {"stride_over_kernel", 1, 8, 8, 1, {10, 10}, {2, 2}, {3, 3}, {0, 0}, {1, 1}},
    {"groups", 2, 8, 12, 4, {6, 5}, {3, 3}, {1, 1}, {1, 1}, {1, 1}},
    {"groups_wide", 1, 32, 32, 2, {6, 6}, {3, 3}, {1, 1}, {1, 1}, {1, 1}},
    {"depthwise", 2, 19, 19, 19, {8, 7}, {3, 3}, {1, 1}, {1, 1}, {1, 1}},
    {"depthwise_wide", 2, 32, 32, 32, {8, 7}, {3, 3}, {2, 2}, {1, 1}, {1, 1}},
    {"depthwise_twice", 1, 6, 12, 6, {9, 9}, {3, 3}, {2, 2}, {1, 1}, {1, 1}},
    {"whole_input", 3, 16, 24, 1, {6, 5}, {6, 5}, {1, 1}, {0, 0}, {1, 1}},
    {"wide", 1, 64, 48, 1, {14, 14}, {3, 3}, {1, 1}, {1, 1}, {1, 1}},
    {"much_padding", 1, 8, 8, 1, {4, 4}, {3, 3}, {1, 1}, {5, 5}, {1, 1}},
    {"many_windows", 1, 2, 3, 1, {40, 50}, {3, 3}, {1, 1}, {1, 1}, {1, 1}},
    {"one_axis", 2, 6, 8, 2, {17}, {5}, {2}, {2}, {1}},
    {"three_axes", 2, 4, 8, 1, {5, 6, 7}, {3, 3, 3}, {1, 2, 1}, {1, 1, 1}, {1, 1, 1}},
    {"four_axes", 1, 2, 3, 1, {4, 5, 3, 4}, {2, 3, 2, 2}, {1, 2, 1, 2}, {0, 1, 1, 0}, {1, 1, 1, 1}},
};

class ConvolutionTest : public testing::TestWithParam<std::tuple<Case, Engine>> {};

TEST_P(ConvolutionTest, ComputesItsDefinition) {
  const auto& [c, engine] = GetParam();
  const ConvolutionDesc desc = Describe(c);
  const auto op = MakeConvolution(desc, engine);
  SCOPED_TRACE(op->name());
  Arrays arrays(desc);
  CheckForward(desc, op.get(), &arrays);
  CheckBackwardWeights(desc, op.get(), &arrays);
  CheckBackwardData(desc, op.get(), &arrays);
}

TEST_P(ConvolutionTest, WorksWithoutBias) {
  const auto& [c, engine] = GetParam();
  const ConvolutionDesc desc = Describe(c, false);
  const auto op = MakeConvolution(desc, engine);
  Arrays arrays(desc);
  CheckForward(desc, op.get(), &arrays);
  CheckBackwardData(desc, op.get(), &arrays);
  CheckBackwardWeights(desc, op.get(), &arrays);
}

TEST_P(ConvolutionTest, FollowsChangesOfItsInputs) {
  const auto& [c, engine] = GetParam();
  const ConvolutionDesc desc = Describe(c);
  const auto op = MakeConvolution(desc, engine);
  Arrays arrays(desc);
  CheckForward(desc, op.get(), &arrays);
  CheckBackwardData(desc, op.get(), &arrays);
  arrays.weights.mutable_cpu_data()[0] += 3;
  arrays.src.mutable_cpu_data()[1] -= 2;
  arrays.dst.mutable_cpu_diff()[0] += 1;
  CheckForward(desc, op.get(), &arrays);
  CheckBackwardWeights(desc, op.get(), &arrays);
  CheckBackwardData(desc, op.get(), &arrays);
  Arrays others(desc);
  CheckForward(desc, op.get(), &others);
  CheckBackwardWeights(desc, op.get(), &others);
}

INSTANTIATE_TEST_SUITE_P(Cases, ConvolutionTest,
                         testing::Combine(testing::ValuesIn(kCases),
                                          testing::Values(Engine::kReference, Engine::kAuto)),
                         [](const auto& test) {
                           const bool reference = std::get<1>(test.param) == Engine::kReference;
                           return std::get<0>(test.param).name +
                                  (reference ? "_reference" : "_auto");
                         });

TEST(ConvolutionTest, EmptyBatchGivesNoGradient) {
  const ConvolutionDesc desc = Describe({"", 0, 4, 6, 1, {5, 5}, {3, 3}, {1, 1}, {1, 1}, {1, 1}});
  const auto op = MakeConvolution(desc, Engine::kAuto);
  EXPECT_EQ("reference", op->name());
  Arrays arrays(desc);
  CheckForward(desc, op.get(), &arrays);
  CheckBackwardData(desc, op.get(), &arrays);
  CheckBackwardWeights(desc, op.get(), &arrays);
}

TEST(ConvolutionTest, NoInputChannelsGiveTheBias) {
  const ConvolutionDesc desc = Describe({"", 1, 0, 2, 1, {3, 3}, {3, 3}, {1, 1}, {1, 1}, {1, 1}});
  const auto op = MakeConvolution(desc, Engine::kAuto);
  Arrays arrays(desc);
  CheckForward(desc, op.get(), &arrays);
  CheckBackwardWeights(desc, op.get(), &arrays);
}

TEST(ConvolutionTest, OneGradientCanBeLeftOut) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    const ConvolutionDesc desc = Describe(kCases[3]);
    const auto op = MakeConvolution(desc, engine);
    Arrays both(desc), weights_only(desc), bias_only(desc);
    op->BackwardWeights(*both.src.data(), *both.dst.diff(), both.weights.diff().get(),
                        both.bias.diff().get());
    op->BackwardWeights(*both.src.data(), *both.dst.diff(), weights_only.weights.diff().get(),
                        nullptr);
    op->BackwardWeights(*both.src.data(), *both.dst.diff(), nullptr, bias_only.bias.diff().get());
    EXPECT_EQ(Diff(both.weights), Diff(weights_only.weights));
    EXPECT_EQ(Diff(both.bias), Diff(bias_only.bias));
  }
}

TEST(ConvolutionTest, CanMoveToAnotherThread) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    const ConvolutionDesc desc = Describe(kCases[3]);
    const auto op = MakeConvolution(desc, engine);
    Arrays arrays(desc);
    CheckForward(desc, op.get(), &arrays);
    CheckBackwardWeights(desc, op.get(), &arrays);
    std::thread other([&] {
      Arrays others(desc);
      CheckForward(desc, op.get(), &others);
      CheckBackwardWeights(desc, op.get(), &others);
      CheckBackwardData(desc, op.get(), &others);
    });
    other.join();
  }
}

TEST(ConvolutionTest, FewChannelsAreReadFromBlocks) {
  for (const int channels : {3, 6}) {
    for (const int pad : {0, 1}) {
      const ConvolutionDesc desc =
          Describe({"", 3, channels, 20, 1, {9, 8}, {2, 3}, {1, 1}, {pad, pad}, {1, 1}});
      const auto op = MakeConvolution(desc, Engine::kAuto);
      Arrays arrays(desc);
      arrays.src.data()->BringInto(std::make_shared<BlockedLayout>(3, channels, 72, 4));
      CheckForward(desc, op.get(), &arrays);
      CheckBackwardWeights(desc, op.get(), &arrays);
    }
  }
}

TEST(ConvolutionTest, FewChannelsComputeTilesOfAnyWidthAndNumberOfBlocks) {
  for (const int channels : {3, 8, 12, 24, 37, 50}) {
    for (const int width : {1, 2, 4, 7, 11, 13, 23}) {
      const ConvolutionDesc desc =
          Describe({"", 2, 5, channels, 1, {3, width + 1}, {2, 2}, {1, 1}, {0, 0}, {1, 1}});
      SCOPED_TRACE(std::to_string(channels) + " channels, width " + std::to_string(width));
      const auto op = MakeConvolution(desc, Engine::kAuto);
      Arrays arrays(desc);
      CheckForward(desc, op.get(), &arrays);
    }
  }
}

TEST(ConvolutionTest, FewChannelsAreNotCopiedIntoMorePaddingThanPlaces) {
  EXPECT_FALSE(DirectForwardPays(
      Describe({"", 1, 1, 16, 1, {6, 5}, {3, 3}, {20000, 20000}, {20000, 20000}, {1, 1}})));
}

// With one slope, and with one for each of three channels.
void ExpectRectified(ConvolutionDesc desc) {
  const size_t places = static_cast<size_t>(ShapeSize(desc.window.output));
  Arrays arrays(desc);
  const auto forward = [&arrays, &desc](Engine engine) {
    MakeConvolution(desc, engine)
        ->Forward(*arrays.src.data(), *arrays.weights.data(), arrays.bias.data().get(),
                  arrays.dst.data().get());
    return Data(arrays.dst);
  };
  for (const std::vector<float>& slopes : {std::vector<float>{0.5f}, {0.5f, 0, -1}}) {
    desc.slopes.clear();
    std::vector<double> expected = Doubles(forward(Engine::kReference));
    for (size_t i = 0; i < expected.size(); ++i) {
      if (expected[i] <= 0) expected[i] *= slopes[i / places % slopes.size()];
    }
    desc.slopes = slopes;
    ExpectNear(expected, forward(Engine::kAuto), "dst");
  }
}

TEST(ConvolutionTest, FewChannelsAreRectified) {
  ExpectRectified(Describe({"", 2, 1, 3, 1, {7, 6}, {3, 3}, {1, 1}, {1, 1}, {1, 1}}));
}

TEST(ConvolutionTest, OneWindowOverTheWholeInputIsRectified) {
  ExpectRectified(Describe({"", 2, 5, 3, 1, {7, 6}, {7, 6}, {1, 1}, {0, 0}, {1, 1}}));
}

TEST(ConvolutionTest, FewChannelsKeepInfinityOutOfThePaddingOfBlocks) {
  const ConvolutionDesc desc = Describe({"", 1, 1, 3, 1, {4, 4}, {2, 2}, {1, 1}, {0, 0}, {1, 1}});
  const auto op = MakeConvolution(desc, Engine::kAuto);
  Arrays a(desc);
  a.src.mutable_cpu_data()[0] = std::numeric_limits<float>::infinity();
  op->Forward(*a.src.data(), *a.weights.data(), a.bias.data().get(), a.dst.data().get());
  if (a.dst.data()->layout() == nullptr) GTEST_SKIP() << "in plain order there is no padding";
  const int64_t block = a.dst.data()->layout()->ChannelBlock(1, 3, 9);
  for (int64_t i = 3; i < block; ++i) EXPECT_EQ(0, a.dst.data()->stored()[i]);
}

TEST(ConvolutionTest, GradientOfFewChannelsHasSameBitsForAnyNumberOfThreads) {
  const ConvolutionDesc desc =
      Describe({"", 9, 3, 50, 1, {30, 31}, {5, 5}, {2, 2}, {2, 2}, {1, 1}});
  const auto op = MakeConvolution(desc, Engine::kAuto);
  std::vector<std::vector<float>> gradients;
  for (const int threads : {1, 3}) {
    const ThreadScope scope(threads);
    Arrays a(desc);
    op->BackwardWeights(*a.src.data(), *a.dst.diff(), a.weights.diff().get(), a.bias.diff().get());
    gradients.push_back(Diff(a.weights));
  }
  EXPECT_EQ(gradients[0], gradients[1]);
}

TEST(ConvolutionTest, ReferenceGivesSameBitsForAnyNumberOfThreads) {
  const ConvolutionDesc desc =
      Describe({"", 2, 20, 300, 1, {30, 30}, {3, 3}, {1, 1}, {1, 1}, {1, 1}});
  const auto op = MakeConvolution(desc, Engine::kReference);
  std::vector<std::vector<float>> results;
  for (const int threads : {1, 3}) {
    const ThreadScope scope(threads);
    Arrays a(desc);
    op->Forward(*a.src.data(), *a.weights.data(), a.bias.data().get(), a.dst.data().get());
    op->BackwardWeights(*a.src.data(), *a.dst.diff(), a.weights.diff().get(), a.bias.diff().get());
    op->BackwardData(*a.dst.diff(), *a.weights.data(), a.src.diff().get());
    results.push_back(Data(a.dst));
    for (const Blob* blob : {&a.weights, &a.bias, &a.src}) results.push_back(Diff(*blob));
  }
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(results[i], results[i + 4]) << i;
}

#ifdef DEMITASSE_WITH_ONEDNN
TEST(ConvolutionTest, OfOneWindowOverTheWholeInputIsAnInnerProduct) {
  const auto name = [](const ConvolutionDesc& desc) {
    return MakeConvolution(desc, Engine::kAuto)->name();
  };
  EXPECT_EQ("onednn:gemm",
            name(Describe({"", 1, 16, 24, 1, {6, 5}, {6, 5}, {1, 1}, {0, 0}, {1, 1}})));
  EXPECT_NE("onednn:gemm",
            name(Describe({"", 1, 16, 24, 1, {6, 6}, {6, 5}, {1, 1}, {0, 0}, {1, 1}})));
  EXPECT_NE("onednn:gemm",
            name(Describe({"", 1, 16, 24, 2, {6, 5}, {6, 5}, {1, 1}, {0, 0}, {1, 1}})));
}

TEST(ConvolutionTest, OneDnnKeepsItsLayoutBetweenConvolutions) {
  const ConvolutionDesc desc = Describe({"", 2, 32, 32, 1, {8, 8}, {3, 3}, {1, 1}, {1, 1}, {1, 1}});
  const auto op = MakeConvolution(desc, Engine::kOneDnn);
  Arrays a(desc), b(desc);
  op->Forward(*a.src.data(), *a.weights.data(), a.bias.data().get(), a.dst.data().get());
  ASSERT_NE(nullptr, a.dst.data()->layout());
  EXPECT_GT(a.dst.data()->layout()->ChannelBlock(2, 32, 64), 0);
  op->Forward(*a.dst.data(), *a.weights.data(), a.bias.data().get(), b.dst.data().get());
  EXPECT_NE(nullptr, a.dst.data()->layout());
  Blob plain;
  plain.CopyFrom(a.dst, false, true);
  EXPECT_EQ(nullptr, a.dst.data()->layout());
  op->Forward(*plain.data(), *a.weights.data(), a.bias.data().get(), a.dst.data().get());
  EXPECT_EQ(Data(b.dst), Data(a.dst));
}
#endif

}  // namespace
}  // namespace demitasse
