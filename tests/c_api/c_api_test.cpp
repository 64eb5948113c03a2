#include <gmock/gmock.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <limits>
#include <memory>
#include <thread>

#include "demitasse.h"
#include "demitasse/layer_registry.hpp"
#include "demitasse/version.hpp"
#include "src/core/text.hpp"
#include "tests/c_api/c_program.h"
#include "tests/net/net_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

struct Free {
  void operator()(demitasse_net* net) const { demitasse_net_free(net); }
  void operator()(demitasse_options* options) const { demitasse_options_free(options); }
};
using NetHandle = std::unique_ptr<demitasse_net, Free>;
using OptionsHandle = std::unique_ptr<demitasse_options, Free>;

const std::string kModel = DEMITASSE_SOURCE_DIR "/models/digits_prelu/digits_prelu";

NetHandle FromText(const std::string& text, const demitasse_options* options = nullptr) {
  demitasse_net* net = nullptr;
  EXPECT_EQ(DEMITASSE_OK, demitasse_net_create_from_text(text.c_str(), "net", options, &net))
      << demitasse_last_error();
  return NetHandle(net);
}

NetHandle Digits(const demitasse_options* options = nullptr) {
  demitasse_net* net = nullptr;
  EXPECT_EQ(DEMITASSE_OK, demitasse_net_create((kModel + ".prototxt").c_str(), options, &net));
  EXPECT_EQ(DEMITASSE_OK, demitasse_net_load_weights(net, (kModel + ".caffemodel").c_str()));
  return NetHandle(net);
}

OptionsHandle Options(const std::vector<std::pair<const char*, const char*>>& settings) {
  OptionsHandle options(demitasse_options_create());
  for (const auto& [key, value] : settings) {
    EXPECT_EQ(DEMITASSE_OK, demitasse_options_set(options.get(), key, value))
        << demitasse_last_error();
  }
  return options;
}

std::vector<float> Data(const demitasse_blob* blob) {
  const float* const data = demitasse_blob_data(blob);
  return std::vector<float>(data, data + demitasse_blob_size(blob));
}

// Some input, and the first output of the net for it.
std::vector<float> Scores(demitasse_net* net) {
  demitasse_blob* const input = demitasse_net_input(net, 0);
  float* const x = demitasse_blob_mutable_data(input);
  for (int64_t i = 0; i < demitasse_blob_size(input); ++i) x[i] = static_cast<float>(i % 7) / 7;
  EXPECT_EQ(DEMITASSE_OK, demitasse_net_forward(net, nullptr)) << demitasse_last_error();
  return Data(demitasse_net_output(net, 0));
}

TEST(CApi, IsForProgramsInC) {
  const std::string path = TempPath("weights.caffemodel");
  EXPECT_EQ(0, RunCProgram(path.c_str())) << "line of c_program.c; " << demitasse_last_error();
  std::remove(path.c_str());
}

TEST(CApi, TellsVersionAndLayerTypes) {
  EXPECT_STREQ(DEMITASSE_VERSION, demitasse_version());
  const int number = demitasse_version_number();
  EXPECT_EQ(demitasse_version(), Cat(number / 10000, ".", number / 100 % 100, ".", number % 100));
  EXPECT_EQ(Join(LayerRegistry::List(), "\n") + "\n", demitasse_layer_types());
}

TEST(CApi, GivesTheNumbersOfTheCppApi) {
  Net net(kModel + ".prototxt");
  net.CopyTrainedLayersFrom(kModel + ".caffemodel");
  Blob& input = *net.input_blobs()[0];
  for (int64_t i = 0; i < input.size(); ++i) {
    input.mutable_cpu_data()[i] = static_cast<float>(i % 7) / 7;
  }
  const std::vector<float> expected = Values(*net.Forward()[0]);

  const NetHandle handle = Digits();
  EXPECT_EQ(expected, Scores(handle.get()));
  ASSERT_EQ(static_cast<int>(net.blobs().size()), demitasse_net_blob_count(handle.get()));
  for (int i = 0; i < demitasse_net_blob_count(handle.get()); ++i) {
    const char* const name = demitasse_net_blob_name(handle.get(), i);
    const demitasse_blob* const blob = demitasse_net_blob(handle.get(), name);
    EXPECT_EQ(Values(*net.blob_by_name(name)), Data(blob)) << name;
  }
}

TEST(CApi, TellsWhatANetIsMadeOf) {
  const NetHandle net = FromText("name: 'small'" + InputText("x", "2, 3, 4, 5") +
                                 InnerProductText("ip: InnerProduct x -> y", 6));
  EXPECT_STREQ("small", demitasse_net_name(net.get()));
  ASSERT_EQ(1, demitasse_net_input_count(net.get()));
  EXPECT_STREQ("x", demitasse_net_input_name(net.get(), 0));
  ASSERT_EQ(1, demitasse_net_output_count(net.get()));
  EXPECT_STREQ("y", demitasse_net_output_name(net.get(), 0));
  EXPECT_EQ(demitasse_net_blob(net.get(), "y"), demitasse_net_output(net.get(), 0));
  ASSERT_EQ(2, demitasse_net_layer_count(net.get()));
  EXPECT_STREQ("ip", demitasse_net_layer_name(net.get(), 1));
  EXPECT_STREQ("InnerProduct", demitasse_net_layer_type(net.get(), 1));
  EXPECT_EQ(0, demitasse_net_layer_param_count(net.get(), 0));
  EXPECT_EQ(2, demitasse_net_learnable_param_count(net.get()));
  EXPECT_EQ(demitasse_net_layer_param(net.get(), 1, 1),
            demitasse_net_learnable_param(net.get(), 1));

  const demitasse_blob* const x = demitasse_net_input(net.get(), 0);
  EXPECT_EQ(4, demitasse_blob_axis_count(x));
  EXPECT_EQ(3, demitasse_blob_shape(x, 1));
  EXPECT_EQ(5, demitasse_blob_shape(x, -1));
  EXPECT_EQ(120, demitasse_blob_size(x));
}

TEST(CApi, BlobsStayValidWhenShapesChange) {
  const NetHandle net = Digits();
  demitasse_blob* const input = demitasse_net_input(net.get(), 0);
  const demitasse_blob* const output = demitasse_net_output(net.get(), 0);
  const std::vector<float> one = Scores(net.get());
  const int shape[] = {3, 1, 28, 28};
  EXPECT_EQ(DEMITASSE_OK, demitasse_blob_reshape(input, shape, 4));
  EXPECT_EQ(DEMITASSE_OK, demitasse_net_reshape(net.get()));
  EXPECT_EQ(3, demitasse_blob_shape(output, 0));
  Scores(net.get());
  EXPECT_EQ(30, demitasse_blob_size(output));
  EXPECT_EQ(output, demitasse_net_output(net.get(), 0));

  demitasse_blob* const no_input = demitasse_net_output(net.get(), 0);
  EXPECT_EQ(DEMITASSE_ERROR_ARGUMENT, demitasse_blob_reshape(no_input, shape, 4));
  const int negative[] = {-3, 1, 28, 28};
  EXPECT_EQ(DEMITASSE_ERROR_INPUT, demitasse_blob_reshape(input, negative, 4));
}

TEST(CApi, OptimizesAndSharesWeights) {
  const NetHandle net = Digits();
  const std::vector<float> expected = Scores(net.get());
  demitasse_net* shared = nullptr;
  ASSERT_EQ(DEMITASSE_OK, demitasse_net_create((kModel + ".prototxt").c_str(), nullptr, &shared));
  EXPECT_EQ(DEMITASSE_OK, demitasse_net_share_weights(shared, net.get()));
  EXPECT_EQ(demitasse_blob_data(demitasse_net_learnable_param(net.get(), 0)),
            demitasse_blob_data(demitasse_net_learnable_param(shared, 0)));
  EXPECT_EQ(expected, Scores(shared));

  demitasse_blob* const weights = demitasse_net_learnable_param(shared, 0);
  const std::vector<float> before = Data(weights);
  EXPECT_EQ(DEMITASSE_OK, demitasse_net_optimize(shared));
  EXPECT_THAT(Scores(shared), testing::Pointwise(testing::FloatNear(1e-5f), expected));
  EXPECT_EQ(before, Data(weights));
  EXPECT_EQ(DEMITASSE_ERROR_INPUT, demitasse_net_backward(shared));
  EXPECT_THAT(demitasse_last_error(), HasSubstr("optimized"));
  demitasse_net_free(shared);
}

TEST(CApi, LoadsWeightsFromMemory) {
  std::ifstream file(kModel + ".caffemodel", std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  demitasse_net* net = nullptr;
  ASSERT_EQ(DEMITASSE_OK, demitasse_net_create((kModel + ".prototxt").c_str(), nullptr, &net));
  const auto load = [&](int64_t size) {
    return demitasse_net_load_weights_from_memory(net, bytes.data(), size);
  };
  EXPECT_EQ(DEMITASSE_ERROR_INPUT, load(static_cast<int64_t>(bytes.size()) - 1));
  EXPECT_STREQ("error: the bytes are no caffemodel, or damaged", demitasse_last_error());
  EXPECT_EQ(DEMITASSE_ERROR_ARGUMENT, load(-1));
  EXPECT_EQ(DEMITASSE_OK, load(static_cast<int64_t>(bytes.size())));
  EXPECT_EQ(Scores(Digits().get()), Scores(net));
  demitasse_net_free(net);
}

TEST(CApi, RunsParts) {
  const NetHandle net =
      FromText(InputText("x", "2") + LayerText("a: Power x -> y", "power_param { shift: 1 }") +
                   LayerText("b: Power y -> z", "power_param { scale: 2 }"),
               Options({{"force_backward", "true"}}).get());
  EXPECT_EQ(DEMITASSE_OK, demitasse_net_forward(net.get(), nullptr));
  *demitasse_blob_mutable_data(demitasse_net_blob(net.get(), "y")) = 5;
  EXPECT_EQ(DEMITASSE_OK, demitasse_net_forward_from_to(net.get(), 2, 2, nullptr));
  EXPECT_THAT(Data(demitasse_net_blob(net.get(), "z")), ElementsAre(10, 2));
  EXPECT_EQ(DEMITASSE_OK, demitasse_net_backward_from_to(net.get(), 2, 1));
  EXPECT_THAT(demitasse_blob_diff(demitasse_net_input(net.get(), 0))[0], 2);
  EXPECT_EQ(DEMITASSE_ERROR_INPUT, demitasse_net_forward_from_to(net.get(), 2, 3, nullptr));
}

TEST(CApi, FeedsMemoryData) {
  const NetHandle net = FromText(
      "layer { name: 'd' type: 'MemoryData' top: 'data' top: 'label' memory_data_param { "
      "batch_size: 1 channels: 1 height: 1 width: 2 } }");
  const float data[] = {1, 2, 3, 4};
  const float labels[] = {5, 6};
  EXPECT_EQ(DEMITASSE_OK, demitasse_net_set_memory_data(net.get(), "d", data, labels, 2));
  demitasse_net_forward(net.get(), nullptr);
  demitasse_net_forward(net.get(), nullptr);
  EXPECT_THAT(Data(demitasse_net_blob(net.get(), "data")), ElementsAre(3, 4));
  EXPECT_EQ(DEMITASSE_ERROR_INPUT,
            demitasse_net_set_memory_data(net.get(), "d", nullptr, labels, 2));
}

TEST(CApi, OptionsSayHowANetIsBuilt) {
  const std::string text = InputText("x", "2") +
                           LayerText("train: Power x -> y", "include { phase: TRAIN }") +
                           LayerText("staged: Power x -> z", "include { stage: 'deploy' }");
  EXPECT_EQ(1, demitasse_net_layer_count(FromText(text).get()));
  const OptionsHandle options = Options({{"phase", "TRAIN"}, {"stage", "deploy"}});
  EXPECT_EQ(4, demitasse_net_layer_count(FromText(text, options.get()).get()));  // with a Split

  const auto set = [&](const char* key, const char* value) {
    EXPECT_EQ(DEMITASSE_ERROR_INPUT, demitasse_options_set(options.get(), key, value));
    return std::string(demitasse_last_error());
  };
  EXPECT_EQ("error: unknown option 'thread'; did you mean 'threads'?", set("thread", "1"));
  EXPECT_THAT(set("x", "1"), StartsWith("error: unknown option 'x'; known: phase, seed, "));
  EXPECT_EQ("error: option 'threads' must be a whole number from 0 to 1024, got '2k'",
            set("threads", "2k"));
  EXPECT_EQ("error: option 'phase' must be TEST or TRAIN, got 'test'", set("phase", "test"));
  EXPECT_EQ("error: option 'lenient' must be true or false, got ''", set("lenient", ""));
}

TEST(CApi, LevelsAndSeedsAreOptions) {
  const std::string text =
      "layer { name: 'x' type: 'DummyData' top: 'x' dummy_data_param { "
      "shape { dim: 1 } data_filler { type: 'gaussian' } } }" +
      LayerText("high: Power x -> y", "include { min_level: 3 }");
  const auto number = [&](const char* seed) {
    const OptionsHandle options = Options({{"seed", seed}, {"level", "3"}});
    const NetHandle net = FromText(text, options.get());
    EXPECT_EQ(2, demitasse_net_layer_count(net.get()));
    EXPECT_EQ(DEMITASSE_OK, demitasse_net_forward(net.get(), nullptr));
    return Data(demitasse_net_output(net.get(), 0))[0];
  };
  EXPECT_EQ(number("18446744073709551615"), number("18446744073709551615"));
  EXPECT_NE(number("1"), number("2"));
}

TEST(CApi, SavesWeightsAsHdf5Too) {
  const std::string path = TempPath("weights.h5");
  const NetHandle net = Digits();
  EXPECT_EQ(DEMITASSE_OK, demitasse_net_save_weights(net.get(), path.c_str()));
  demitasse_net* other = nullptr;
  ASSERT_EQ(DEMITASSE_OK, demitasse_net_create((kModel + ".prototxt").c_str(), nullptr, &other));
  const NetHandle loaded(other);
  EXPECT_EQ(DEMITASSE_OK, demitasse_net_load_weights(other, path.c_str()));
  EXPECT_EQ(Scores(net.get()), Scores(other));
}

TEST(CApi, GradientsCanBeWritten) {
  const NetHandle net =
      FromText(InputText("x", "2") + LayerText("twice: Power x -> y", "power_param { scale: 2 }"),
               Options({{"force_backward", "true"}}).get());
  EXPECT_EQ(DEMITASSE_OK, demitasse_net_forward(net.get(), nullptr));
  float* const dy = demitasse_blob_mutable_diff(demitasse_net_output(net.get(), 0));
  dy[0] = 3;
  dy[1] = 4;
  EXPECT_EQ(DEMITASSE_OK, demitasse_net_backward(net.get()));
  const float* const dx = demitasse_blob_diff(demitasse_net_input(net.get(), 0));
  EXPECT_EQ(6, dx[0]);
  EXPECT_EQ(8, dx[1]);
}

TEST(CApi, NamesThePluginThatIsMissing) {
  EXPECT_EQ(DEMITASSE_ERROR_INPUT, demitasse_load_plugin("/missing.so"));
  EXPECT_THAT(demitasse_last_error(), StartsWith("/missing.so: error: "));
}

TEST(CApi, OptionsOfSolversAreNotForNets) {
  demitasse_net* net = nullptr;
  const std::string text = InputText("x", "2");
  EXPECT_EQ(DEMITASSE_ERROR_INPUT,
            demitasse_net_create_from_text(text.c_str(), "net", Options({{"on_nan", "warn"}}).get(),
                                           &net));
  EXPECT_STREQ("error: option 'on_nan' is of solvers, not of nets", demitasse_last_error());
}

TEST(CApi, NullPointersAreErrors) {
  const NetHandle net = FromText(InputText("x", "2"));
  demitasse_blob* const x = demitasse_net_input(net.get(), 0);
  const auto expect_argument_error = [](const std::string& text) {
    EXPECT_EQ(DEMITASSE_ERROR_ARGUMENT, demitasse_last_status());
    EXPECT_EQ("error: " + text, demitasse_last_error());
  };
  EXPECT_EQ(DEMITASSE_ERROR_ARGUMENT, demitasse_net_forward(nullptr, nullptr));
  expect_argument_error("demitasse_net_forward: net is NULL");
  EXPECT_EQ(DEMITASSE_ERROR_ARGUMENT, demitasse_net_create(nullptr, nullptr, nullptr));
  expect_argument_error("demitasse_net_create: net is NULL");
  EXPECT_EQ(nullptr, demitasse_net_blob(net.get(), nullptr));
  expect_argument_error("demitasse_net_blob: name is NULL");
  EXPECT_EQ(-1, demitasse_net_input_count(nullptr));
  expect_argument_error("demitasse_net_input_count: net is NULL");
  EXPECT_EQ(nullptr, demitasse_net_layer_name(net.get(), -1));
  expect_argument_error("demitasse_net_layer_name: there is no layer -1, the net has 1");
  EXPECT_EQ(-1, demitasse_blob_shape(x, 1));
  expect_argument_error("demitasse_blob_shape: there is no axis 1 in a blob of 2 (2)");
  EXPECT_EQ(nullptr, demitasse_blob_mutable_data(nullptr));
  expect_argument_error("demitasse_blob_mutable_data: blob is NULL");
  const float value = 1;
  EXPECT_EQ(DEMITASSE_ERROR_ARGUMENT, demitasse_blob_set_data(x, &value, 1));
  expect_argument_error("demitasse_blob_set_data: size is 1, the blob of 2 (2) has 2");
  EXPECT_EQ(DEMITASSE_ERROR_ARGUMENT, demitasse_options_set(nullptr, "threads", "1"));
  demitasse_net_free(nullptr);
  demitasse_options_free(nullptr);
  demitasse_solver_free(nullptr);
}

TEST(CApi, NoMemoryIsAFailedRun) {
  const NetHandle net = FromText(InputText("x", "1, 1"));
  demitasse_blob* const x = demitasse_net_input(net.get(), 0);
  const int most = std::numeric_limits<int>::max();
  const int shape[] = {1 << 16, most};
  ASSERT_EQ(DEMITASSE_OK, demitasse_blob_reshape(x, shape, 2));
  EXPECT_EQ(nullptr, demitasse_blob_data(x));
  EXPECT_THAT(demitasse_last_error(), HasSubstr("memory"));
}

TEST(CApi, ErrorsAreKeptForEachThread) {
  demitasse_net_forward(nullptr, nullptr);
  std::thread([] {
    EXPECT_STREQ("", demitasse_last_error());
    EXPECT_EQ(DEMITASSE_OK, demitasse_last_status());
  }).join();
  EXPECT_EQ(DEMITASSE_ERROR_ARGUMENT, demitasse_last_status());
}

TEST(CApi, LogsToAFunction) {
  std::vector<std::string> lines;
  const auto write = [](int level, const char* message, void* user) {
    static_cast<std::vector<std::string>*>(user)->push_back(Cat(level, " ", message));
  };
  EXPECT_EQ(DEMITASSE_OK, demitasse_set_log(write, &lines));
  const std::string text = InputText("x", "2") + "nmae: 'n'";
  FromText(text, Options({{"lenient", "true"}}).get());
  EXPECT_EQ(DEMITASSE_OK, demitasse_set_log(nullptr, nullptr));
  EXPECT_THAT(lines, testing::Contains(HasSubstr("1 net:2:1: warning: unknown field 'nmae'")));
  const size_t before = lines.size();
  FromText(text, Options({{"lenient", "true"}}).get());
  EXPECT_EQ(before, lines.size());
}

#ifdef DEMITASSE_WITH_PICTURES

TEST(CApi, ReadsAPictureForANet) {
  const NetHandle net = Digits();
  demitasse_blob* const input = demitasse_net_input(net.get(), 0);
  const std::string picture = DEMITASSE_SOURCE_DIR "/models/digits_prelu/seven.png";
  const auto load = [&](const char* path, const float* mean, int64_t means) {
    return demitasse_blob_load_picture(input, 0, path, mean, means, 1.0f / 255, 0);
  };
  const float mean = 51;
  EXPECT_EQ(DEMITASSE_OK, load(picture.c_str(), &mean, 1));
  EXPECT_FLOAT_EQ((1 - mean) / 255, Data(input)[0]);
  ASSERT_EQ(DEMITASSE_OK, load(picture.c_str(), nullptr, 0));
  ASSERT_EQ(DEMITASSE_OK, demitasse_net_forward(net.get(), nullptr));
  const std::vector<float> scores = Data(demitasse_net_output(net.get(), 0));
  EXPECT_EQ(7, std::max_element(scores.begin(), scores.end()) - scores.begin());
  EXPECT_EQ(DEMITASSE_ERROR_INPUT, load("no.png", nullptr, 0));
  EXPECT_EQ(DEMITASSE_ERROR_ARGUMENT, load(picture.c_str(), nullptr, 1));
}

#endif  // DEMITASSE_WITH_PICTURES

}  // namespace
}  // namespace demitasse
