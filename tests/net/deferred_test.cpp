// Nets in which layers leave it to those behind them to compute (src/ops/deferred_map.hpp) against
// the same nets with every blob read after every layer, so that each layer computes by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "demitasse/random.hpp"
#include "tests/net/net_fixture.hpp"

namespace demitasse {
namespace {

constexpr float kTolerance = 2e-5f;

std::string ConvolutionText(const std::string& heading) {
  return LayerText(heading,
                   "convolution_param { num_output: 10 kernel_size: 3 pad: 1 "
                   "weight_filler { type: 'gaussian' std: 0.3 } }");
}

std::string ScaleText(const std::string& heading) {
  return LayerText(heading,
                   "scale_param { filler { type: 'gaussian' } bias_term: true "
                   "bias_filler { type: 'gaussian' } }");
}

// Two branches that are added: what normalizes them works in place or not.
std::string ResidualNet(bool in_place, const std::string& slope) {
  const std::string x = in_place ? "conv" : "bn";
  const std::string z = in_place ? "conv2" : "bn2";
  return InputText("data", "3, 4, 7, 6") + ConvolutionText("conv: Convolution data -> conv") +
         LayerText("bn: BatchNorm conv -> " + x) + ScaleText("s: Scale " + x + " -> " + x) +
         LayerText("r: ReLU " + x + " -> " + x, "relu_param { negative_slope: " + slope + " }") +
         ConvolutionText("conv2: Convolution " + x + " -> conv2") +
         LayerText("bn2: BatchNorm conv2 -> " + z) + ScaleText("s2: Scale " + z + " -> " + z) +
         LayerText("sum: Eltwise " + x + " " + z + " -> sum") + LayerText("r2: ReLU sum -> sum") +
         LayerText("bn3: BatchNorm sum -> bn3") + LayerText("r3: ReLU bn3 -> bn3") +
         InnerProductText("ip: InnerProduct bn3 -> ip", 2);
}

std::unique_ptr<Net> FilledNet(const std::string& text, Engine engine) {
  NetOptions options = ForPhase(caffe::TRAIN);
  options.engine = engine;
  options.force_backward = true;
  auto net = MakeNet(text, options);
  Rng rng(5);
  for (const auto& blobs : {net->input_blobs(), net->learnable_params()}) {
    for (Blob* const blob : blobs) {
      for (int64_t i = 0; i < blob->size(); ++i) blob->mutable_cpu_data()[i] = rng.Gaussian();
    }
  }
  net->ClearParamDiffs();
  return net;
}

void RunLayerByLayer(Net* net) {
  const int layers = static_cast<int>(net->layers().size());
  for (int i = 0; i < layers; ++i) {
    net->ForwardFromTo(i, i);
    for (const Blob* const top : net->top_vecs()[static_cast<size_t>(i)]) top->cpu_data();
  }
  for (int i = layers - 1; i >= 0; --i) {
    net->BackwardFromTo(i, i);
    for (const Blob* const bottom : net->bottom_vecs()[static_cast<size_t>(i)]) bottom->cpu_diff();
  }
}

void ExpectNear(const std::vector<float>& expected, const std::vector<float>& values,
                const std::string& what) {
  ASSERT_EQ(expected.size(), values.size());
  float largest = 1;
  for (const float value : expected) largest = std::max(largest, std::abs(value));
  for (size_t i = 0; i < values.size(); ++i) {
    ASSERT_NEAR(expected[i], values[i], kTolerance * largest) << what << "[" << i << "]";
  }
}

void Compare(const std::string& text, Engine engine) {
  const auto net = FilledNet(text, engine);
  const auto stepwise = FilledNet(text, engine);
  for (int pass = 0; pass < 2; ++pass) {  // the second finds memory that the first left
    net->Forward();
    net->Backward();
    RunLayerByLayer(stepwise.get());
  }
  for (size_t i = 0; i < net->blobs().size(); ++i) {
    const std::string& name = net->blob_names()[i];
    ExpectNear(Values(*stepwise->blobs()[i]), Values(*net->blobs()[i]), name);
    ExpectNear(Gradient(*stepwise->blobs()[i]), Gradient(*net->blobs()[i]), name + " diff");
  }
  for (size_t i = 0; i < net->params().size(); ++i) {
    const std::string name = "parameter " + std::to_string(i);
    ExpectNear(Values(*stepwise->params()[i]), Values(*net->params()[i]), name);
    ExpectNear(Gradient(*stepwise->params()[i]), Gradient(*net->params()[i]), name + " diff");
  }
}

TEST(Deferred, LayersInPlaceComputeTheSameTogether) {
  for (const Engine engine : {Engine::kAuto, Engine::kReference}) {
    Compare(ResidualNet(true, "0"), engine);
    Compare(ResidualNet(true, "0.25"), engine);
  }
}

TEST(Deferred, LayersThatKeepTheirBottomComputeTheSameTogether) {
  for (const Engine engine : {Engine::kAuto, Engine::kReference}) {
    Compare(ResidualNet(false, "0"), engine);
  }
}

TEST(Deferred, AScaleThatIsNotInPlaceComputesTheSameBetweenOthersThatAre) {
  const std::string net =
      InputText("data", "3, 4, 7, 6") + ConvolutionText("conv: Convolution data -> conv") +
      LayerText("bn: BatchNorm conv -> conv") + ScaleText("s: Scale conv -> s") +
      LayerText("r: ReLU s -> s") + InnerProductText("ip: InnerProduct s -> ip", 2);
  for (const Engine engine : {Engine::kAuto, Engine::kReference}) Compare(net, engine);
}

}  // namespace
}  // namespace demitasse
