#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

std::string Tile(const std::string& param) {
  return "name: 'l' type: 'Tile' tile_param { " + param + " }";
}

TEST(TileLayer, RepeatsAlongAnAxis) {
  struct Case {
    const char* param;
    std::vector<int> shape;
    std::vector<float> expected;
  };
  const Case cases[] = {
      {"tiles: 2", {2, 4}, {1, 2, 1, 2, 3, 4, 3, 4}},
      {"axis: -1 tiles: 2", {2, 4}, {1, 2, 1, 2, 3, 4, 3, 4}},
      {"axis: 0 tiles: 2", {4, 2}, {1, 2, 3, 4, 1, 2, 3, 4}},
      {"axis: 1 tiles: 1", {2, 2}, {1, 2, 3, 4}},
  };
  for (const Case& c : cases) {
    LayerHarness harness(Tile(c.param), {{2, 2}});
    SetData({1, 2, 3, 4}, &harness.bottom());
    harness.Forward();
    EXPECT_EQ(harness.top().shape(), c.shape) << c.param;
    EXPECT_EQ(Data(harness.top()), c.expected) << c.param;
  }
}

TEST(TileLayer, RepeatsNothingAnyNumberOfTimes) {
  constexpr int kMost = std::numeric_limits<int>::max();
  LayerHarness harness("type: 'Tile' tile_param { axis: 2 tiles: 2147483647 }",
                       {{kMost, 1 << 28, 0}});
  harness.Forward();
  EXPECT_EQ(harness.top().shape(), (std::vector<int>{kMost, 1 << 28, 0}));
}

TEST(TileLayer, AddsTheGradientsOfTheCopies) {
  LayerHarness harness(Tile("axis: 0 tiles: 3"), {{1, 2}});
  harness.Forward();
  SetDiff({1, 2, 10, 20, 100, 200}, &harness.top());
  SetDiff({7, 7}, &harness.bottom());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom()), ElementsAre(111, 222));
}

TEST(TileLayer, HasGradients) {
  for (const char* const param :
       {"tiles: 3", "axis: 0 tiles: 2", "axis: -1 tiles: 4", "axis: 2 tiles: 1"}) {
    CheckGradients(Tile(param), {{2, 3, 2}});
  }
  CheckReshape(Tile("tiles: 3"), {{2, 3, 2}}, {{4, 1}});
  CheckReshape(Tile("tiles: 3"), {{2, 3, 2}}, {{2, 3, 0}});
  CheckReshape(Tile("tiles: 3"), {{2, 3, 2}}, {{2, 0}});
}

TEST(TileLayer, RefusesBadParameters) {
  const std::string head = "name: 'l' type: 'Tile'\n";
  const std::string error = "error: layer 'l' (Tile): ";
  const std::string missing = "needs the number of copies: tile_param { tiles: ... }";
  CheckErrors({
      {"name: 'l' type: 'Tile'", {{2, 2}}, "layer: " + error + missing},
      {head + "tile_param { axis: 0 }", {{2, 2}}, "layer:2:1: " + error + missing},
      {head + "tile_param { tiles: 0 }",
       {{2, 2}},
       "layer:2:21: " + error + "tiles must be 1 or more, got 0"},
      {head + "tile_param { tiles: -3 }",
       {{2, 2}},
       "layer:2:21: " + error + "tiles must be 1 or more, got -3"},
      {head + "tile_param { axis: 2 tiles: 2 }",
       {{2, 2}},
       "layer:2:20: " + error + "axis 2 is outside the bottom's 2 axes (2 2 (4))"},
      {head + "tile_param { tiles: 2000000000 }",
       {{2, 2}},
       "layer:2:21: " + error +
           "the top would have 4000000000 elements on axis 1, more than 2147483647"},
  });
}

}  // namespace
}  // namespace demitasse
