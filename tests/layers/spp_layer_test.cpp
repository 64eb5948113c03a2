#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;
using Values = std::vector<float>;

std::string Spp(const std::string& param) {
  return "name: 'l' type: 'SPP' spp_param { " + param + " }";
}

// Sets the bottom to the numbers 1, 2, 3, ...
void Count(LayerHarness* harness) {
  Values values(static_cast<size_t>(harness->bottom().size()));
  std::iota(values.begin(), values.end(), 1.0f);
  SetData(values, &harness->bottom());
}

LayerHarness Counting(const std::string& param, const Shape& shape, Phase phase = caffe::TRAIN) {
  LayerHarness harness(Spp(param), {shape}, Engine::kReference, phase);
  Count(&harness);
  harness.Forward();
  return harness;
}

TEST(SPPLayer, PutsTheLevelsOfAPyramidBehindEachOther) {
  LayerHarness harness = Counting("pyramid_height: 2", {2, 2, 2, 4});
  EXPECT_EQ((Shape{2, 10}), harness.top().shape());
  EXPECT_EQ((Values{8,  16, 2,  4,  6,  8,  10, 12, 14, 16,  //
                    24, 32, 18, 20, 22, 24, 26, 28, 30, 32}),
            Data(harness.top()));

  Values diff(20);
  std::iota(diff.begin(), diff.end(), 1.0f);
  SetDiff(diff, &harness.top());
  harness.Backward();
  EXPECT_EQ((Values{0, 3,  0, 4,  0, 5,  0, 7,  0, 7,  0, 8,  0, 9,  0, 12,  //
                    0, 13, 0, 14, 0, 15, 0, 27, 0, 17, 0, 18, 0, 19, 0, 32}),
            Diff(harness.bottom()));
}

TEST(SPPLayer, WindowsReachOverTheEdges) {
  // Windows of 2 places at -1 and 1; padding counts as zeros.
  EXPECT_EQ((Values{5, 0.25f, 1.25f, 2.75f, 7}),
            Data(Counting("pool: AVE pyramid_height: 2", {1, 1, 3, 3}).top()));
  // On 9 places windows of 3 at -2, 1, 4 and 7; on 4 places windows of 1.
  const Values y = Data(Counting("pyramid_height: 3", {1, 1, 4, 9}).top());
  EXPECT_EQ((Values{1, 4, 7, 9, 10, 13, 16, 18}), Values(y.begin() + 5, y.begin() + 13));
}

TEST(SPPLayer, OneLevelKeepsTheAxes) {
  LayerHarness harness = Counting("pyramid_height: 1 pool: AVE", {2, 2, 1, 3});
  EXPECT_EQ((Shape{2, 2, 1, 1}), harness.top().shape());
  EXPECT_EQ((Values{2, 5, 8, 11}), Data(harness.top()));
  SetDiff({3, 6, 9, 12}, &harness.top());
  harness.Backward();
  EXPECT_EQ((Values{1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4}), Diff(harness.bottom()));
}

TEST(SPPLayer, StochasticDrawsInTrain) {
  LayerHarness harness(Spp("pyramid_height: 2 pool: STOCHASTIC"), {{1, 1, 2, 2}});
  SetData({0, 0, 7, 0}, &harness.bottom());
  harness.Forward();
  EXPECT_EQ((Values{7, 0, 0, 7, 0}), Data(harness.top()));
  SetDiff({1, 0, 0, 4, 0}, &harness.top());
  harness.Backward();
  EXPECT_EQ((Values{0, 0, 5, 0}), Diff(harness.bottom()));
}

TEST(SPPLayer, StochasticTakesTheWeightedMeanInTest) {
  EXPECT_EQ((Values{3, 1, 2, 3, 4}),
            Data(Counting("pyramid_height: 2 pool: STOCHASTIC", {1, 1, 2, 2}, caffe::TEST).top()));
}

TEST(SPPLayer, HasTheRightGradients) {
  for (const std::string param :
       {"pyramid_height: 1", "pyramid_height: 3", "pyramid_height: 1 pool: AVE",
        "pyramid_height: 3 pool: AVE", "pyramid_height: 2 pool: STOCHASTIC"}) {
    GradientOptions options;
    options.phase = caffe::TEST;
    options.prepare = Count;
    options.tolerance = 2e-2f;  // the numbers are large beside the step
    CheckGradients(Spp(param), {{2, 2, 8, 4}}, options);
  }
}

TEST(SPPLayer, FollowsTheBottomsShape) {
  for (const std::string pool : {"MAX", "AVE", "STOCHASTIC"}) {
    GradientOptions options;
    options.phase = caffe::TEST;
    for (const std::string height : {"1", "2"}) {
      CheckReshape(Spp("pyramid_height: " + height + " pool: " + pool), {{2, 3, 8, 4}},
                   {{1, 2, 6, 10}}, options);
    }
  }
}

TEST(SPPLayer, TakesEmptyBatches) {
  LayerHarness harness = Counting("pyramid_height: 2", {0, 3, 4, 4});
  EXPECT_EQ((Shape{0, 15}), harness.top().shape());
  harness.Backward();
}

TEST(SPPLayer, ReportsWhatIsWrong) {
  const Shapes image = {{1, 2, 9, 5}};
  CheckErrors({
      {"name: 'l' type: 'SPP'", image,
       "layer: error: layer 'l' (SPP): pyramid_height must be given"},
      {Spp("pyramid_height: 0"), image,
       "layer:1:51: error: layer 'l' (SPP): pyramid_height must be greater than 0, got 0"},
      {Spp("pyramid_height: 3"), image,
       "layer:1:51: error: layer 'l' (SPP): pyramid_height 3 asks for 4 windows on axis 3 of "
       "bottom[0], of 5 places: windows of 2 with pad 2, which must be less; pyramid_height can be "
       "at most 2"},
      {Spp("pyramid_height: 2000000000"),
       {{1, 1, 2, 1}},
       "layer:1:51: error: layer 'l' (SPP): pyramid_height 2000000000 asks for 2 windows on axis 3 "
       "of bottom[0], of 1 places: windows of 1 with pad 1, which must be less; pyramid_height can "
       "be at most 1"},
      {Spp("pyramid_height: 2 pool: STOCHASTIC"), image,
       "layer:1:51: error: layer 'l' (SPP): pyramid_height 2 asks for 2 windows on axis 2 of "
       "bottom[0], of 9 places: windows of 5 with pad 1, which must be 0 for STOCHASTIC; "
       "pyramid_height can be at most 1"},
      {Spp("pyramid_height: 2"),
       {{0, 600000000, 2, 2}},
       "layer:1:51: error: layer 'l' (SPP): the top would have 3000000000 elements on axis 1, more "
       "than 2147483647"},
      {Spp("pyramid_height: 2"),
       {{1, 2, 0, 4}},
       "layer: error: layer 'l' (SPP): bottom[0] of 1 2 0 4 (0) has no places; height and width "
       "must be greater than 0"},
      {Spp("pyramid_height: 2"),
       {{2, 4, 4}},
       "layer: error: layer 'l' (SPP): bottom[0] of 2 4 4 (32) must have 4 axes: num, channels, "
       "height, width"},
      {Spp("pyramid_height: 2") + " bottom: 'x' top: 'x'", image,
       "layer:1:72: error: layer 'l' (SPP): cannot write top[0] 'x' in place over its bottom[0]; "
       "give the top a name of its own"},
      {Spp("pyramid_height: 2") + " bottom: 'x' top: 'y' top: 'z'", image,
       "layer:1:81: error: layer 'l' (SPP): takes exactly 1 top blob, got 2: y, z"},
  });
}

}  // namespace
}  // namespace demitasse
