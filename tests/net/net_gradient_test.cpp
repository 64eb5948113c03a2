// The gradients of whole nets against central differences.
#include <gtest/gtest.h>

#include <cmath>

#include "demitasse/random.hpp"
#include "tests/net/net_fixture.hpp"

namespace demitasse {
namespace {

constexpr float kStep = 1e-2f;
constexpr double kTolerance = 1e-2;

double Loss(Net* net) {
  float loss = 0;
  const std::vector<Blob*>& outputs = net->Forward(&loss);
  if (loss != 0) return loss;
  double sum = 0;  // of a net without a loss
  for (const Blob* const output : outputs) {
    for (const float value : Values(*output)) sum += value;
  }
  return sum;
}

void CompareWithDifferences(Net* net, const std::string& what, Blob* blob) {
  const std::vector<float> gradient = Gradient(*blob);
  for (size_t i = 0; i < gradient.size(); ++i) {
    const float value = blob->cpu_data()[i];
    blob->mutable_cpu_data()[i] = value + kStep;
    const double above = Loss(net);
    blob->mutable_cpu_data()[i] = value - kStep;
    const double below = Loss(net);
    blob->mutable_cpu_data()[i] = value;
    const double expected = (above - below) / (2.0 * static_cast<double>(kStep));
    ASSERT_NEAR(gradient[i], expected, kTolerance * std::max(1.0, std::abs(expected)))
        << what << "[" << i << "]";
  }
}

// Compares the gradients of all inputs and learnable parameters.
void CheckNet(const std::string& text, Engine engine) {
  NetOptions options;
  options.phase = caffe::TRAIN;
  options.force_backward = true;
  options.engine = engine;
  options.threads = 1;
  const auto net = MakeNet(text, options);
  Rng rng(7);
  for (Blob* const input : net->input_blobs()) {
    for (int64_t i = 0; i < input->size(); ++i) input->mutable_cpu_data()[i] = rng.Gaussian();
  }
  if (net->has_blob("label")) Set(net.get(), "label", {2, 0});
  Loss(net.get());
  net->ClearParamDiffs();
  net->Backward();
  for (size_t i = 0; i < net->input_blobs().size(); ++i) {
    const std::string& name = net->input_names()[i];
    if (name != "label") CompareWithDifferences(net.get(), name, net->input_blobs()[i]);
  }
  for (Blob* const param : net->learnable_params()) {
    CompareWithDifferences(net.get(), "parameter", param);
  }
}

class NetGradient : public testing::TestWithParam<Engine> {};

TEST_P(NetGradient, OfSharedWeightsInPlaceSlopesASumAndTwoLosses) {
  const std::string shared = "param { name: 'w' } param { name: 'b' }";
  CheckNet(InputText("x", "2, 3") + InputText("target", "2, 3") + InputText("label", "2") +
               InnerProductText("ip1: InnerProduct x -> h1", 3, shared) +
               LayerText("slope1: PReLU h1 -> h1") +
               InnerProductText("ip2: InnerProduct h1 -> h2", 3, shared) +
               LayerText("slope2: PReLU h2 -> h2") +
               LayerText("sum: Eltwise h1 h2 x -> sum", "eltwise_param { coeff: [1, -2, 0.5] }") +
               LayerText("both: Concat sum h2 -> both") +
               InnerProductText("scores: InnerProduct both -> scores", 3) +
               LayerText("near: EuclideanLoss sum target -> near", "loss_weight: 0.25") +
               LayerText("class: SoftmaxWithLoss scores label -> class"),
           GetParam());
}

TEST_P(NetGradient, OfConvolutionsWithNormalizationInPlace) {
  const auto convolution = [](const std::string& heading) {
    return LayerText(heading,
                     "convolution_param { num_output: 2 kernel_size: 3 pad: 1 weight_filler { "
                     "type: 'gaussian' std: 0.5 } }");
  };
  CheckNet(InputText("x", "2, 2, 4, 4") + convolution("conv1: Convolution x -> c1") +
               LayerText("act1: TanH c1 -> c1") + LayerText("bn1: BatchNorm c1 -> c1") +
               LayerText("scale1: Scale c1 -> c1", "scale_param { bias_term: true }") +
               convolution("conv2: Convolution c1 -> c2") + LayerText("act2: Sigmoid c2 -> c2") +
               LayerText("sum: Eltwise c1 c2 -> sum") +
               LayerText("pool: Pooling sum -> pool",
                         "pooling_param { pool: AVE kernel_size: 2 stride: 2 }") +
               LayerText("flat: Flatten pool -> flat") +
               LayerText("p: Power flat -> flat", "power_param { power: 2 }"),
           GetParam());
}

TEST_P(NetGradient, OfOneInputReadInManyWays) {
  CheckNet(InputText("x", "2, 4") + LayerText("cut: Slice x -> a b") +
               LayerText("product: Eltwise a b -> ab", "eltwise_param { operation: PROD }") +
               LayerText("square: Eltwise a a -> aa", "eltwise_param { operation: PROD }") +
               LayerText("shape: Reshape x -> row", "reshape_param { shape { dim: [4, 2] } }") +
               LayerText("exp: Sigmoid row -> row2") +
               LayerText("mean: Reduction row2 -> mean", "loss_weight: 3") +
               LayerText("l1: Reduction ab -> l1", "loss_weight: 1") +
               LayerText("l2: Reduction aa -> l2", "loss_weight: -2"),
           GetParam());
}

INSTANTIATE_TEST_SUITE_P(Engines, NetGradient, testing::Values(Engine::kReference, Engine::kAuto),
                         [](const auto& run) {
                           return run.param == Engine::kReference ? "reference" : "fast";
                         });

}  // namespace
}  // namespace demitasse
