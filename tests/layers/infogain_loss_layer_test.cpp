#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "demitasse/net.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;

std::string Loss(const std::string& fields) { return "name: 'l' type: 'InfogainLoss' " + fields; }

void SetLabels(LayerHarness* harness) {
  float* const labels = harness->bottom(1).mutable_cpu_data();
  for (int64_t i = 0; i < harness->bottom(1).size(); ++i) labels[i] = static_cast<float>(i * 2 % 3);
}

// Scores of 2 samples, 2 classes and 3 places, all 0, so that all log(p) are -log(2); the rows of H
// have the sums 3 and 7.
LayerHarness EvenScores(const std::string& fields, const std::vector<float>& labels) {
  LayerHarness harness(Loss(fields), {{2, 2, 3}, {2, 3}, {2, 2}});
  SetData(std::vector<float>(12, 0), &harness.bottom(0));
  SetData(labels, &harness.bottom(1));
  SetData({1, 2, 3, 4}, &harness.bottom(2));
  return harness;
}

std::string MatrixBytes(const std::vector<float>& values) {
  caffe::BlobProto matrix;
  matrix.set_num(1);
  matrix.set_channels(1);
  matrix.set_height(1);
  matrix.set_width(static_cast<int>(values.size()));
  for (const float value : values) matrix.add_data(value);
  return matrix.SerializeAsString();
}

// A file in TempDir() with these bytes, as long as the object lives.
class TempFile {
 public:
  TempFile(const std::string& extension, const std::string& bytes)
      : name_("infogain_" + std::to_string(getpid()) + extension) {
    std::ofstream(path(), std::ios::binary) << bytes;
  }
  ~TempFile() { unlink(path().c_str()); }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;

  const std::string& name() const { return name_; }
  std::string path() const { return testing::TempDir() + name_; }

 private:
  std::string name_;
};

std::string Source(const std::string& path) {
  return "infogain_loss_param { source: '" + path + "' }";
}

TEST(InfogainLossLayer, WeighsLogProbabilitiesByTheRowOfTheLabel) {
  LayerHarness harness(Loss("bottom: 'x' bottom: 'l' bottom: 'H' top: 'loss' top: 'p'"),
                       {{1, 2}, {1}, {2, 2}});
  SetData({std::log(3.0f), 0}, &harness.bottom(0));  // p = 3/4, 1/4
  SetData({1}, &harness.bottom(1));
  SetData({9, 9, 2, 5}, &harness.bottom(2));
  EXPECT_FLOAT_EQ(harness.Forward(), -2 * std::log(0.75f) - 5 * std::log(0.25f));
  EXPECT_TRUE(harness.top(0).shape().empty());
  EXPECT_THAT(Data(harness.top(1)), Pointwise(FloatNear(1e-6f), std::vector<float>{0.75f, 0.25f}));
  SetDiff({2}, &harness.top());
  harness.Backward();
  EXPECT_THAT(
      Diff(harness.bottom(0)),
      Pointwise(FloatNear(1e-5f), std::vector<float>{2 * (7 * 0.75f - 2), 2 * (7 * 0.25f - 5)}));
}

TEST(InfogainLossLayer, ReadsTheMatrixFromAFile) {
  const TempFile file(".binaryproto", MatrixBytes({9, 9, 2, 5}));
  LayerHarness harness(Loss(Source(file.path())), {{1, 2}, {1}});
  SetData({std::log(3.0f), 0}, &harness.bottom(0));
  SetData({1}, &harness.bottom(1));
  EXPECT_FLOAT_EQ(harness.Forward(), -2 * std::log(0.75f) - 5 * std::log(0.25f));
  SetDiff({1}, &harness.top());
  harness.Backward();
  EXPECT_THAT(Diff(harness.bottom(0)),
              Pointwise(FloatNear(1e-5f), std::vector<float>{7 * 0.75f - 2, 7 * 0.25f - 5}));
}

TEST(InfogainLossLayer, FindsTheFileBesideTheNet) {
  const TempFile matrix(".binaryproto", MatrixBytes({1, 0, 0, 1}));
  const std::string input = "type: 'Input' input_param { shape { dim: 1 ";
  const TempFile file(".prototxt", "layer { name: 'in' top: 'x' " + input + "dim: 2 } } }\n" +
                                       "layer { name: 'in_l' top: 'l' " + input + "} } }\n" +
                                       "layer { bottom: 'x' bottom: 'l' top: 'loss' " +
                                       Loss(Source(matrix.name())) + " }");
  Net net(file.path());
  float loss = 0;
  net.Forward(&loss);
  EXPECT_FLOAT_EQ(loss, std::log(2.0f));
}

TEST(InfogainLossLayer, DividesAsNormalizationSays) {
  const float sum = (3 + 7 + 3 + 7) * std::log(2.0f);  // 2 of 6 places are ignored
  const std::pair<const char*, float> cases[] = {
      {"", sum / 4},
      {"normalization: FULL", sum / 6},
      {"normalization: VALID", sum / 4},
      {"normalization: BATCH_SIZE", sum / 2},
      {"normalization: NONE", sum},
  };
  for (const auto& [param, expected] : cases) {
    LayerHarness harness =
        EvenScores("loss_param { ignore_label: 5 " + std::string(param) + " }", {0, 1, 5, 5, 0, 1});
    EXPECT_FLOAT_EQ(harness.Forward(), expected) << param;
  }
}

TEST(InfogainLossLayer, StaysFiniteForAProbabilityOfZeroButNotForNaN) {
  LayerHarness harness(Loss(""), {{1, 2}, {1}, {2, 2}});
  SetData({1000, -1000}, &harness.bottom(0));
  SetData({1}, &harness.bottom(1));
  SetData({1, 0, 0, 1}, &harness.bottom(2));
  EXPECT_FLOAT_EQ(harness.Forward(), -std::log(1e-20f));
  SetData({std::numeric_limits<float>::quiet_NaN(), 0}, &harness.bottom(0));
  EXPECT_TRUE(std::isnan(harness.Forward()));
}

TEST(InfogainLossLayer, HasGradientsForTheScoresOnly) {
  GradientOptions options;
  options.prepare = SetLabels;
  for (const char* const param :
       {"", "normalization: NONE", "ignore_label: 1", "ignore_label: 0 normalization: FULL"}) {
    CheckGradients(Loss("loss_param { " + std::string(param) + " }"), {{4, 3}, {4}, {3, 3}},
                   options);
  }
  CheckGradients(Loss(""), {{2, 3, 2, 2}, {2, 1, 2, 2}, {1, 1, 3, 3}}, options);
  CheckGradients(Loss("infogain_loss_param { axis: -1 }"), {{2, 4, 3}, {2, 4}, {9}}, options);
  LayerHarness harness = EvenScores("", {0, 0, 0, 0, 0, 0});
  EXPECT_FALSE(harness.layer().AllowForceBackward(1));
  EXPECT_FALSE(harness.layer().AllowForceBackward(2));
}

TEST(InfogainLossLayer, FollowsNewShapesAndEmptyBatches) {
  GradientOptions options;
  options.prepare = SetLabels;
  CheckReshape(Loss("top: 'loss' top: 'p'"), {{4, 3}, {4}, {3, 3}}, {{2, 5, 3}, {2, 3}, {5, 5}},
               options);
  EXPECT_EQ(LayerHarness(Loss(""), {{0, 3}, {0}, {3, 3}}).Forward(), 0);
}

TEST(InfogainLossLayer, CountsWithItsWeightInTheNetsLoss) {
  LayerHarness harness = EvenScores("top: 'loss' loss_weight: 0.5", {0, 0, 0, 0, 0, 0});
  EXPECT_FLOAT_EQ(harness.Forward(), 0.5f * 3 * std::log(2.0f));
  EXPECT_THAT(Data(harness.top()), ElementsAre(testing::FloatEq(3 * std::log(2.0f))));
}

TEST(InfogainLossLayer, RejectsBadParametersAndShapes) {
  const std::string text =
      "name: 'l' type: 'InfogainLoss' bottom: 'x' bottom: 'label' bottom: 'H'\n";
  const std::string error = ": error: layer 'l' (InfogainLoss): ";
  CheckErrors({
      {text + "loss_param { normalize: true }",
       {{4, 3}, {4}, {3, 3}},
       "layer:2:25" + error +
           "normalize is not for this loss; give normalization: VALID for true, BATCH_SIZE for "
           "false"},
      {text + "infogain_loss_param { axis: 2 }",
       {{4, 3}, {4}, {3, 3}},
       "layer:2:29" + error + "axis 2 is outside the bottom's 2 axes (4 3 (12))"},
      {text,
       {{4, 3}, {4}, {3, 4}},
       "layer:1:68" + error +
           "the matrix must have 3 x 3 elements for the 3 classes of 4 3 (12) scores, got 3 4 "
           "(12)"},
      {text,
       {{4, 3}, {5}, {3, 3}},
       "layer:1:52" + error +
           "needs as many samples (axis 0) in both bottoms, got 4 3 (12) and 5 (5)"},
      {text,
       {{4, 3, 2}, {4}, {3, 3}},
       "layer:1:52" + error +
           "needs one label for each of the 8 places of 4 3 2 (24) scores with the classes on "
           "axis 1, got 4 labels"},
      {"name: 'l' type: 'InfogainLoss'\nbottom: 'x'",
       {{4, 3}},
       "layer:2:9" + error + "takes at least 2 bottom blobs, got 1: x"},
      {"name: 'l' type: 'InfogainLoss'\ninfogain_loss_param { axis: 1 }",
       {{4, 3}, {4}},
       "layer:2:1" + error +
           "needs its matrix, as a file (infogain_loss_param { source: ... }) or as a third "
           "bottom"},
  });
}

TEST(InfogainLossLayer, RejectsFilesThatHoldNoMatrix) {
  const std::string error = "layer:2:31: error: layer 'l' (InfogainLoss): ";
  const Shapes shapes = {{4, 3}, {4}};
  CheckErrors({{Loss("\n" + Source("none")), shapes, error + "there is no file 'none'"}});
  {
    const TempFile small(".binaryproto", MatrixBytes({1, 2, 3, 4}));
    CheckErrors(
        {{Loss("\n" + Source(small.path())), shapes,
          error + "the matrix must have 3 x 3 elements for the 3 classes of 4 3 (12) scores, "
                  "got 1 1 1 4 (4)"}});
  }
  const TempFile garbage(".binaryproto", "hello");
  CheckErrors({{Loss("\n" + Source(garbage.path())), shapes,
                error + garbage.path() +
                    ": this is no .binaryproto file (an array as a BlobProto message), or it is "
                    "damaged"}});
}

}  // namespace
}  // namespace demitasse
