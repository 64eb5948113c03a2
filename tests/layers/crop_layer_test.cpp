#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;
using Values = std::vector<float>;

std::string Crop(const std::string& param) {
  return "name: 'l' type: 'Crop' crop_param { " + param + " }";
}

// A layer on the numbers 0, 1, 2, ...
LayerHarness Counting(const std::string& param, const Shape& x, const Shape& sizes) {
  LayerHarness harness(Crop(param), {x, sizes});
  Values values(static_cast<size_t>(harness.bottom().size()));
  std::iota(values.begin(), values.end(), 0.0f);
  SetData(values, &harness.bottom());
  harness.Forward();
  return harness;
}

TEST(CropLayer, CutsFromTheOffsetsOn) {
  LayerHarness harness = Counting("offset: 1 offset: 2", {1, 2, 3, 5}, {7, 7, 2, 2});
  EXPECT_EQ((Shape{1, 2, 2, 2}), harness.top().shape());
  EXPECT_EQ((Values{7, 8, 12, 13, 22, 23, 27, 28}), Data(harness.top()));

  SetDiff({1, 2, 3, 4, 5, 6, 7, 8}, &harness.top());
  harness.Backward();
  EXPECT_EQ((Values{0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 3, 4, 0,  //
                    0, 0, 0, 0, 0, 0, 0, 5, 6, 0, 0, 0, 7, 8, 0}),
            Diff(harness.bottom()));
}

TEST(CropLayer, OneOffsetIsForAllAxesAndNoneIsZero) {
  EXPECT_EQ((Values{4, 5, 7, 8}), Data(Counting("offset: 1", {1, 1, 3, 3}, {1, 1, 2, 2}).top()));
  EXPECT_EQ((Values{0, 1, 3, 4}), Data(Counting("", {1, 1, 3, 3}, {1, 1, 2, 2}).top()));
}

TEST(CropLayer, CutsAnyAxisOfAnyNumberOfAxes) {
  const struct {
    std::string param;
    Shape x, sizes;
    Values y;
  } cases[] = {
      {"axis: 0 offset: 3", {5}, {2}, {3, 4}},
      {"axis: -1 offset: 1", {2, 3}, {9, 1}, {1, 4}},
      {"axis: 1 offset: 1 offset: 0", {2, 3, 2}, {5, 1, 2}, {2, 3, 8, 9}},
      {"axis: 0 offset: 1 offset: 1 offset: 1", {2, 2, 2}, {1, 1, 1}, {7}},
      {"axis: 0", {2, 1, 2}, {1, 1, 2, 3, 4}, {0, 1}},
      {"axis: -5 offset: 1 offset: 0 offset: 1 offset: 0 offset: 1",
       {2, 2, 2, 1, 3},
       {1, 2, 1, 1, 2},
       {16, 17, 22, 23}},
      {"axis: 1", {2, 3}, {1, 3}, {0, 1, 2, 3, 4, 5}},
      {"axis: 0 offset: 2", {3, 3}, {1, 0}, {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.param);
    LayerHarness harness = Counting(c.param, c.x, c.sizes);
    EXPECT_EQ(c.y, Data(harness.top()));
    harness.Backward();
  }
}

TEST(CropLayer, CutsRunsThatAreLongerThanAPieceOfWork) {
  LayerHarness harness = Counting("axis: 0 offset: 1 offset: 0", {3, 40000}, {2, 40000});
  const Values y = Data(harness.top());
  for (size_t i = 0; i < y.size(); ++i) ASSERT_EQ(static_cast<float>(i + 40000), y[i]);
}

TEST(CropLayer, HasTheRightGradients) {
  CheckGradients(Crop("offset: 1 offset: 2"), {{2, 2, 4, 5}, {1, 1, 2, 3}});
  CheckGradients(Crop("axis: 1 offset: 1"), {{2, 4, 3}, {1, 2, 2}});
  LayerHarness harness(Crop(""), {{2, 2, 4, 5}, {1, 1, 2, 3}});
  EXPECT_TRUE(harness.layer().AllowForceBackward(0));
  EXPECT_FALSE(harness.layer().AllowForceBackward(1));
}

TEST(CropLayer, FollowsTheBottomsShape) {
  CheckReshape(Crop("offset: 1"), {{2, 2, 4, 5}, {1, 1, 2, 3}}, {{1, 3, 9, 7}, {1, 1, 8, 2}});
}

TEST(CropLayer, ReportsWhatIsWrong) {
  CheckErrors({
      {Crop("offset: 3 offset: 0"),
       {{1, 1, 4, 5}, {1, 1, 2, 5}},
       "layer:1:45: error: layer 'l' (Crop): the crop on axis 2 is out of bounds: offset 3 + size "
       "2 of bottom[1] must be at most 4, the size of bottom[0]"},
      {Crop("offset: 4294967295"),
       {{1, 1, 4, 5}, {1, 1, 2, 5}},
       "layer:1:45: error: layer 'l' (Crop): the crop on axis 2 is out of bounds: offset "
       "4294967295 + size 2 of bottom[1] must be at most 4, the size of bottom[0]"},
      {Crop("axis: 3") + " bottom: 'x' bottom: 'r' top: 'y'",
       {{1, 1, 4, 5}, {1, 1, 4, 6}},
       "layer:1:67: error: layer 'l' (Crop): the crop on axis 3 is out of bounds: offset 0 + size "
       "6 of bottom[1] 'r' must be at most 5, the size of bottom[0] 'x'"},
      {Crop("axis: 1 offset: 0 offset: 0"),
       {{1, 1, 4, 5}, {1, 1, 2, 5}},
       "layer:1:63: error: layer 'l' (Crop): offset is given once for all axes that are cut or "
       "once for each of the 3 from axis 1 on, got 2 values"},
      {Crop("offset: 0 offset: 0 offset: 0"),
       {{1, 1, 4, 5}, {1, 1, 2, 5}},
       "layer:1:65: error: layer 'l' (Crop): offset is given once for all axes that are cut or "
       "once for each of the 2 from axis 2 on, got 3 values"},
      {Crop(""),
       {{1, 1, 4, 5}, {1, 1, 2}},
       "layer: error: layer 'l' (Crop): bottom[1] of 1 1 2 (2) must have an axis 3: the axes from "
       "2 on are cut to its sizes"},
      {Crop("axis: 2"),
       {{4, 5}, {1, 2}},
       "layer:1:43: error: layer 'l' (Crop): axis 2 is outside the bottom's 2 axes (4 5 (20))"},
      {Crop("axis: -3"),
       {{4, 5}, {1, 2}},
       "layer:1:43: error: layer 'l' (Crop): axis -3 is outside the bottom's 2 axes (4 5 (20))"},
      {Crop(""),
       {{1, 1, 4, 5}},
       "layer: error: layer 'l' (Crop): takes exactly 2 bottom blobs, got 1"},
      {Crop("") + " bottom: 'x' bottom: 'r' top: 'x'",
       {{1, 1, 4, 5}, {1, 1, 4, 5}},
       "layer:1:69: error: layer 'l' (Crop): cannot write top[0] 'x' in place over its bottom[0]; "
       "give the top a name of its own"},
  });
}

}  // namespace
}  // namespace demitasse
