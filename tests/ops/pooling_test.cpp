#include "src/ops/pooling.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "demitasse/blob.hpp"
#include "src/ops/convolution.hpp"
#include "tests/support/blocked_layout.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Method = Pooling::Method;

struct Case {
  std::string name;
  int images, channels;
  std::vector<int> input, kernel, stride, pad, output;
};

Pooling Describe(const Case& c, Method method) {
  return {method, c.images, c.channels, {c.input, c.kernel, c.stride, c.pad, {1, 1}, c.output}};
}

// Stores it with its channels in blocks, as engines have them.
void PutInBlocks(const Blob& blob, int64_t block, Buffer* buffer) {
  const std::vector<float> values(buffer->plain(), buffer->plain() + blob.size());
  const std::vector<int>& shape = blob.shape();
  const auto layout =
      std::make_shared<BlockedLayout>(shape[0], shape[1], int64_t{shape[2]} * shape[3], block);
  layout->FromPlain(values.data(), buffer->Overwrite(layout));
}

struct Arrays {
  Blob src, dst, mask;

  explicit Arrays(const Pooling& op) {
    const WindowGeometry& w = op.window;
    src.Reshape({op.images, op.channels, w.input[0], w.input[1]});
    dst.Reshape({op.images, op.channels, w.output[0], w.output[1]});
    mask.ReshapeLike(dst);
    std::vector<float> values(static_cast<size_t>(src.size()));
    FillGaussian(1, &values);
    SetData(values, &src);
    values.resize(static_cast<size_t>(dst.size()));
    FillGaussian(2, &values);
    SetDiff(values, &dst);
  }
};

// Calls visit(dst index, src indices of the window, size of the window cut off at the padding).
template <typename Visit>
void ForEachWindow(const Pooling& op, const Visit& visit) {
  const WindowGeometry& w = op.window;
  int64_t dst = 0;
  for (int plane = 0; plane < op.images * op.channels; ++plane) {
    for (int oh = 0; oh < w.output[0]; ++oh) {
      for (int ow = 0; ow < w.output[1]; ++ow) {
        std::vector<int64_t> places;
        int size = 0;
        for (int h = oh * w.stride[0] - w.pad[0]; h < oh * w.stride[0] - w.pad[0] + w.kernel[0];
             ++h) {
          for (int v = ow * w.stride[1] - w.pad[1]; v < ow * w.stride[1] - w.pad[1] + w.kernel[1];
               ++v) {
            if (h < w.input[0] + w.pad[0] && v < w.input[1] + w.pad[1]) ++size;
            if (h < 0 || h >= w.input[0] || v < 0 || v >= w.input[1]) continue;
            places.push_back((int64_t{plane} * w.input[0] + h) * w.input[1] + v);
          }
        }
        visit(dst++, places, size);
      }
    }
  }
}

void ExpectDefinition(const Pooling& op, const Arrays& a) {
  const std::vector<float> src = Data(a.src), dst_diff = Diff(a.dst), dst = Data(a.dst);
  std::vector<float> src_diff(src.size());
  ForEachWindow(op, [&](int64_t o, const std::vector<int64_t>& places, int size) {
    float expected = 0;
    if (op.method == Method::kAverage) {
      for (const int64_t i : places) {
        expected += src[i] / size;
        src_diff[i] += dst_diff[o] / size;
      }
    } else if (!places.empty()) {
      int64_t best = places[0];
      for (const int64_t i : places) best = src[i] > src[best] ? i : best;
      expected = src[best];
      src_diff[best] += dst_diff[o];
    }
    ASSERT_NEAR(expected, dst[o], 1e-5) << "dst[" << o << "]";
  });
  const std::vector<float> actual = Diff(a.src);
  for (size_t i = 0; i < src.size(); ++i) {
    ASSERT_NEAR(src_diff[i], actual[i], 1e-5) << "src_diff[" << i << "]";
  }
}

const Case kCases[] = {
    {"tiles", 2, 3, {8, 6}, {2, 2}, {2, 2}, {0, 0}, {4, 3}},
    {"overlap", 1, 10, {7, 9}, {3, 3}, {1, 1}, {0, 0}, {5, 7}},
    {"over_the_edge", 2, 16, {8, 8}, {3, 3}, {2, 2}, {0, 0}, {4, 4}},
    {"padding", 2, 9, {8, 7}, {3, 3}, {2, 2}, {1, 1}, {5, 4}},
    {"uneven_axes", 1, 3, {7, 6}, {3, 2}, {2, 1}, {1, 0}, {4, 5}},
    {"whole_input", 2, 5, {4, 6}, {4, 6}, {1, 1}, {0, 0}, {1, 1}},
    {"stride_over_kernel", 1, 8, {5, 5}, {1, 1}, {3, 3}, {0, 0}, {3, 3}},
    {"kernel_over_input", 1, 2, {2, 2}, {3, 3}, {2, 2}, {0, 0}, {1, 1}},
    {"within_the_padding", 1, 2, {1, 1}, {3, 3}, {1, 1}, {1, 1}, {1, 1}},
    {"pairs_with_padding", 1, 9, {5, 19}, {2, 2}, {2, 2}, {1, 1}, {3, 10}},
    {"large_windows", 1, 8, {11, 37}, {5, 4}, {3, 2}, {2, 1}, {4, 18}},
    {"one_place", 3, 9, {1, 1}, {1, 1}, {1, 1}, {0, 0}, {1, 1}},
    {"no_images", 0, 2, {4, 4}, {2, 2}, {2, 2}, {0, 0}, {2, 2}},
};

class PoolingTest : public testing::TestWithParam<std::tuple<Case, Method>> {};

TEST_P(PoolingTest, ComputesItsDefinition) {
  const Pooling op = Describe(std::get<0>(GetParam()), std::get<1>(GetParam()));
  Arrays a(op);
  op.Forward(*a.src.data(), a.dst.data().get());
  op.Backward(*a.src.data(), *a.dst.diff(), a.src.diff().get());
  ExpectDefinition(op, a);
}

TEST_P(PoolingTest, KeepsTheLayoutOfTheSource) {
  const Pooling op = Describe(std::get<0>(GetParam()), std::get<1>(GetParam()));
  for (const int64_t block : {4, 8, 16}) {
    for (const bool diff_in_blocks : {false, true}) {
      SCOPED_TRACE(block);
      Arrays a(op);
      PutInBlocks(a.src, block, a.src.data().get());
      if (diff_in_blocks) PutInBlocks(a.dst, block, a.dst.diff().get());
      op.Forward(*a.src.data(), a.dst.data().get());
      op.Backward(*a.src.data(), *a.dst.diff(), a.src.diff().get());
      EXPECT_NE(nullptr, a.dst.data()->layout());
      EXPECT_NE(nullptr, a.src.diff()->layout());
      ExpectDefinition(op, a);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, PoolingTest,
                         testing::Combine(testing::ValuesIn(kCases),
                                          testing::Values(Method::kMax, Method::kAverage)),
                         [](const auto& test) {
                           const bool max = std::get<1>(test.param) == Method::kMax;
                           return std::get<0>(test.param).name + (max ? "_max" : "_average");
                         });

TEST(PoolingTest, MaskTellsThePlaceOfTheMaximum) {
  const Pooling op = Describe(kCases[6], Method::kMax);
  Arrays a(op), unmasked(op);
  op.ForwardWithMask(*a.src.data(), a.dst.data().get(), a.mask.data().get());
  op.Forward(*unmasked.src.data(), unmasked.dst.data().get());
  EXPECT_EQ(Data(unmasked.dst), Data(a.dst));
  const std::vector<float> mask = Data(a.mask);
  // Of the windows at 0, 3 and 6 of 5 places the last one is empty.
  EXPECT_EQ((std::vector<float>{0, 3, -1, 15, 18, -1, -1, -1, -1}),
            std::vector<float>(mask.begin(), mask.begin() + 9));
}

#ifdef DEMITASSE_WITH_ONEDNN
TEST(PoolingTest, KeepsOneDnnsLayout) {
  const WindowGeometry window = {{6, 6}, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {6, 6}};
  const auto convolution = MakeConvolution({2, 16, 16, 1, false, window}, Engine::kOneDnn);
  const Pooling op = Describe({"", 2, 16, {6, 6}, {2, 2}, {2, 2}, {0, 0}, {3, 3}}, Method::kMax);
  Blob image(2, 16, 6, 6), weights(16, 16, 3, 3);
  std::vector<float> values(static_cast<size_t>(image.size()));
  FillGaussian(1, &values);
  SetData(values, &image);
  values.resize(static_cast<size_t>(weights.size()));
  SetData(values, &weights);
  Arrays a(op);
  convolution->Forward(*image.data(), *weights.data(), nullptr, a.src.data().get());
  ASSERT_NE(nullptr, a.src.data()->layout());
  op.Forward(*a.src.data(), a.dst.data().get());
  op.Backward(*a.src.data(), *a.dst.diff(), a.src.diff().get());
  EXPECT_EQ(a.src.data()->layout()->name(), a.dst.data()->layout()->name());
  EXPECT_EQ(a.src.data()->layout()->name(), a.src.diff()->layout()->name());
  ExpectDefinition(op, a);
}
#endif

TEST(PoolingTest, FirstOfEqualsTakesTheGradient) {
  const Pooling op = Describe({"", 1, 1, {2, 2}, {2, 2}, {1, 1}, {0, 0}, {1, 1}}, Method::kMax);
  Arrays a(op);
  SetData({1, 5, 5, 5}, &a.src);
  SetDiff({7}, &a.dst);
  op.Backward(*a.src.data(), *a.dst.diff(), a.src.diff().get());
  EXPECT_EQ((std::vector<float>{0, 7, 0, 0}), Diff(a.src));
}

TEST(PoolingTest, NanIsTheLargest) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Pooling op = Describe({"", 1, 1, {2, 4}, {2, 2}, {2, 2}, {0, 0}, {1, 2}}, Method::kMax);
  Arrays a(op);
  SetData({1, nan, nan, nan, 9, 2, nan, nan}, &a.src);
  SetDiff({3, 4}, &a.dst);
  op.ForwardWithMask(*a.src.data(), a.dst.data().get(), a.mask.data().get());
  EXPECT_EQ((std::vector<float>{1, 2}), Data(a.mask));
  op.Forward(*a.src.data(), a.dst.data().get());
  EXPECT_TRUE(std::isnan(a.dst.cpu_data()[0]) && std::isnan(a.dst.cpu_data()[1]));
  op.Backward(*a.src.data(), *a.dst.diff(), a.src.diff().get());
  EXPECT_EQ((std::vector<float>{0, 3, 4, 0, 0, 0, 0, 0}), Diff(a.src));
}

TEST(PoolingTest, NanAnywhereInAWindowIsItsLargestAndNobodyElses) {
  const Pooling op = Describe({"", 1, 8, {3, 9}, {3, 3}, {3, 3}, {0, 0}, {1, 3}}, Method::kMax);
  for (int64_t place = 0; place < 27; ++place) {
    Arrays a(op);
    a.src.mutable_cpu_data()[5 * 27 + place] = std::numeric_limits<float>::quiet_NaN();
    PutInBlocks(a.src, 8, a.src.data().get());
    op.Forward(*a.src.data(), a.dst.data().get());
    for (int64_t o = 0; o < a.dst.size(); ++o) {
      EXPECT_EQ(o == 5 * 3 + place % 9 / 3, std::isnan(a.dst.cpu_data()[o])) << place << " " << o;
    }
  }
}

TEST(PoolingTest, KeepsThePaddingOfZeros) {
  for (const Method method : {Method::kMax, Method::kAverage}) {
    const Pooling op = Describe({"", 1, 3, {8, 8}, {3, 3}, {2, 2}, {1, 1}, {5, 5}}, method);
    Arrays a(op);
    PutInBlocks(a.src, 8, a.src.data().get());
    op.Forward(*a.src.data(), a.dst.data().get());
    for (int64_t place = 0; place < 25; ++place) {
      for (int64_t lane = 3; lane < 8; ++lane) {
        EXPECT_EQ(0, a.dst.data()->stored()[place * 8 + lane]) << place << " " << lane;
      }
    }
  }
}

TEST(PoolingTest, MinusInfinityCanBeTheLargest) {
  const float infinity = std::numeric_limits<float>::infinity();
  const Pooling op = Describe({"", 1, 1, {1, 2}, {1, 2}, {1, 1}, {0, 0}, {1, 1}}, Method::kMax);
  Arrays a(op);
  SetData({-infinity, -infinity}, &a.src);
  op.Forward(*a.src.data(), a.dst.data().get());
  EXPECT_EQ(std::vector<float>{-infinity}, Data(a.dst));
}

}  // namespace
}  // namespace demitasse
