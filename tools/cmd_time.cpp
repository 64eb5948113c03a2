// demitasse time: how long the layers of a net take.
#include <algorithm>
#include <iostream>
#include <limits>
#include <memory>

#include "demitasse/log.hpp"
#include "demitasse/net.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"
#include "tools/columns.hpp"
#include "tools/commands.hpp"
#include "tools/net_flags.hpp"
#include "tools/net_timer.hpp"
#include "tools/run_inputs.hpp"
#include "tools/time_report.hpp"
#include "tools/trace_file.hpp"
#include "tools/tuning_file.hpp"

namespace demitasse {
namespace {

constexpr char kDescription[] =
    R"(Writes Caffe's log lines, with means, on standard error, and on standard output
a table of the layers, those that take longest first:
  implementation  that computes, forward; -: there is but one
  fwd ms, bwd ms  medians over the iterations
  spread          between the quartiles, of the slower pass
  share           of the time of all layers
  GFLOP/s, GB/s   forward; a multiply-add is two operations, bytes are those of
                  bottoms, tops and parameters
  reorders        arrays brought into another layout, in both passes
Columns that do not fit the terminal are left out; --json has them all. Inputs
hold random numbers, those of labels and indices 0.
)";

constexpr char kExamples[] =
    R"(  demitasse time --model=deploy.prototxt --phase=TEST --forward_only \
      --input_shape=data=16x3x224x224
  demitasse time --model=train_val.prototxt --trace=trace.json
)";

struct TimeOptions {
  std::string model;
  std::vector<std::string> weights;
  NetOptions net;
  InputOptions inputs;
  int iterations = 50;
  bool forward_only = false;
  bool optimize = false;
  bool json = false;
  std::string trace;
  std::string gpu;
  std::string tune;
};

std::vector<FlagGroup> TimeFlags(TimeOptions* time) {
  NetOptions* const net = &time->net;
  net->phase = caffe::TRAIN;
  return {{"The net",
           {TextFlag("model", "NET.prototxt", &time->model, "the net; always needed"),
            ListFlag("weights", "A.caffemodel", &time->weights,
                     "weights for the layers of the same names; otherwise the parameters are as "
                     "the fillers made them"),
            PhaseFlag(&net->phase), LevelFlag(&net->level), StageFlag(&net->stages),
            LenientFlag(&net->lenient), InputShapeFlag(&time->inputs.shapes)}},
          {"The run",
           {WholeFlag("iterations", &time->iterations, 1, std::numeric_limits<int>::max(),
                      "passes to time, after one that is not"),
            SwitchFlag("forward_only", &time->forward_only, "leave out the passes backward"),
            SwitchFlag("optimize", &time->optimize,
                       "fold and fuse layers first, for inference at full speed; stands for "
                       "--phase=TEST --forward_only too"),
            EngineFlag(&net->engine), ThreadsFlag(&net->threads),
            MemoryLimitFlag(&net->memory_limit), TuneFlag(&time->tune), GpuFlag(&time->gpu)}},
          {"What it tells",
           {SwitchFlag("json", &time->json, "print JSON instead of the table"),
            TextFlag("trace", "FILE", &time->trace,
                     "write each pass through each layer as an event that chrome://tracing and "
                     "Perfetto show")}}};
}

double Milliseconds(double microseconds) { return microseconds / 1000; }

double MeanMilliseconds(const TimedPass& pass) {
  double sum = 0;
  for (const TimeSpan& span : pass.spans) sum += span.duration;
  return pass.spans.empty() ? 0 : Milliseconds(sum) / static_cast<double>(pass.spans.size());
}

// To the right of ten columns, as Caffe's scripts expect it.
std::string LogName(const std::string& name) {
  return std::string(10 - std::min<size_t>(10, name.size()), ' ') + name;
}

void LogLayers(const NetTimer& timer, bool forward_only) {
  LogInfo("Average time per layer: ");
  for (size_t i = 0; i < timer.layers().size(); ++i) {
    const std::string name = LogName(timer.net().layer_names()[i]);
    const TimedPasses& times = timer.layers()[i];
    LogInfo(Cat(name, "\tforward: ", MeanMilliseconds(times.forward), " ms."));
    if (forward_only) continue;
    LogInfo(Cat(name, "\tbackward: ", MeanMilliseconds(times.backward), " ms."));
  }
}

void WarmUp(bool forward_only, NetTimer* timer) {
  LogInfo("Performing Forward");
  LogInfo(Cat("Initial loss: ", timer->WarmUpForward()));
  if (forward_only) return;
  LogInfo("Performing Backward");
  timer->WarmUpBackward();
  // The second pass takes memory too, for layers that exchanged theirs with a neighbour's.
  timer->WarmUpForward();
  timer->WarmUpBackward();
}

void Benchmark(const TimeOptions& time, NetTimer* timer) {
  LogInfo("*** Benchmark begins ***");
  LogInfo(Cat("Testing for ", time.iterations, " iterations."));
  const double begin = timer->Now();
  for (int i = 1; i <= time.iterations; ++i) {
    const double start = timer->Now();
    timer->Forward();
    if (!time.forward_only) timer->Backward();
    LogInfo(Cat("Iteration: ", i, time.forward_only ? " forward" : " forward-backward",
                " time: ", Milliseconds(timer->Now() - start), " ms."));
  }
  LogLayers(*timer, time.forward_only);
  const double total = Milliseconds(timer->Now() - begin);
  LogInfo(Cat("Average Forward pass: ", MeanMilliseconds(timer->passes().forward), " ms."));
  if (!time.forward_only) {
    LogInfo(Cat("Average Backward pass: ", MeanMilliseconds(timer->passes().backward), " ms."));
    LogInfo(Cat("Average Forward-Backward: ", total / time.iterations, " ms."));
  }
  LogInfo(Cat("Total Time: ", total, " ms."));
  LogInfo("*** Benchmark ends ***");
}

void Time(TimeOptions time) {
  if (time.model.empty()) throw UsageError("there is no net to time; give --model=NET.prototxt");
  if (time.optimize) {
    time.net.phase = caffe::TEST;
    time.forward_only = true;
  }
  WarnOfGpu(time.gpu);
  LogInfo("Use CPU.");
  const TuningFile tuning(time.tune);
  Net net(time.model, time.net);
  time.inputs.zero_indices = true;
  FillInputs(time.inputs, &net);
  for (const std::string& file : time.weights) net.CopyTrainedLayersFrom(file);
  if (time.optimize) net.Optimize();
  std::unique_ptr<TraceFile> trace;
  if (!time.trace.empty()) trace = std::make_unique<TraceFile>(time.trace);

  NetTimer timer(&net);
  WarmUp(time.forward_only, &timer);
  Benchmark(time, &timer);
  if (trace != nullptr) trace->Write(timer);
  tuning.Write();
  const TimeReport report =
      MakeTimeReport(timer, time.net.threads > 0 ? time.net.threads : ThreadCount());
  std::cout << (time.json ? TimeJson(report) : TimeTable(report, OutputWidth()));
}

}  // namespace

Command TimeCommand() {
  const auto time = std::make_shared<TimeOptions>();
  Command command;
  command.name = "demitasse time";
  command.summary = "how long the layers of a net take, forward and backward";
  command.usage = {"--model=NET.prototxt [flags]"};
  command.description = kDescription;
  command.examples = kExamples;
  command.flags = TimeFlags(time.get());
  command.verbose = true;
  command.takes_plugins = true;
  command.run = [time] { Time(*time); };
  return command;
}

}  // namespace demitasse
