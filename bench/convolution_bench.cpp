// Convolutions of well-known networks: the algorithm that is taken beside oneDNN's direct one.
// --benchmark_filter=auto/forward/vgg runs some of them.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "demitasse/buffer.hpp"
#include "src/core/threads.hpp"
#include "src/ops/convolution.hpp"
#include "src/ops/onednn/convolution.hpp"

namespace demitasse {
namespace {

// 3x3, stride 1, pad 1.
struct Layer {
  const char* net;
  int in_channels, out_channels, height, width;
};

const Layer kLayers[] = {
    {"vgg-16", 64, 64, 224, 224},     {"vgg-16", 128, 128, 112, 112},
    {"vgg-16", 256, 256, 56, 56},     {"vgg-16", 512, 512, 28, 28},
    {"vgg-16", 512, 512, 14, 14},     {"resnet-50", 64, 64, 56, 56},
    {"resnet-50", 128, 128, 28, 28},  {"resnet-50", 256, 256, 14, 14},
    {"resnet-50", 512, 512, 7, 7},    {"sphereface", 64, 64, 56, 48},
    {"sphereface", 128, 128, 28, 24}, {"sphereface", 256, 256, 14, 12},
    {"sphereface", 512, 512, 7, 6},   {"squeezenet", 16, 64, 55, 55},
    {"squeezenet", 32, 128, 27, 27},  {"squeezenet", 64, 256, 13, 13},
};

enum class Pass { kForward, kBackwardData, kBackwardWeights };

ConvolutionDesc Describe(const Layer& layer, int num, int out_channels) {
  const WindowGeometry window = {{layer.height, layer.width}, {3, 3}, {1, 1}, {1, 1}, {1, 1},
                                 {layer.height, layer.width}};
  return {num, layer.in_channels, out_channels, 1, false, window};
}

void Fill(Buffer* buffer) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> number(-1, 1);
  float* const values = buffer->mutable_plain();
  for (int64_t i = 0; i < buffer->size(); ++i) values[i] = number(random);
}

void RunConvolution(benchmark::State& state, const Layer& layer, Pass pass, bool direct) {
  const int num = static_cast<int>(state.range(0));
  const ThreadScope threads(static_cast<int>(state.range(1)));
  const ConvolutionDesc desc = Describe(layer, num, layer.out_channels);
  const auto op = direct ? MakeOneDnnConvolution(desc) : MakeConvolution(desc, Engine::kAuto);
  const int64_t places = int64_t{num} * layer.height * layer.width;
  const int64_t kernels = int64_t{layer.in_channels} * layer.out_channels;
  Buffer plain(places * layer.in_channels), src(plain.size()), src_diff(plain.size());
  Buffer dst(places * layer.out_channels), weights(9 * kernels), weights_diff(9 * kernels);
  Buffer square(int64_t{9} * layer.in_channels * layer.in_channels);
  for (Buffer* const buffer : {&plain, &weights, &square}) Fill(buffer);
  // In a net, the layer before leaves its result in the engine's layout.
  MakeOneDnnConvolution(Describe(layer, num, layer.in_channels))
      ->Forward(plain, square, nullptr, &src);
  op->Forward(src, weights, nullptr, &dst);
  for (auto _ : state) {
    if (pass == Pass::kForward) op->Forward(src, weights, nullptr, &dst);
    if (pass == Pass::kBackwardData) op->BackwardData(dst, weights, &src_diff);
    if (pass == Pass::kBackwardWeights) op->BackwardWeights(src, dst, &weights_diff, nullptr);
  }
  state.SetLabel(op->name());
  const double operations = 18.0 * static_cast<double>(kernels * places);
  state.counters["FLOPS"] = benchmark::Counter(
      operations, benchmark::Counter::kIsIterationInvariantRate, benchmark::Counter::kIs1000);
}

// GFLOP/s are those of the definition, whatever the algorithm computes.
bool Register() {
  const std::pair<Pass, const char*> passes[] = {{Pass::kForward, "forward"},
                                                 {Pass::kBackwardData, "backward_data"},
                                                 {Pass::kBackwardWeights, "backward_weights"}};
  for (const Layer& layer : kLayers) {
    const std::string shape = std::to_string(layer.in_channels) + "-" +
                              std::to_string(layer.out_channels) + "@" +
                              std::to_string(layer.height) + "x" + std::to_string(layer.width);
    for (const auto& [pass, pass_name] : passes) {
      for (const bool direct : {true, false}) {
        const std::string name = std::string("convolution/") + (direct ? "direct/" : "auto/") +
                                 pass_name + "/" + layer.net + "/" + shape;
        benchmark::RegisterBenchmark(name.c_str(), RunConvolution, layer, pass, direct)
            ->ArgNames({"batch", "threads"})
            ->ArgsProduct({{1, 16}, {1, 2}})
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond);
      }
    }
  }
  return true;
}

[[maybe_unused]] const bool kRegistered = Register();

}  // namespace
}  // namespace demitasse
