#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::FloatEq;
using testing::Pointwise;

std::string ReLU(const std::string& param) {
  return "name: 'l' type: 'ReLU' relu_param { " + param + " }";
}

// A rule for every case that keeps its input in place or reads its output.
const char* const kParams[] = {"",
                               "negative_slope: 0.1",
                               "negative_slope: 1",
                               "negative_slope: -0.5",
                               "max_value: 0.75",
                               "negative_slope: 0.3 max_value: 0.75",
                               "negative_slope: -0.3 max_value: 0.75",
                               "threshold: 0.5",
                               "negative_slope: 0.2 threshold: 0.5 max_value: 1",
                               "negative_slope: 0.2 threshold: -0.5 max_value: -0.25",
                               "negative_slope: 0.1 engine: CAFFE"};

std::vector<float> Output(const std::string& param, const std::vector<float>& x) {
  LayerHarness harness(ReLU(param), {{static_cast<int>(x.size())}});
  SetData(x, &harness.bottom());
  harness.Forward();
  return Data(harness.top());
}

TEST(ReLULayer, GivesTensorFlowsDocumentedNumbers) {
  const std::vector<float> x = {1, -0.5f, 3.4f, -2.1f, 0, -6.5f};
  EXPECT_THAT(Output("", x), ElementsAre(1, 0, 3.4f, 0, 0, 0));
  EXPECT_THAT(Output("negative_slope: 0.01", x),
              Pointwise(FloatEq(), std::vector<float>{1, -0.005f, 3.4f, -0.021f, 0, -0.065f}));
}

TEST(ReLULayer, HasCeilingAndThresholdOfKeras) {
  EXPECT_THAT(Output("max_value: 6", {-1, 5, 6, 7}), ElementsAre(0, 5, 6, 6));
  EXPECT_THAT(Output("threshold: 2", {-1, 1, 2, 3}), ElementsAre(0, 0, 2, 3));
  EXPECT_THAT(Output("negative_slope: 0.5 threshold: 2 max_value: 6", {-2, 0, 2, 6.5f}),
              ElementsAre(-2, -1, 2, 6));
  EXPECT_THAT(Output("max_value: 0", {-1, 0, 1}), ElementsAre(0, 0, 0));
}

TEST(ReLULayer, HasGradientsOfItsSlopes) {
  GradientOptions options;
  options.prepare = [](LayerHarness* harness) {
    for (int i = 0; i < 8; ++i) {  // no step leads over -0.5, -0.25, 0, 0.5, 0.75 or 1
      harness->bottom().mutable_cpu_data()[i] = 0.3f * static_cast<float>(i) - 1.08f;
    }
  };
  for (const char* const param : kParams) CheckGradients(ReLU(param), {{2, 4}}, options);
}

TEST(ReLULayer, HasTheSlopeAsGradientAtZeroAndNoneAtTheCeiling) {
  LayerHarness harness(ReLU("negative_slope: 0.25 max_value: 6"), {{4}});
  SetData({-1, 0, 1, 6}, &harness.bottom());
  harness.Forward();
  SetDiff({1, 1, 1, 1}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom()), ElementsAre(0.25f, 0.25f, 1, 0));
}

TEST(ReLULayer, WorksInPlace) {
  for (const char* const param : kParams) CheckInPlace(ReLU(param), {2, 3, 4, 5});
}

TEST(ReLULayer, ReadsItsTopOnlyWhereThatIsItsInput) {
  const std::string in_place = " bottom: 'x' top: 'x'";
  EXPECT_TRUE(LayerHarness(ReLU("") + in_place, {{2}}).layer().BackwardReadsTops());
  EXPECT_FALSE(LayerHarness(ReLU("") + " bottom: 'x' top: 'y'", {{2}}).layer().BackwardReadsTops());
  EXPECT_FALSE(
      LayerHarness(ReLU("negative_slope: -1") + in_place, {{2}}).layer().BackwardReadsTops());
}

TEST(ReLULayer, TakesAnyShape) {
  for (const std::vector<int>& shape : Shapes{{}, {7}, {2, 2, 3, 2, 3, 2}, {3, 0, 2}}) {
    LayerHarness harness(ReLU("negative_slope: 0.5"), {shape});
    std::fill_n(harness.bottom().mutable_cpu_data(), harness.bottom().size(), -2.0f);
    harness.Forward();
    EXPECT_EQ(harness.top().shape(), shape);
    EXPECT_THAT(Data(harness.top()), testing::Each(-1));
  }
  CheckReshape(ReLU("negative_slope: 0.1"), {{2, 3, 4, 5}}, {{3, 5}});
}

TEST(ReLULayer, RejectsACeilingBelowTheThreshold) {
  CheckErrors({
      {"name: 'l' type: 'ReLU'\nrelu_param { threshold: 2 max_value: 1.5 }",
       {{2}},
       "layer:2:38: error: layer 'l' (ReLU): max_value must not be below threshold (2), got 1.5"},
      {"name: 'l' type: 'ReLU'\nrelu_param { max_value: -1 }",
       {{2}},
       "layer:2:25: error: layer 'l' (ReLU): max_value must not be below threshold (0), got -1"},
  });
}

}  // namespace
}  // namespace demitasse
