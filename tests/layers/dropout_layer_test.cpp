#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

std::string Dropout(const std::string& param) {
  return "name: 'l' type: 'Dropout' dropout_param { " + param + " }";
}

int64_t Dropped(const Blob& top) {
  const float* const y = top.cpu_data();
  return std::count(y, y + top.size(), 0.0f);
}

TEST(DropoutLayer, DropsItsRatioAndScalesTheRestInTraining) {
  for (const float ratio : {0.25f, 0.5f, 0.8f}) {
    LayerHarness harness(Dropout("dropout_ratio: " + std::to_string(ratio)), {{100, 100}});
    std::fill_n(harness.bottom().mutable_cpu_data(), 10000, 3.0f);
    harness.Forward();
    // 10000 draws have a standard deviation of at most 50.
    EXPECT_NEAR(static_cast<double>(Dropped(harness.top())), 10000 * ratio, 250);
    for (const float y : Data(harness.top())) {
      ASSERT_FLOAT_EQ(y, y == 0 ? 0 : 3 / (1 - ratio));
    }
  }
}

TEST(DropoutLayer, PassesGradientsWhereItPassedTheInput) {
  for (const char* const names : {" bottom: 'x' top: 'y'", " bottom: 'x' top: 'x'"}) {
    LayerHarness harness(Dropout("dropout_ratio: 0.75") + names, {{1000}});
    std::fill_n(harness.bottom().mutable_cpu_data(), 1000, 1.0f);
    harness.Forward();
    SetDiff(std::vector<float>(1000, 5), &harness.top());
    const std::vector<float> y = Data(harness.top());
    harness.Backward();
    const std::vector<float> diff = Diff(harness.bottom());
    for (size_t i = 0; i < y.size(); ++i) ASSERT_FLOAT_EQ(diff[i], 5 * y[i]) << i;
  }
}

TEST(DropoutLayer, DrawsAnewInEveryForward) {
  LayerHarness harness(Dropout(""), {{1000}});
  std::fill_n(harness.bottom().mutable_cpu_data(), 1000, 1.0f);
  harness.Forward();
  const std::vector<float> first = Data(harness.top());
  harness.Forward();
  EXPECT_NE(Data(harness.top()), first);
}

TEST(DropoutLayer, CopiesInTesting) {
  GradientOptions options;
  options.phase = caffe::TEST;
  CheckGradients(Dropout("dropout_ratio: 0.9"), {{2, 3, 4}}, options);
  for (const char* const names : {" bottom: 'x' top: 'y'", " bottom: 'x' top: 'x'"}) {
    LayerHarness harness(Dropout("") + names, {{3, 4}}, Engine::kReference, caffe::TEST);
    const std::vector<float> x = Data(harness.bottom());
    harness.Forward();
    EXPECT_EQ(Data(harness.top()), x);
    SetDiff(x, &harness.top());
    harness.Backward();
    EXPECT_EQ(Diff(harness.bottom()), x);
  }
}

TEST(DropoutLayer, DropsNothingWithARatioOfZero) {
  CheckGradients(Dropout("dropout_ratio: 0"), {{2, 3, 4}});
  CheckInPlace(Dropout("dropout_ratio: 0"), {2, 3, 4});
  CheckReshape(Dropout("dropout_ratio: 0"), {{2, 3}}, {{5, 7}});
  LayerHarness harness(Dropout("dropout_ratio: 0"), {{50}});
  harness.Forward();
  EXPECT_EQ(Data(harness.top()), Data(harness.bottom()));
}

TEST(DropoutLayer, RejectsRatiosThatAreNoProbabilityBelowOne) {
  const std::string head = "name: 'l' type: 'Dropout'\ndropout_param { dropout_ratio: ";
  const std::string error =
      "layer:2:32: error: layer 'l' (Dropout): dropout_ratio must be at least 0 and below 1, got ";
  CheckErrors({{head + "1 }", {{2}}, error + "1"},
               {head + "-0.1 }", {{2}}, error + "-0.1"},
               {head + "50 }", {{2}}, error + "50"}});
}

}  // namespace
}  // namespace demitasse
