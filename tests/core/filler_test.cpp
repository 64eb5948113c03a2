#include "demitasse/filler.hpp"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "demitasse/error.hpp"

namespace demitasse {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::FloatEq;
using testing::ThrowsMessage;

std::vector<float> Filled(const std::string& param, const std::vector<int>& shape) {
  caffe::FillerParameter filler;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(param, &filler));
  Rng rng(7);
  Blob blob(shape);
  Fill(filler, &rng, &blob);
  return std::vector<float>(blob.cpu_data(), blob.cpu_data() + blob.size());
}

struct Moments {
  double mean = 0;
  double deviation = 0;
};

Moments MomentsOf(const std::vector<float>& values) {
  Moments moments;
  for (const float value : values) moments.mean += value;
  moments.mean /= static_cast<double>(values.size());
  for (const float value : values) moments.deviation += std::pow(value - moments.mean, 2);
  moments.deviation = std::sqrt(moments.deviation / static_cast<double>(values.size()));
  return moments;
}

float Largest(const std::vector<float>& values) {
  return *std::max_element(values.begin(), values.end());
}

float Smallest(const std::vector<float>& values) {
  return *std::min_element(values.begin(), values.end());
}

TEST(Filler, Constant) {
  EXPECT_THAT(Filled("", {3}), ElementsAre(0, 0, 0));
  EXPECT_THAT(Filled("type: 'constant' value: 2.5", {2}), ElementsAre(2.5f, 2.5f));
}

TEST(Filler, Uniform) {
  const auto values = Filled("type: 'uniform' min: -3 max: 1", {10000});
  EXPECT_GE(Smallest(values), -3);
  EXPECT_LT(Smallest(values), -2.99f);
  EXPECT_LE(Largest(values), 1);
  EXPECT_GT(Largest(values), 0.99f);
  EXPECT_NEAR(-1, MomentsOf(values).mean, 0.05);
  EXPECT_THAT(Filled("type: 'uniform' min: 2 max: 2", {2}), ElementsAre(2, 2));
}

TEST(Filler, Gaussian) {
  const Moments moments = MomentsOf(Filled("type: 'gaussian' mean: 5 std: 2", {100, 100}));
  EXPECT_NEAR(5, moments.mean, 0.1);
  EXPECT_NEAR(2, moments.deviation, 0.1);
}

TEST(Filler, SparseGaussianKeepsAFewOutputsOfEachInput) {
  const auto values = Filled("type: 'gaussian' mean: 1 std: 0 sparse: 5", {50, 2000});
  double kept = 0;
  for (const float value : values) kept += value;
  EXPECT_NEAR(5 * 2000, kept, 300);
  EXPECT_THAT(Filled("type: 'gaussian' mean: 1 std: 0 sparse: 0", {2, 2}), Each(0));
  EXPECT_THAT(Filled("type: 'gaussian' mean: 1 std: 0 sparse: 9", {2, 2}), Each(1));
}

TEST(Filler, PositiveUnitballAddsUpToOneForEachOutput) {
  const auto values = Filled("type: 'positive_unitball'", {2, 3, 2});
  EXPECT_GT(Smallest(values), 0);
  for (size_t row = 0; row < 2; ++row) {
    float sum = 0;
    for (size_t i = 0; i < 6; ++i) sum += values[row * 6 + i];
    EXPECT_FLOAT_EQ(1, sum);
  }
}

// Of 10 outputs and 40 inputs with windows of 5.
TEST(Filler, XavierIsUniformByTheFan) {
  const std::vector<int> shape = {10, 40, 5};
  EXPECT_NEAR(std::sqrt(3.0 / 200), Largest(Filled("type: 'xavier'", shape)), 0.002);
  EXPECT_NEAR(std::sqrt(3.0 / 50), Largest(Filled("type: 'xavier' variance_norm: FAN_OUT", shape)),
              0.002);
  EXPECT_NEAR(-std::sqrt(3.0 / 125),
              Smallest(Filled("type: 'xavier' variance_norm: AVERAGE", shape)), 0.002);
}

TEST(Filler, MsraIsGaussianByTheFan) {
  const std::vector<int> shape = {40, 100, 5};
  EXPECT_NEAR(std::sqrt(2.0 / 500), MomentsOf(Filled("type: 'msra'", shape)).deviation, 0.002);
  EXPECT_NEAR(std::sqrt(2.0 / 200),
              MomentsOf(Filled("type: 'msra' variance_norm: FAN_OUT", shape)).deviation, 0.002);
}

TEST(Filler, BilinearInterpolates) {
  EXPECT_THAT(Filled("type: 'bilinear'", {1, 1, 4, 4}),
              ElementsAre(0.0625f, 0.1875f, 0.1875f, 0.0625f,  //
                          0.1875f, 0.5625f, 0.5625f, 0.1875f,  //
                          0.1875f, 0.5625f, 0.5625f, 0.1875f,  //
                          0.0625f, 0.1875f, 0.1875f, 0.0625f));
  EXPECT_THAT(Filled("type: 'bilinear'", {1, 1, 3, 3}),
              ElementsAre(0.25f, 0.5f, 0.25f, 0.5f, 1, 0.5f, 0.25f, 0.5f, 0.25f));
  EXPECT_THAT(Filled("type: 'bilinear'", {1, 2, 2, 2}), Each(FloatEq(0.25f)));
}

TEST(Filler, FillsEmptyBlobs) {
  for (const char* const type :
       {"constant", "uniform", "gaussian", "positive_unitball", "xavier", "msra", "bilinear"}) {
    EXPECT_TRUE(Filled(std::string("type: '") + type + "'", {0, 0, 2, 2}).empty());
  }
}

TEST(Filler, ReportsWhatIsWrong) {
  const auto error = [](const std::string& param, const std::vector<int>& shape,
                        const std::string& message) {
    EXPECT_THAT([&] { Filled(param, shape); }, ThrowsMessage<Error>("error: " + message));
  };
  error("type: 'xavir'", {2},
        "unknown filler type 'xavir'; did you mean 'xavier'? (known: bilinear, constant, gaussian, "
        "msra, positive_unitball, uniform, xavier)");
  error("type: 'uniform' min: 2", {2}, "min must not be above max, got 2 and 1");
  error("type: 'gaussian' std: -1", {2}, "std must not be negative, got -1");
  error("type: 'gaussian' sparse: 1", {},
        "sparse needs outputs on the first axis, got a blob of (1)");
  error("type: 'xavier' sparse: 1", {2}, "sparse is for the gaussian filler, not for 'xavier'");
  error("type: 'bilinear'", {1, 1, 2, 3},
        "the bilinear filler needs 4 axes and a square kernel, got a blob of 1 1 2 3 (6)");
}

}  // namespace
}  // namespace demitasse
