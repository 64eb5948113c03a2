// Every net of models/: phase TRAIN gives a loss and gradients, phase TEST the outputs it should.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "demitasse/net.hpp"
#include "demitasse/random.hpp"

namespace demitasse {
namespace {

namespace fs = std::filesystem;

struct Facts {
  std::map<std::string, std::vector<int>> outputs;  // of phase TEST
  std::string parameters;                           // learned ones of phase TEST
  std::set<std::string> without_gradient = {};      // parameters whose gradient is 0 by design
  float input_scale = 1;                            // inputs are from 0 to this
};

const std::map<std::string, Facts>& Known() {
  const std::vector<int> digits = {1, 10};
  const std::vector<int> classes = {1, 1000};
  const std::vector<int> class_maps = {1, 1000, 1, 1};
  static const std::map<std::string, Facts> facts = {
      // Its small first weights are made for pixels up to 255.
      {"alexnet", {{{"prob", classes}}, "60,965,224", {}, 255}},
      {"alexnet_prelu", {{{"prob", classes}}, "60,974,792", {}, 255}},
      {"autoencoder", {{{"decode1neuron", {1, 784}}}, "2,837,314"}},
      {"channel_attention", {{{"out", {4, 32, 32, 32}}}, "56,576"}},
      {"digits8_prelu", {{{"prob", digits}}, "12,370"}},
      {"digits_prelu", {{{"prob", digits}}, "6,018"}},
      {"googlenet", {{{"prob", classes}}, "6,998,552"}},
      {"googlenet_prelu", {{{"prob", classes}}, "7,005,832"}},
      {"keras_cnn", {{{"prob", digits}}, "93,322"}},
      {"lenet", {{{"prob", digits}}, "431,080"}},
      {"lenet_prelu", {{{"prob", digits}}, "431,580"}},
      {"lstm", {{{"probs", {16, 1, 128}}}, "369,792"}},
      {"mobilenet_v1", {{{"prob", class_maps}}, "4,231,976"}},
      {"mobilenet_v2", {{{"prob", class_maps}}, "3,505,960"}},
      {"resnet34", {{{"prob", classes}}, "21,797,672"}},
      {"resnet34_prelu", {{{"prob", classes}}, "21,805,288"}},
      {"resnet50", {{{"prob", classes}}, "25,557,096"}},
      // The loss depends on the difference of both points: a bias of both changes nothing.
      {"siamese", {{{"feat", {2, 2}}, {"feat_p", {2, 2}}}, "431,102", {"ip2.1", "feat.1"}}},
      {"sphereface20", {{{"fc5", {1, 512}}}, "22,670,656"}},
      {"squeezenet11", {{{"prob", class_maps}}, "1,235,496"}},
      {"vgg16", {{{"prob", classes}}, "138,357,544"}},
      {"vgg16_prelu", {{{"prob", classes}}, "138,369,960"}},
  };
  return facts;
}

fs::path Folder() { return fs::path(DEMITASSE_SOURCE_DIR) / "models"; }

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(Folder())) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string ReadText(const fs::path& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string WithCommas(int64_t number) {
  std::string text = std::to_string(number);
  for (int64_t i = static_cast<int64_t>(text.size()) - 3; i > 0; i -= 3) {
    text.insert(static_cast<size_t>(i), ",");
  }
  return text;
}

struct Parameter {
  std::string name;
  Blob* blob;
};

// Those that are learned (no running statistics), shared ones once.
std::vector<Parameter> LearnedParameters(const Net& net) {
  std::vector<Blob*> left = net.learnable_params();
  std::vector<Parameter> learned;
  for (const auto& layer : net.layers()) {
    for (size_t i = 0; i < layer->blobs().size(); ++i) {
      const auto found = std::find(left.begin(), left.end(), layer->blobs()[i].get());
      if (found == left.end() || !layer->ParameterHasGradient(static_cast<int>(i))) continue;
      learned.push_back({layer->layer_param().name() + "." + std::to_string(i), *found});
      left.erase(found);
    }
  }
  return learned;
}

std::string CountLearned(const Net& net) {
  int64_t count = 0;
  for (const Parameter& parameter : LearnedParameters(net)) count += parameter.blob->size();
  return WithCommas(count);
}

// The same numbers in [0, scale) for each net; labels and words 1 and 0, which are valid in all
// nets, in turn.
void FillInputs(float scale, Net* net) {
  Rng rng(5);
  for (size_t i = 0; i < net->input_names().size(); ++i) {
    Blob* const blob = net->input_blobs()[i];
    const bool is_index = net->is_index(net->input_names()[i]);
    for (int64_t k = 0; k < blob->size(); ++k) {
      blob->mutable_cpu_data()[k] =
          is_index ? static_cast<float>((k + 1) % 2) : scale * rng.Uniform();
    }
  }
}

bool AllFinite(const float* values, int64_t count) {
  return std::all_of(values, values + count, [](float value) { return std::isfinite(value); });
}

void ExpectGradient(const std::string& name, const Blob& blob, bool is_zero = false) {
  const float* const gradient = blob.cpu_diff();
  EXPECT_TRUE(AllFinite(gradient, blob.size())) << name;
  if (is_zero) return;
  EXPECT_TRUE(std::any_of(gradient, gradient + blob.size(), [](float value) { return value != 0; }))
      << name << " has a gradient of zeros";
}

// Once it is optimized, a net that has not run yet gives what `plain` gave, but for rounding. Here
// BatchNorm has the statistics of a single batch, some of little variance, which amplify it.
void ExpectSameOptimized(const Net& plain, float input_scale, Net* net) {
  net->Optimize();
  FillInputs(input_scale, net);
  net->Forward();
  for (size_t i = 0; i < plain.output_blobs().size(); ++i) {
    const Blob& expected = *plain.output_blobs()[i];
    const float* const values = expected.cpu_data();
    const float* const actual = net->output_blobs()[i]->cpu_data();
    float largest = 0;
    for (int64_t k = 0; k < expected.size(); ++k) largest = std::max(largest, std::abs(values[k]));
    for (int64_t k = 0; k < expected.size(); ++k) {
      ASSERT_NEAR(values[k], actual[k], 3e-4 * largest) << plain.output_names()[i];
    }
  }
}

class ModelTest : public testing::TestWithParam<std::string> {
 protected:
  static std::string File() {
    return (Folder() / GetParam() / (GetParam() + ".prototxt")).string();
  }

  static NetOptions Options(caffe::Phase phase) {
    NetOptions options;
    options.phase = phase;
    options.force_backward = phase == caffe::TRAIN;
    return options;
  }
};

TEST_P(ModelTest, LearnsInTrainAndGivesItsOutputsInTest) {
  ASSERT_EQ(1u, Known().count(GetParam())) << "add the model's facts to this test";
  const Facts& facts = Known().at(GetParam());

  Net train(File(), Options(caffe::TRAIN));
  FillInputs(facts.input_scale, &train);
  const float loss = train.ForwardBackward();
  EXPECT_TRUE(std::isfinite(loss));
  EXPECT_GT(loss, 0);
  for (const Parameter& parameter : LearnedParameters(train)) {
    ExpectGradient(parameter.name, *parameter.blob,
                   facts.without_gradient.count(parameter.name) > 0);
  }
  for (size_t i = 0; i < train.input_names().size(); ++i) {
    const std::string& name = train.input_names()[i];
    if (train.has_gradient(name)) ExpectGradient(name, *train.input_blobs()[i]);
  }

  Net test(File(), Options(caffe::TEST));
  EXPECT_EQ(facts.parameters, CountLearned(test));
  test.ShareTrainedLayersWith(train);  // BatchNorm's statistics come from the pass above
  FillInputs(facts.input_scale, &test);
  test.Forward();
  std::map<std::string, std::vector<int>> outputs;
  for (size_t i = 0; i < test.output_names().size(); ++i) {
    const Blob& output = *test.output_blobs()[i];
    outputs[test.output_names()[i]] = output.shape();
    EXPECT_TRUE(AllFinite(output.cpu_data(), output.size())) << test.output_names()[i];
  }
  EXPECT_EQ(facts.outputs, outputs);

  Net optimized(File(), Options(caffe::TEST));
  optimized.ShareTrainedLayersWith(train);
  ExpectSameOptimized(test, facts.input_scale, &optimized);
}

TEST_P(ModelTest, IsDescribed) {
  ASSERT_EQ(1u, Known().count(GetParam())) << "add the model's facts to this test";
  const std::string title = "# " + GetParam() + "\n";
  EXPECT_EQ(title, ReadText(Folder() / GetParam() / "README.md").substr(0, title.size()));

  const std::string table = ReadText(Folder() / "README.md");
  const size_t row = table.find("| [" + GetParam() + "](" + GetParam() + "/) |");
  ASSERT_NE(std::string::npos, row) << "models/README.md does not list the model";
  const std::string line = table.substr(row, table.find('\n', row) - row);
  EXPECT_NE(std::string::npos, line.find("| " + Known().at(GetParam()).parameters + " |")) << line;
}

INSTANTIATE_TEST_SUITE_P(Models, ModelTest, testing::ValuesIn(Names()),
                         [](const auto& run) { return run.param; });

}  // namespace
}  // namespace demitasse
