#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;

std::string Softmax(const std::string& param) {
  return "name: 'l' type: 'Softmax' softmax_param { " + param + " }";
}

std::vector<float> Output(const std::string& param, const std::vector<int>& shape,
                          const std::vector<float>& x) {
  LayerHarness harness(Softmax(param), {shape});
  SetData(x, &harness.bottom());
  harness.Forward();
  EXPECT_EQ(harness.top().shape(), shape);
  return Data(harness.top());
}

TEST(SoftmaxLayer, GivesKnownNumbersAlongAxisOne) {
  EXPECT_THAT(Output("", {1, 3}, {1, 2, 3}),
              Pointwise(FloatNear(1e-6f), {0.09003057f, 0.24472847f, 0.66524096f}));
  EXPECT_THAT(Output("", {1, 2, 1, 2}, {3, 1, 3, 2}),
              Pointwise(FloatNear(1e-6f), {0.5f, 0.26894143f, 0.5f, 0.73105857f}));
}

TEST(SoftmaxLayer, WorksAlongAnyAxis) {
  const std::vector<float> x = {0, 0, 100, 0};
  EXPECT_THAT(Output("axis: 0", {2, 2}, x), ElementsAre(FloatNear(0, 1e-6f), 0.5f, 1, 0.5f));
  EXPECT_THAT(Output("axis: 1", {2, 2}, x), ElementsAre(0.5f, 0.5f, 1, FloatNear(0, 1e-6f)));
  EXPECT_EQ(Output("axis: -1", {2, 2}, x), Output("axis: 1", {2, 2}, x));
  EXPECT_EQ(Output("axis: -2", {2, 2}, x), Output("axis: 0", {2, 2}, x));
  EXPECT_EQ(Output("engine: CAFFE", {2, 2}, x), Output("", {2, 2}, x));
}

TEST(SoftmaxLayer, HasGradients) {
  for (const char* const param : {"axis: 0", "axis: 1", "axis: -1"}) {
    CheckGradients(Softmax(param), {{3, 5, 4}});
  }
}

TEST(SoftmaxLayer, WorksInPlace) {
  CheckInPlace(Softmax(""), {2, 5, 3});
  CheckInPlace(Softmax("axis: -1"), {2, 5, 3});
  EXPECT_TRUE(LayerHarness(Softmax(""), {{2, 3}}).layer().BackwardReadsTops());
}

TEST(SoftmaxLayer, FollowsNewShapes) {
  CheckReshape(Softmax(""), {{2, 3, 4}}, {{5, 6}});
  EXPECT_THAT(Output("", {0, 3}, {}), ElementsAre());
}

TEST(SoftmaxLayer, RejectsAnAxisTheBottomDoesNotHave) {
  const std::string head = "name: 'l' type: 'Softmax'\nsoftmax_param { axis: ";
  CheckErrors({
      {head + "2 }",
       {{3, 4}},
       "layer:2:23: error: layer 'l' (Softmax): axis 2 is outside the bottom's 2 axes (3 4 (12))"},
      {head + "-3 }",
       {{3, 4}},
       "layer:2:23: error: layer 'l' (Softmax): axis -3 is outside the bottom's 2 axes (3 4 (12))"},
      {"name: 'l' type: 'Softmax'",
       {{3}},
       "layer: error: layer 'l' (Softmax): axis 1 is outside the bottom's 1 axes (3 (3))"},
  });
}

}  // namespace
}  // namespace demitasse
