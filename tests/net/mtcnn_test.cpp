// A real face detector, three PReLU nets with weights in the old V1 form, on the data of a photo:
// outputs and gradients must be Caffe's. The nets are not part of this project; where they are not
// beside it, the test is skipped.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "demitasse/net.hpp"
#include "src/io/npy.hpp"

namespace demitasse {
namespace {

constexpr double kTolerance = 1e-4;  // of the largest value of its kind in the net
constexpr double kPureRounding = 1e-6;

struct Comparison {
  std::string name;
  std::vector<float> expected;
  const float* actual;
};

void ExpectEqual(const std::vector<Comparison>& kind) {
  ASSERT_FALSE(kind.empty());
  double largest = 0;
  for (const Comparison& array : kind) {
    for (const float value : array.expected) largest = std::max(largest, std::abs(double{value}));
  }
  for (const Comparison& array : kind) {
    for (size_t i = 0; i < array.expected.size(); ++i) {
      ASSERT_NEAR(array.expected[i], array.actual[i], std::max(kTolerance * largest, kPureRounding))
          << array.name << " at " << i;
    }
  }
}

class Mtcnn : public testing::TestWithParam<std::tuple<std::string, Engine>> {
 protected:
  void SetUp() override {
    folder_ = std::string(DEMITASSE_SOURCE_DIR) + "/../shared/data/mtcnn/" +
              std::get<0>(GetParam()) + "/";
    if (!std::filesystem::exists(folder_)) {
      GTEST_SKIP() << "the face detector's nets are not beside the project";
    }
  }

  Comparison Compare(const std::string& file, const Blob& blob, const float* actual) const {
    NdArray expected = ReadNpy(folder_ + file);
    EXPECT_EQ(expected.shape, blob.shape()) << file;
    return {file, std::move(expected.values), actual};
  }

  std::string folder_;
};

TEST_P(Mtcnn, GivesCaffesAnswers) {
  NetOptions options;
  options.engine = std::get<1>(GetParam());
  options.force_backward = true;
  Net net(folder_ + "net.prototxt", options);
  net.CopyTrainedLayersFrom(folder_ + "weights.caffemodel");
  EXPECT_TRUE(net.UntrainedLayers().empty());

  const NdArray input = ReadNpy(folder_ + "in_data.npy");
  Blob* const data = net.blob_by_name("data").get();
  data->Reshape(input.shape);
  std::copy(input.values.begin(), input.values.end(), data->mutable_cpu_data());
  net.Forward();
  net.ClearParamDiffs();
  net.Backward();

  std::vector<Comparison> outputs;
  for (size_t i = 0; i < net.output_names().size(); ++i) {
    const Blob& blob = *net.output_blobs()[i];
    outputs.push_back(Compare("out_" + net.output_names()[i] + ".npy", blob, blob.cpu_data()));
  }
  ExpectEqual(outputs);
  ExpectEqual({Compare("din_data.npy", *data, data->cpu_diff())});

  std::vector<Comparison> gradients;
  for (const auto& layer : net.layers()) {
    for (size_t i = 0; i < layer->blobs().size(); ++i) {
      const Blob& blob = *layer->blobs()[i];
      const std::string file =
          "dparam_" + layer->layer_param().name() + "_" + std::to_string(i) + ".npy";
      gradients.push_back(Compare(file, blob, blob.cpu_diff()));
    }
  }
  ExpectEqual(gradients);
}

INSTANTIATE_TEST_SUITE_P(Nets, Mtcnn,
                         testing::Combine(testing::Values("det1", "det2", "det3"),
                                          testing::Values(Engine::kReference, Engine::kAuto)),
                         [](const auto& run) {
                           return std::get<0>(run.param) +
                                  (std::get<1>(run.param) == Engine::kReference ? "_reference"
                                                                                : "_fast");
                         });

}  // namespace
}  // namespace demitasse
