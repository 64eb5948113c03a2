// demitasse test: the mean outputs of a net over batches of its data.
#include <iostream>
#include <limits>
#include <memory>

#include "demitasse/log.hpp"
#include "demitasse/net.hpp"
#include "src/core/text.hpp"
#include "src/solver/net_outputs.hpp"
#include "tools/commands.hpp"
#include "tools/net_flags.hpp"

namespace demitasse {
namespace {

constexpr char kDescription[] =
    R"(Writes the outputs of each batch and their means, accuracy and loss perhaps, as
Caffe's log lines on standard error.
)";

constexpr char kExamples[] =
    R"(  demitasse test --model=train_val.prototxt --weights=net.caffemodel \
      --iterations=100
)";

struct TestOptions {
  std::string model;
  std::vector<std::string> weights;
  NetOptions net;
  int iterations = 50;
  std::string gpu;
};

std::vector<FlagGroup> TestFlags(TestOptions* test) {
  NetOptions* const net = &test->net;
  return {{"The net",
           {TextFlag("model", "NET.prototxt", &test->model, "the net; always needed"),
            ListFlag("weights", "A.caffemodel", &test->weights,
                     "weights for the layers of the same names; always needed"),
            LevelFlag(&net->level), StageFlag(&net->stages), LenientFlag(&net->lenient)}},
          {"The run",
           {WholeFlag("iterations", &test->iterations, 1, std::numeric_limits<int>::max(),
                      "batches to run"),
            EngineFlag(&net->engine), ThreadsFlag(&net->threads),
            MemoryLimitFlag(&net->memory_limit), GpuFlag(&test->gpu)}}};
}

void Test(const TestOptions& test) {
  if (test.model.empty()) throw UsageError("there is no net to test; give --model=NET.prototxt");
  if (test.weights.empty()) {
    throw UsageError("there are no weights to test; give --weights=NET.caffemodel");
  }
  WarnOfGpu(test.gpu);
  LogInfo("Use CPU.");
  Net net(test.model, test.net);
  for (const std::string& file : test.weights) net.CopyTrainedLayersFrom(file);
  LogInfo(Cat("Running for ", test.iterations, " iterations."));
  NetOutputs means(net);
  float loss_sum = 0;
  for (int i = 0; i < test.iterations; ++i) {
    float loss = 0;
    net.Forward(&loss);
    loss_sum += loss;
    means.Add();
    NetOutputs batch(net);
    batch.Add();
    for (const OutputValue& output : batch.Means()) {
      LogInfo(Cat("Batch ", i, ", ", output.name, " = ", output.value));
    }
  }
  LogInfo(Cat("Loss: ", loss_sum / static_cast<float>(test.iterations)));
  for (const OutputValue& output : means.Means()) LogInfo(ToString(output));
}

}  // namespace

Command TestCommand() {
  const auto test = std::make_shared<TestOptions>();
  Command command;
  command.name = "demitasse test";
  command.summary = "average what a net gives over batches of its data";
  command.usage = {"--model=NET.prototxt --weights=NET.caffemodel [flags]"};
  command.description = kDescription;
  command.examples = kExamples;
  command.flags = TestFlags(test.get());
  command.verbose = true;
  command.takes_plugins = true;
  command.run = [test] { Test(*test); };
  return command;
}

}  // namespace demitasse
