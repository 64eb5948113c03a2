// Nets in several threads.
#include <gmock/gmock.h>

#include <thread>

#include "tests/net/net_fixture.hpp"

namespace demitasse {
namespace {

// The values and gradients of a net that runs several times with one thread of its own.
std::vector<float> Results() {
  NetOptions options = ForPhase(caffe::TRAIN);
  options.threads = 1;
  options.force_backward = true;
  const auto net = MakeNet(
      InputText("x", "2, 8, 20, 20") +
          LayerText("conv: Convolution x -> conv",
                    "convolution_param { num_output: 16 kernel_size: 3 weight_filler { type: "
                    "'xavier' } }") +
          LayerText("relu: ReLU conv -> conv") +
          LayerText("pool: Pooling conv -> pool", "pooling_param { kernel_size: 2 stride: 2 }") +
          InnerProductText("ip: InnerProduct pool -> y", 10),
      options);
  Rng rng(7);
  Blob& x = *net->blob_by_name("x");
  for (int64_t i = 0; i < x.size(); ++i) x.mutable_cpu_data()[i] = rng.Gaussian();
  for (int i = 0; i < 20; ++i) {
    net->ClearParamDiffs();
    net->ForwardBackward();
  }
  std::vector<float> results = Values(*net->blob_by_name("y"));
  results.insert(results.end(), x.cpu_diff(), x.cpu_diff() + x.size());
  for (const Blob* const param : net->learnable_params()) {
    results.insert(results.end(), param->cpu_diff(), param->cpu_diff() + param->size());
  }
  return results;
}

TEST(NetThreads, NetsSideBySideGiveTheSameBitsAsAlone) {
  const std::vector<float> alone = Results();
  std::vector<float> first;
  std::vector<float> second;
  std::thread first_thread([&] { first = Results(); });
  std::thread second_thread([&] { second = Results(); });
  first_thread.join();
  second_thread.join();
  EXPECT_EQ(alone, first);
  EXPECT_EQ(alone, second);
}

}  // namespace
}  // namespace demitasse
