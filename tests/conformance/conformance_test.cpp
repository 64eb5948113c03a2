// Every net that Caffe has answered, forward and backward, with each engine.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "demitasse/net.hpp"
#include "src/parse/prototxt.hpp"
#include "tests/conformance/conformance_file.hpp"

namespace demitasse {
namespace {

const char kFile[] = DEMITASSE_SOURCE_DIR "/tests/conformance/data/bvlc_layers.h5";
constexpr double kTolerance = 2e-4;  // of the largest value in the array

struct Run {
  std::string name;
  Engine engine;
};

void PrintTo(const Run& run, std::ostream* out) {
  *out << run.name
       << (run.engine == Engine::kReference ? " by the reference" : " by the fast engine");
}

std::vector<Run> Runs() {
  std::vector<Run> runs;
  for (const std::string& name : ListConformanceCases(kFile)) {
    runs.push_back({name, Engine::kReference});
    runs.push_back({name, Engine::kAuto});
  }
  return runs;
}

void ExpectEqual(const std::string& what, const ConformanceArray& expected, const float* actual,
                 int64_t size) {
  ASSERT_EQ(static_cast<int64_t>(expected.values.size()), size) << what;
  double largest = 0;
  for (const float value : expected.values) largest = std::max(largest, std::abs(double{value}));
  for (size_t i = 0; i < expected.values.size(); ++i) {
    if (std::isnan(expected.values[i]) && std::isnan(actual[i])) continue;
    ASSERT_NEAR(expected.values[i], actual[i], kTolerance * largest + 1e-6)
        << what << " at " << i << " of " << expected.values.size();
  }
}

void ExpectParameters(const std::string& what, const ConformanceCase::Parameters& expected,
                      const Net& net, bool gradient) {
  for (const auto& [key, array] : expected) {
    const Blob& blob = *net.layer_by_name(key.first)->blobs().at(static_cast<size_t>(key.second));
    ExpectEqual(what + key.first + "/" + std::to_string(key.second), array,
                gradient ? blob.cpu_diff() : blob.cpu_data(), blob.size());
  }
}

class Conformance : public testing::TestWithParam<Run> {
 protected:
  void SetUp() override {
    case_ = ReadConformanceCase(kFile, GetParam().name);
    Diagnostics diagnostics;
    NetSource read = ReadNetFromText(case_.prototxt, GetParam().name, {}, &diagnostics);
    ASSERT_FALSE(diagnostics.has_errors()) << diagnostics.list()[0].ToString();
    NetOptions options;
    options.phase = case_.phase == "TRAIN" ? caffe::TRAIN : caffe::TEST;
    options.engine = GetParam().engine;
    net_ = std::make_unique<Net>(read.net, options, read.source);
    for (const auto& [blob, array] : case_.inputs) {
      Blob* const input = net_->blob_by_name(blob).get();
      ASSERT_EQ(array.shape, input->shape()) << blob;
      std::copy(array.values.begin(), array.values.end(), input->mutable_cpu_data());
    }
    for (const auto& [key, array] : case_.weights) {
      Blob* const blob =
          net_->layer_by_name(key.first)->blobs().at(static_cast<size_t>(key.second)).get();
      ASSERT_EQ(array.shape, blob->shape()) << key.first << " " << key.second;
      std::copy(array.values.begin(), array.values.end(), blob->mutable_cpu_data());
    }
  }

  ConformanceCase case_;
  std::unique_ptr<Net> net_;
};

TEST_P(Conformance, GivesCaffesAnswers) {
  float loss = 0;
  net_->Forward(&loss);
  EXPECT_NEAR(case_.loss, loss, kTolerance * std::abs(case_.loss) + 1e-6);
  for (const auto& [blob, array] : case_.outputs) {
    EXPECT_EQ(array.shape, net_->blob_by_name(blob)->shape()) << blob;
    ExpectEqual("blob " + blob, array, net_->blob_by_name(blob)->cpu_data(),
                net_->blob_by_name(blob)->size());
  }
  ExpectParameters("after Forward, ", case_.weights_after, *net_, false);
  if (!case_.backward) return;

  net_->ClearParamDiffs();
  net_->Backward();
  for (const auto& [blob, array] : case_.input_gradients) {
    ExpectEqual("gradient of " + blob, array, net_->blob_by_name(blob)->cpu_diff(),
                net_->blob_by_name(blob)->size());
  }
  ExpectParameters("gradient of ", case_.weight_gradients, *net_, true);
}

TEST_P(Conformance, GivesThemOptimizedToo) {
  if (net_->phase() == caffe::TRAIN) {
    EXPECT_THROW(net_->Optimize(), Error);
    return;
  }
  net_->Optimize();
  float loss = 0;
  net_->Forward(&loss);
  EXPECT_NEAR(case_.loss, loss, kTolerance * std::abs(case_.loss) + 1e-6);
  for (const std::string& blob : net_->output_names()) {
    const auto found = case_.outputs.find(blob);
    if (found == case_.outputs.end()) continue;
    ExpectEqual("blob " + blob, found->second, net_->blob_by_name(blob)->cpu_data(),
                net_->blob_by_name(blob)->size());
  }
}

INSTANTIATE_TEST_SUITE_P(Caffe, Conformance, testing::ValuesIn(Runs()), [](const auto& run) {
  return run.param.name + (run.param.engine == Engine::kReference ? "_reference" : "_fast");
});

}  // namespace
}  // namespace demitasse
