// Layers between two of an engine's ops compute in its layout, forward and backward, and get what
// they get in plain order.
#include <gtest/gtest.h>

#include "tests/support/blocked_layout.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

struct Case {
  std::string prototxt;
  Shapes shapes = {{2, 4, 3, 2}};
  int block = 4;
};

void PutInBlocks(const Blob& blob, int block, const Buffer& buffer) {
  const auto channels_first = BlockedLayout(1, 1, 1, block).Resized(blob.shape());
  buffer.BringInto(channels_first);
}

void Run(const Case& c, bool blocked, LayerHarness* harness) {
  for (Blob* const bottom : harness->bottoms()) {
    if (blocked) PutInBlocks(*bottom, c.block, *bottom->data());
  }
  harness->Forward();
  uint64_t seed = 7;
  for (Blob* const top : harness->tops()) {
    std::vector<float> diff(static_cast<size_t>(top->size()));
    FillGaussian(++seed, &diff);
    SetDiff(diff, top);
    if (!blocked) continue;
    EXPECT_NE(nullptr, top->data()->layout());
    PutInBlocks(*top, c.block, *top->diff());
  }
  harness->Backward();
}

void ExpectNear(const std::vector<float>& expected, const std::vector<float>& actual) {
  ASSERT_EQ(expected.size(), actual.size());
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(expected[i], actual[i], 2e-6f) << i;
}

// A layout's last block of channels is filled up with zeros.
void ExpectZeroPadding(const Buffer& buffer, const Blob& blob) {
  const int64_t stored = buffer.layout()->stored_size();
  double all = 0;
  for (int64_t i = 0; i < stored; ++i) all += std::abs(buffer.stored()[i]);
  double plain = 0;
  for (int64_t i = 0; i < blob.size(); ++i) plain += std::abs(buffer.plain()[i]);
  EXPECT_NEAR(plain, all, 1e-4);
}

void CheckInBlocks(const Case& c) {
  SCOPED_TRACE(c.prototxt);
  LayerHarness plain(c.prototxt, c.shapes);
  LayerHarness blocked(c.prototxt, c.shapes);
  Run(c, false, &plain);
  Run(c, true, &blocked);
  for (size_t i = 0; i < plain.bottoms().size(); ++i) {
    const Blob& bottom = *blocked.bottoms()[i];
    if (bottom.num_axes() != 4) continue;
    EXPECT_NE(nullptr, bottom.diff()->layout());
    if (bottom.diff()->layout() != nullptr) ExpectZeroPadding(*bottom.diff(), bottom);
    ExpectNear(Diff(*plain.bottoms()[i]), Diff(bottom));
  }
  for (size_t i = 0; i < plain.tops().size(); ++i) {
    const Blob& top = *blocked.tops()[i];
    if (top.data()->layout() != nullptr) ExpectZeroPadding(*top.data(), top);
    ExpectNear(Data(*plain.tops()[i]), Data(top));
  }
  for (size_t i = 0; i < plain.layer().blobs().size(); ++i) {
    ExpectNear(Diff(*plain.layer().blobs()[i]), Diff(*blocked.layer().blobs()[i]));
  }
}

TEST(Layouts, AreKeptByLayersWithCoefficientsForChannels) {
  const Shapes padded = {{2, 5, 3, 2}};
  CheckInBlocks({"type: 'BatchNorm'", padded});
  CheckInBlocks({"type: 'BatchNorm' batch_norm_param { use_global_stats: true }", padded});
  CheckInBlocks({"type: 'BatchNorm' bottom: 'x' top: 'x'", padded});
  const std::string scale = "scale_param { bias_term: true filler { type: 'gaussian' std: 1 } }";
  CheckInBlocks({"type: 'Scale' " + scale, padded});
  CheckInBlocks({"type: 'Scale' bottom: 'x' top: 'x' " + scale, padded});
  CheckInBlocks({"type: 'Bias' bias_param { filler { type: 'gaussian' std: 1 } }", padded});
}

TEST(Layouts, AreKeptByElementwiseLayers) {
  const Shapes padded = {{2, 5, 3, 2}};
  for (const char* const type : {"AbsVal", "Clip", "ELU", "ReLU", "PReLU", "Swish", "TanH"}) {
    const std::string text = std::string("type: '") + type + "' ";
    const std::string clip = type == std::string("Clip") ? "clip_param { min: -1 max: 1 }" : "";
    CheckInBlocks({text + clip, padded});
    CheckInBlocks({text + "bottom: 'x' top: 'x' " + clip, padded});
  }
  CheckInBlocks({"type: 'Dropout'", padded});
  CheckInBlocks({"type: 'Power' power_param { power: 2 scale: 3 }", padded});
  // Those with f(0) != 0 as long as there is no padding.
  CheckInBlocks({"type: 'Sigmoid'"});
  CheckInBlocks({"type: 'BNLL'"});
  CheckInBlocks({"type: 'Exp'"});
}

TEST(Layouts, AreLeftWherePaddingWouldNotStayZero) {
  LayerHarness harness("type: 'Sigmoid'", {{1, 3, 2, 2}});
  PutInBlocks(harness.bottom(), 4, *harness.bottom().data());
  harness.Forward();
  EXPECT_EQ(nullptr, harness.top().data()->layout());
}

TEST(Layouts, AreLeftWherePaddingOfTheGradientWouldNotStayZero) {
  LayerHarness root("type: 'Power' power_param { power: 0.5 }", {{1, 3, 1, 1}});
  SetData({1, 4, 16}, &root.bottom());
  PutInBlocks(root.bottom(), 4, *root.bottom().data());
  root.Forward();
  EXPECT_NE(nullptr, root.top().data()->layout());
  SetDiff({1, 1, 1}, &root.top());
  PutInBlocks(root.top(), 4, *root.top().diff());
  root.Backward();
  EXPECT_EQ(nullptr, root.bottom().diff()->layout());
  EXPECT_EQ((std::vector<float>{0.5f, 0.25f, 0.125f}), Diff(root.bottom()));
}

TEST(Layouts, AreKeptByLayersThatJoinAndCut) {
  CheckInBlocks({"type: 'Concat'", {{2, 4, 3, 2}, {2, 8, 3, 2}}});
  CheckInBlocks(
      {"type: 'Slice' top: 'a' top: 'b' slice_param { slice_point: 4 }", {{2, 12, 3, 2}}});
  CheckInBlocks({"type: 'Eltwise'", {{2, 5, 3, 2}, {2, 5, 3, 2}, {2, 5, 3, 2}}});
  CheckInBlocks({"type: 'Split' top: 'a' top: 'b' top: 'c'", {{2, 5, 3, 2}}});
}

TEST(Layouts, AreLeftWhereAPartEndsWithinABlock) {
  LayerHarness harness("type: 'Concat'", {{2, 3, 1, 2}, {2, 4, 1, 2}});
  const std::vector<float> first = Data(harness.bottom(0));
  for (Blob* const bottom : harness.bottoms()) PutInBlocks(*bottom, 4, *bottom->data());
  harness.Forward();
  EXPECT_EQ(nullptr, harness.top().data()->layout());
  EXPECT_EQ(first[6], Data(harness.top())[14]);
}

}  // namespace
}  // namespace demitasse
