#include <gtest/gtest.h>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;

TEST(InputLayer, GivesOneShapeToAllTops) {
  LayerHarness harness(
      "type: 'Input' top: 'a' top: 'b' input_param { shape { dim: 2 dim: 3 dim: 4 } }", {});
  EXPECT_EQ((Shape{2, 3, 4}), harness.top(0).shape());
  EXPECT_EQ((Shape{2, 3, 4}), harness.top(1).shape());
}

TEST(InputLayer, GivesEachTopItsShape) {
  LayerHarness harness(
      "type: 'Input' top: 'a' top: 'b' input_param { shape { dim: 5 } shape { dim: 0 dim: 7 } }",
      {});
  EXPECT_EQ((Shape{5}), harness.top(0).shape());
  EXPECT_EQ((Shape{0, 7}), harness.top(1).shape());
}

TEST(InputLayer, AShapeWithoutDimIsASingleValue) {
  LayerHarness harness("type: 'Input' top: 'a' input_param { shape { } }", {});
  EXPECT_EQ(Shape{}, harness.top().shape());
  EXPECT_EQ(1, harness.top().size());
}

TEST(InputLayer, KeepsTheShapeAndTheDataOfTheCaller) {
  LayerHarness harness("type: 'Input' top: 'a' input_param { shape { dim: 1 } }", {});
  harness.top().Reshape({3});
  SetData({1, 2, 3}, &harness.top());
  harness.Forward();
  EXPECT_EQ((std::vector<float>{1, 2, 3}), Data(harness.top()));
}

TEST(InputLayer, DeclaresThatItsTopsAreInputs) {
  LayerHarness harness("type: 'Input' top: 'a' input_param { shape { dim: 1 } }", {});
  EXPECT_TRUE(harness.layer().TopsAreInputs());
}

TEST(InputLayer, ReportsWhatIsWrong) {
  CheckErrors({
      {"name: 'l' type: 'Input' top: 'a'",
       {},
       "layer: error: layer 'l' (Input): has no shape; add input_param { shape { dim: 1 dim: 3 ... "
       "} }, one shape for all tops or one for each"},
      {"name: 'l' type: 'Input' top: 'a' input_param { }",
       {},
       "layer:1:34: error: layer 'l' (Input): has no shape; add input_param { shape { dim: 1 dim: "
       "3 ... } }, one shape for all tops or one for each"},
      {"name: 'l' type: 'Input' top: 'a' input_param { shape { dim: 1 } shape { dim: 1 } }",
       {},
       "layer:1:65: error: layer 'l' (Input): shape must be given once for all tops or once for "
       "each, got 2 for 1 top"},
      {"name: 'l' type: 'Input' top: 'a' top: 'b' top: 'c' "
       "input_param { shape { dim: 1 } shape { dim: 1 } }",
       {},
       "layer:1:83: error: layer 'l' (Input): shape must be given once for all tops or once for "
       "each, got 2 for 3 tops"},
      {"name: 'l' type: 'Input' top: 'a' input_param { shape { dim: 2 dim: -1 } }",
       {},
       "layer:1:68: error: layer 'l' (Input): a dimension must be from 0 to 2147483647, got -1"},
      {"name: 'l' type: 'Input' top: 'a' input_param { shape { dim: [2, 3000000000] } }",
       {},
       "layer:1:65: error: layer 'l' (Input): a dimension must be from 0 to 2147483647, got "
       "3000000000"},
      {"name: 'l' type: 'Input' top: 'a' "
       "input_param { shape { dim: 2000000000 dim: 2000000000 dim: 2000000000 } }",
       {},
       "layer:1:48: error: layer 'l' (Input): a blob of 2000000000 x 2000000000 x 2000000000 is "
       "too large for any machine"},
      {"name: 'l' type: 'Input' top: 'a' input_param { shape { dim: 1 } }",
       {{1}},
       "layer: error: layer 'l' (Input): takes exactly 0 bottom blobs, got 1"},
  });
}

}  // namespace
}  // namespace demitasse
