#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;
using Values = std::vector<float>;

std::string InnerProduct(const std::string& param) {
  return "type: 'InnerProduct' inner_product_param { weight_filler { type: 'gaussian' } "
         "bias_filler { type: 'gaussian' } " +
         param + " }";
}

TEST(InnerProductLayer, MultipliesEverySampleByTheWeights) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    LayerHarness harness(InnerProduct("num_output: 2"), {{2, 3}}, engine);
    SetData({1, 2, 3, 4, 5, 6}, &harness.bottom());
    SetData({1, 0, -1, 2, 1, 0}, harness.layer().blobs()[0].get());
    SetData({10, 20}, harness.layer().blobs()[1].get());
    harness.Forward();
    EXPECT_EQ((Shape{2, 2}), harness.top().shape());
    EXPECT_EQ((Values{8, 24, 8, 33}), Data(harness.top()));
  }
}

TEST(InnerProductLayer, TransposedWeightsMeanTheSame) {
  LayerHarness harness(InnerProduct("num_output: 2 transpose: true bias_term: false"), {{2, 3}});
  SetData({1, 2, 3, 4, 5, 6}, &harness.bottom());
  SetData({1, 2, 0, 1, -1, 0}, harness.layer().blobs()[0].get());
  harness.Forward();
  ASSERT_EQ(1u, harness.layer().blobs().size());
  EXPECT_EQ((Shape{3, 2}), harness.layer().blobs()[0]->shape());
  EXPECT_EQ((Values{-2, 4, -2, 13}), Data(harness.top()));
}

TEST(InnerProductLayer, AxesBeforeTheGivenOneCountSamples) {
  const struct {
    std::string param;
    Shape weights, top;
  } cases[] = {
      {"num_output: 5", {5, 24}, {2, 5}},
      {"num_output: 5 axis: 0", {5, 48}, {5}},
      {"num_output: 5 axis: 2", {5, 8}, {2, 3, 5}},
      {"num_output: 5 axis: -1", {5, 2}, {2, 3, 4, 5}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.param);
    LayerHarness harness(InnerProduct(c.param), {{2, 3, 4, 2}});
    harness.Forward();
    EXPECT_EQ(c.weights, harness.layer().blobs()[0]->shape());
    EXPECT_EQ(c.top, harness.top().shape());
  }
}

TEST(InnerProductLayer, HasTheRightGradients) {
  for (const Engine engine : {Engine::kReference, Engine::kAuto}) {
    GradientOptions options;
    options.engine = engine;
    CheckGradients(InnerProduct("num_output: 4"), {{3, 2, 3}}, options);
    CheckGradients(InnerProduct("num_output: 4 transpose: true"), {{3, 2, 3}}, options);
    CheckGradients(InnerProduct("num_output: 4 axis: 2 bias_term: false"), {{2, 2, 3}}, options);
    CheckGradients(InnerProduct("num_output: 4"), {{1, 5}}, options);
  }
}

TEST(InnerProductLayer, FollowsTheBottomsShape) {
  CheckReshape(InnerProduct("num_output: 4"), {{3, 2, 3}}, {{5, 6}});
}

TEST(InnerProductLayer, TakesAnEmptyBatch) {
  LayerHarness harness(InnerProduct("num_output: 4"), {{0, 3}});
  harness.Forward();
  harness.Backward();
  EXPECT_EQ((Shape{0, 4}), harness.top().shape());
  EXPECT_EQ(Values(12, 0), Diff(*harness.layer().blobs()[0]));
}

TEST(InnerProductLayer, LeavesFrozenParametersAlone) {
  LayerHarness harness(InnerProduct("num_output: 2"), {{1, 3}});
  harness.Forward();
  SetDiff({1, 1}, &harness.top());
  SetDiff({5, 5}, harness.layer().blobs()[1].get());
  harness.layer().set_param_propagate_down(0, false);
  harness.layer().Backward(harness.tops(), {false}, harness.bottoms());
  EXPECT_EQ(Values(6, 0), Diff(*harness.layer().blobs()[0]));
  EXPECT_EQ(Values(2, 6), Diff(*harness.layer().blobs()[1]));
  EXPECT_EQ(Values(3, 0), Diff(harness.bottom()));
}

TEST(InnerProductLayer, ReportsAnotherNumberOfInputsThanAtSetUp) {
  LayerHarness harness("name: 'l' " + InnerProduct("num_output: 4"), {{2, 3, 4}});
  harness.bottom().Reshape({2, 5});
  try {
    harness.Forward();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(
        "layer: error: layer 'l' (InnerProduct): bottom[0] of 2 5 (10) has 5 elements from axis 1 "
        "on, the weights are for 12",
        error.what());
  }
}

TEST(InnerProductLayer, ReportsWhatIsWrong) {
  const auto layer = [](const std::string& param) {
    return "name: 'l' type: 'InnerProduct' inner_product_param { " + param + " }";
  };
  CheckErrors({
      {layer(""),
       {{2, 3}},
       "layer:1:32: error: layer 'l' (InnerProduct): num_output must be given"},
      {layer("num_output: 0"),
       {{2, 3}},
       "layer:1:66: error: layer 'l' (InnerProduct): num_output must be greater than 0, got 0"},
      {layer("num_output: 4294967295"),
       {{2, 3}},
       "layer:1:66: error: layer 'l' (InnerProduct): num_output must be at most 2147483647, got "
       "4294967295"},
      {layer("num_output: 4 axis: 2"),
       {{2, 3}},
       "layer:1:74: error: layer 'l' (InnerProduct): axis 2 is outside the bottom's 2 axes (2 3 "
       "(6))"},
      {layer("num_output: 4") + " bottom: 'a' top: 'a'",
       {{2, 3}},
       "layer:1:87: error: layer 'l' (InnerProduct): cannot write top[0] 'a' in place over its "
       "bottom[0]; give the top a name of its own"},
  });
}

}  // namespace
}  // namespace demitasse
