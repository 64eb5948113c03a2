// Eight nets that share one set of weights, in eight threads.
#include <gmock/gmock.h>

#include "demitasse/layer_registry.hpp"
#include "tests/net/net_fixture.hpp"
#include "tests/threads/together.hpp"

namespace demitasse {
namespace {

constexpr int kNets = 8;
constexpr int kRuns = 3;

struct Case {
  std::string name;
  Engine engine = Engine::kAuto;
  bool optimized = false;
};

std::string Random(const std::string& filler = "weight_filler") {
  return filler + " { type: 'gaussian' std: 0.2 } ";
}

// Every way in which layers keep weights: convolutions of several kinds (direct, Winograd's, in
// groups, transposed), normalization with stored statistics, slopes, an array of its own, products.
std::string NetText() {
  return InputText("x", "2, 6, 14, 14") +
         LayerText("conv: Convolution x -> conv",
                   "convolution_param { num_output: 16 kernel_size: 3 pad: 1 " + Random() + "}") +
         LayerText("bn: BatchNorm conv -> conv") +
         LayerText(
             "scale: Scale conv -> conv",
             "scale_param { bias_term: true " + Random("filler") + Random("bias_filler") + "}") +
         LayerText("relu: ReLU conv -> conv") +
         LayerText("wino: Convolution conv -> wino",
                   "convolution_param { num_output: 16 kernel_size: 3 pad: 1 " + Random() + "}") +
         LayerText("prelu: PReLU wino -> wino") +
         LayerText("groups: Convolution conv -> groups",
                   "convolution_param { num_output: 16 kernel_size: 1 group: 4 " + Random() + "}") +
         LayerText("w: Parameter -> w", "parameter_param { shape { dim: [2, 16, 14, 14] } }") +
         LayerText("sum: Eltwise wino groups w -> sum") +
         LayerText("pool: Pooling sum -> pool", "pooling_param { kernel_size: 2 stride: 2 }") +
         LayerText("up: Deconvolution pool -> up",
                   "convolution_param { num_output: 4 kernel_size: 2 stride: 2 " + Random() + "}") +
         LayerText("bias: Bias up -> biased", "bias_param { " + Random("filler") + "}") +
         InnerProductText("ip: InnerProduct biased -> ip", 10) +
         LayerText("prob: Softmax ip -> prob");
}

NetOptions OptionsFor(const Case& tested) {
  NetOptions options;
  options.engine = tested.engine;
  options.threads = 1;
  options.force_backward = !tested.optimized;
  return options;
}

void FillGaussian(uint64_t seed, float scale, Blob* blob) {
  Rng rng(seed);
  float* const data = blob->mutable_cpu_data();
  for (int64_t i = 0; i < blob->size(); ++i) data[i] = scale * rng.Gaussian();
}

// The net whose weights the others read. None is as its filler left it.
std::unique_ptr<Net> Owner(const Case& tested) {
  auto net = MakeNet(NetText(), OptionsFor(tested));
  FillGaussian(3, 0.5f, &Param(net.get(), "w"));
  FillGaussian(4, 0.1f, &Param(net.get(), "bn"));
  for (const size_t i : {1, 2}) {
    Blob& statistic = Param(net.get(), "bn", i);
    std::fill_n(statistic.mutable_cpu_data(), statistic.size(), 1.5f);
  }
  return net;
}

void Append(const float* values, int64_t size, std::vector<float>* list) {
  list->insert(list->end(), values, values + size);
}

// The outputs of the net for an input of its own, and the gradients where it has them.
std::vector<float> ResultsOf(Net* net, int number, bool backward) {
  std::vector<float> results;
  for (int run = 0; run < kRuns; ++run) {
    FillGaussian(static_cast<uint64_t>(100 * number + run), 1, net->input_blobs()[0]);
    net->Forward();
    Append(net->output_blobs()[0]->cpu_data(), net->output_blobs()[0]->size(), &results);
    if (!backward) continue;
    net->ClearParamDiffs();
    net->Backward();
    Append(net->input_blobs()[0]->cpu_diff(), net->input_blobs()[0]->size(), &results);
    for (const Blob* const param : net->learnable_params()) {
      Append(param->cpu_diff(), param->size(), &results);
    }
  }
  return results;
}

class SharedWeights : public testing::TestWithParam<Case> {};

TEST_P(SharedWeights, EightNetsGiveTheBitsOfOne) {
  const auto owner = Owner(GetParam());
  const bool backward = !GetParam().optimized;
  std::vector<std::vector<float>> expected;
  for (int i = 0; i < kNets; ++i) {
    const auto net = MakeNet(NetText(), OptionsFor(GetParam()));
    net->CopyTrainedLayersFrom([&] {
      caffe::NetParameter weights;
      owner->ToProto(&weights);
      return weights;
    }());
    if (GetParam().optimized) net->Optimize();
    expected.push_back(ResultsOf(net.get(), i, backward));
  }
  std::vector<std::vector<float>> results(kNets);
  Together(kNets, [&](int i) {
    const auto net = MakeNet(NetText(), OptionsFor(GetParam()));
    net->ShareTrainedLayersWith(*owner);
    EXPECT_EQ(Param(owner.get(), "ip").cpu_data(), Param(net.get(), "ip").cpu_data());
    if (GetParam().optimized) net->Optimize();
    results[static_cast<size_t>(i)] = ResultsOf(net.get(), i, backward);
  });
  for (size_t i = 0; i < kNets; ++i) EXPECT_EQ(expected[i], results[i]) << "net " << i;
}

INSTANTIATE_TEST_SUITE_P(Engines, SharedWeights,
                         testing::Values(Case{"Reference", Engine::kReference, false},
                                         Case{"Auto", Engine::kAuto, false},
                                         Case{"ReferenceOptimized", Engine::kReference, true},
                                         Case{"AutoOptimized", Engine::kAuto, true}),
                         [](const auto& tested) { return tested.param.name; });

// y = x + w, with a parameter that nothing fills.
class UnfilledLayer : public Layer {
 public:
  using Layer::Layer;
  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& /*top*/) override {
    blobs_ = {std::make_shared<Blob>(bottom[0]->shape())};
  }
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    top[0]->ReshapeLike(*bottom[0]);
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    for (int64_t i = 0; i < bottom[0]->size(); ++i) {
      top[0]->mutable_cpu_data()[i] = bottom[0]->cpu_data()[i] + blobs_[0]->cpu_data()[i];
    }
  }
};
DEMITASSE_REGISTER_LAYER("Unfilled", UnfilledLayer);

// Nobody has read them before the nets run: memory must not be taken by several at once.
TEST(SharedWeightsMemory, IsThereBeforeTheFirstRun) {
  const std::string text = InputText("x", "2, 3") + LayerText("l: Unfilled x -> y");
  const auto owner = MakeNet(text);
  Together(kNets, [&](int i) {
    const auto net = MakeNet(text);
    net->ShareTrainedLayersWith(*owner);
    FillGaussian(static_cast<uint64_t>(i), 1, net->input_blobs()[0]);
    net->Forward();
    EXPECT_EQ(Values(*net->input_blobs()[0]), Values(*net->output_blobs()[0]));
  });
}

// The weights are those of whoever still needs them.
TEST(SharedWeightsLifetime, OutlivesTheNetTheyCameFrom) {
  const Case tested{"", Engine::kReference, false};
  auto owner = Owner(tested);
  std::vector<std::vector<float>> results(kNets);
  std::vector<std::unique_ptr<Net>> nets;
  for (int i = 0; i < kNets; ++i) {
    nets.push_back(MakeNet(NetText(), OptionsFor(tested)));
    nets.back()->ShareTrainedLayersWith(*owner);
  }
  const std::vector<float> expected = ResultsOf(owner.get(), 5, false);
  owner.reset();
  Together(kNets, [&](int i) {
    const size_t index = static_cast<size_t>(i);
    results[index] = ResultsOf(nets[index].get(), 5, false);
    nets[index].reset();
  });
  for (const std::vector<float>& result : results) EXPECT_EQ(expected, result);
}

}  // namespace
}  // namespace demitasse
