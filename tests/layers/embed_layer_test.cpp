#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "src/core/threads.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

std::string Embed(const std::string& param) {
  return "name: 'l' type: 'Embed' embed_param { " + param + " }";
}

const char* const kThreeRows = "num_output: 2 input_dim: 3";

// W = 1 2, 3 4, 5 6 and b = 10 20.
LayerHarness ThreeRows(const std::vector<int>& shape, const std::vector<float>& indices) {
  LayerHarness harness(Embed(kThreeRows), {shape});
  SetData({1, 2, 3, 4, 5, 6}, harness.layer().blobs()[0].get());
  SetData({10, 20}, harness.layer().blobs()[1].get());
  SetData(indices, &harness.bottom());
  return harness;
}

void SetIndices(LayerHarness* harness) {
  Blob& bottom = harness->bottom();
  for (int64_t i = 0; i < bottom.size(); ++i) {
    bottom.mutable_cpu_data()[i] = static_cast<float>(i * i % 5);
  }
}

TEST(EmbedLayer, GivesTheRowOfEachIndex) {
  LayerHarness harness = ThreeRows({2, 2}, {2, 0, 1.9f, 2});
  harness.Forward();
  EXPECT_EQ(harness.top().shape(), (std::vector<int>{2, 2, 2}));
  EXPECT_THAT(Data(harness.top()), ElementsAre(15, 26, 11, 22, 13, 24, 15, 26));
}

TEST(EmbedLayer, AddsTheGradientsOfRepeatedIndices) {
  LayerHarness harness = ThreeRows({3}, {2, 0, 2});
  harness.Forward();
  SetDiff({1, 2, 3, 4, 5, 6}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(*harness.layer().blobs()[0]), ElementsAre(3, 4, 0, 0, 6, 8));
  EXPECT_THAT(Diff(*harness.layer().blobs()[1]), ElementsAre(9, 12));
}

TEST(EmbedLayer, AddsToParameterGradientsThatAreAskedFor) {
  LayerHarness harness = ThreeRows({1}, {1});
  harness.Forward();
  SetDiff({1, 2}, &harness.top());
  SetDiff({0, 0, 7, 7, 0, 0}, harness.layer().blobs()[0].get());
  SetDiff({5, 5}, harness.layer().blobs()[1].get());
  harness.layer().set_param_propagate_down(1, false);
  harness.layer().Backward(harness.tops(), {false}, harness.bottoms());
  EXPECT_THAT(Diff(*harness.layer().blobs()[0]), ElementsAre(0, 0, 8, 9, 0, 0));
  EXPECT_THAT(Diff(*harness.layer().blobs()[1]), ElementsAre(5, 5));
}

TEST(EmbedLayer, GivesTheSameBitsForAnyNumberOfThreads) {
  const auto gradients = [](int threads) {
    const ThreadScope scope(threads);
    LayerHarness harness(Embed("num_output: 300 input_dim: 5"), {{200}});
    SetIndices(&harness);
    harness.Forward();
    std::vector<float> dy(300 * 200);
    FillGaussian(3, &dy);
    SetDiff(dy, &harness.top());
    harness.Backward();
    std::vector<float> all = Diff(*harness.layer().blobs()[0]);
    const std::vector<float> bias = Diff(*harness.layer().blobs()[1]);
    all.insert(all.end(), bias.begin(), bias.end());
    return all;
  };
  EXPECT_EQ(gradients(1), gradients(3));
}

TEST(EmbedLayer, MayHaveNoBiasAndIsFilled) {
  LayerHarness harness(
      Embed("num_output: 2 input_dim: 3 bias_term: false weight_filler { value: 4 }"), {{1}});
  EXPECT_EQ(harness.layer().blobs().size(), 1U);
  EXPECT_EQ(harness.layer().blobs()[0]->shape(), (std::vector<int>{3, 2}));
  SetData({0}, &harness.bottom());
  harness.Forward();
  EXPECT_THAT(Data(harness.top()), ElementsAre(4, 4));
  LayerHarness biased(Embed("num_output: 1 input_dim: 1 bias_filler { value: 3 }"), {{1}});
  EXPECT_THAT(Data(*biased.layer().blobs()[1]), ElementsAre(3));
}

TEST(EmbedLayer, HasGradientsForItsParametersOnly) {
  GradientOptions options;
  options.prepare = SetIndices;
  CheckGradients(Embed("num_output: 3 input_dim: 5 weight_filler { type: 'gaussian' }"), {{2, 3}},
                 options);
  CheckGradients(Embed("num_output: 3 input_dim: 5 bias_term: false"), {{4}}, options);
  LayerHarness harness = ThreeRows({1}, {0});
  EXPECT_TRUE(harness.layer().BottomIsIndex(0));
  EXPECT_FALSE(harness.layer().AllowForceBackward(0));
}

TEST(EmbedLayer, FollowsNewShapesAndEmptyBatches) {
  GradientOptions options;
  options.prepare = SetIndices;
  CheckReshape(Embed("num_output: 3 input_dim: 5"), {{2, 3}}, {{4}}, options);
  LayerHarness harness = ThreeRows({0, 4}, {});
  harness.Forward();
  EXPECT_EQ(harness.top().shape(), (std::vector<int>{0, 4, 2}));
}

TEST(EmbedLayer, RejectsBadParameters) {
  const std::string text = "name: 'l' type: 'Embed'\n";
  const std::string error = ": error: layer 'l' (Embed): ";
  CheckErrors({
      {text, {{1}}, "layer" + error + "num_output must be given"},
      {text + "embed_param { input_dim: 3 }",
       {{1}},
       "layer:2:1" + error + "num_output must be given"},
      {text + "embed_param { num_output: 3 }",
       {{1}},
       "layer:2:1" + error + "input_dim must be given"},
      {text + "embed_param { num_output: 0 input_dim: 3 }",
       {{1}},
       "layer:2:27" + error + "num_output must be greater than 0, got 0"},
      {text + "embed_param { num_output: 3 input_dim: 0 }",
       {{1}},
       "layer:2:40" + error + "input_dim must be greater than 0, got 0"},
      {text + "embed_param { num_output: 3 input_dim: 3000000000 }",
       {{1}},
       "layer:2:40" + error + "input_dim must be at most 2147483647, got 3000000000"},
      {text + "embed_param { num_output: 1 input_dim: 1 bias_filler { type: 'none' } }",
       {{1}},
       "layer:2:62" + error +
           "unknown filler type 'none' (known: bilinear, constant, gaussian, msra, "
           "positive_unitball, uniform, xavier)"},
  });
}

TEST(EmbedLayer, RejectsIndicesThatAreNoRows) {
  const std::pair<float, const char*> cases[] = {
      {3, "index 3 at position 1 is none of the 3 rows (input_dim); allowed are 0 to 2"},
      {-1, "index -1 at position 1 is none of the 3 rows (input_dim); allowed are 0 to 2"},
      {1e20f, "index 1e+20 at position 1 is none of the 3 rows (input_dim); allowed are 0 to 2"},
      {std::numeric_limits<float>::quiet_NaN(),
       "index nan at position 1 is none of the 3 rows (input_dim); allowed are 0 to 2"},
  };
  for (const auto& [index, message] : cases) {
    LayerHarness harness(Embed(kThreeRows) + "\nbottom: 'x'", {{2}});
    SetData({0, index}, &harness.bottom());
    try {
      harness.Forward();
      ADD_FAILURE() << "no error for " << index;
    } catch (const Error& error) {
      EXPECT_EQ(error.what(), "layer:2:9: error: layer 'l' (Embed): " + std::string(message));
    }
  }
}

}  // namespace
}  // namespace demitasse
