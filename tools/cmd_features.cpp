// demitasse features: what blobs of a net hold, batch after batch of its data.
#include <iostream>
#include <limits>
#include <memory>

#include "demitasse/net.hpp"
#include "src/core/text.hpp"
#include "tools/commands.hpp"
#include "tools/feature_output.hpp"
#include "tools/net_flags.hpp"
#include "tools/progress_bar.hpp"

namespace demitasse {
namespace {

constexpr char kExamples[] =
    R"(  demitasse features --model=train_val.prototxt --weights=net.caffemodel \
      --blobs=fc7,label --iterations=100 --output=features.h5
  demitasse features --model=train_val.prototxt --weights=net.caffemodel \
      --blobs=fc7,label --iterations=100 --output=fc7.npy,label.npy
)";

struct FeaturesOptions {
  std::string model;
  std::vector<std::string> weights;
  NetOptions net;
  std::vector<std::string> blobs;
  int iterations = 50;
  std::vector<std::string> outputs;
  FeatureFormat format = FeatureFormat::kByName;
  std::string gpu;
};

std::vector<FlagGroup> FeaturesFlags(FeaturesOptions* options) {
  NetOptions* const net = &options->net;
  return {
      {"The net",
       {TextFlag("model", "NET.prototxt", &options->model,
                 "the net, with layers that read its data; always needed"),
        ListFlag("weights", "A.caffemodel", &options->weights,
                 "weights for the layers of the same names; always needed"),
        PhaseFlag(&net->phase), LevelFlag(&net->level), StageFlag(&net->stages),
        LenientFlag(&net->lenient)}},
      {"The run",
       {WholeFlag("iterations", &options->iterations, 1, std::numeric_limits<int>::max(),
                  "batches to run"),
        EngineFlag(&net->engine), ThreadsFlag(&net->threads), MemoryLimitFlag(&net->memory_limit),
        GpuFlag(&options->gpu)}},
      {"What comes out",
       {ListFlag("blobs", "NAME", &options->blobs, "the blobs to write; always needed"),
        ListFlag("output", "PATH", &options->outputs,
                 "the HDF5 file, or an LMDB database or a .npy file for each blob; always needed"),
        ChoiceFlag<FeatureFormat>("format", &options->format,
                                  {{"auto", FeatureFormat::kByName},
                                   {"hdf5", FeatureFormat::kHdf5},
                                   {"lmdb", FeatureFormat::kLmdb},
                                   {"npy", FeatureFormat::kNpy}},
                                  "what to write; auto: HDF5 if PATH ends in .h5 or .hdf5, numpy's "
                                  "form if it ends in .npy, else LMDB")}}};
}

void CheckOptions(const FeaturesOptions& options) {
  if (options.model.empty()) throw UsageError("there is no net to run; give --model=NET.prototxt");
  if (options.weights.empty()) {
    throw UsageError("there are no weights; give --weights=NET.caffemodel");
  }
  if (options.blobs.empty()) throw UsageError("say what to write: --blobs=NAME,...");
}

void CheckInputs(const Net& net, const std::string& model) {
  if (net.input_names().empty()) return;
  throw Error(Location{model}, Cat("nothing fills the net's input '", net.input_names()[0],
                                   "'; a net with a data layer is needed in its place"));
}

void WriteFeatures(const FeaturesOptions& options) {
  WarnOfGpu(options.gpu);
  Net net(options.model, options.net);
  CheckInputs(net, options.model);
  for (const std::string& file : options.weights) net.CopyTrainedLayersFrom(file);
  std::vector<const Blob*> blobs;
  for (const std::string& name : options.blobs) blobs.push_back(net.blob_by_name(name).get());
  const std::unique_ptr<FeatureOutput> output =
      MakeFeatureOutput(options.format, options.outputs, options.blobs, options.iterations);
  ProgressBar progress(options.iterations);
  for (int i = 0; i < options.iterations; ++i) {
    net.Forward();
    output->Add(blobs);
    progress.Step();
  }
  output->Finish();
}

}  // namespace

Command FeaturesCommand() {
  const auto options = std::make_shared<FeaturesOptions>();
  Command command;
  command.name = "demitasse features";
  command.summary = "write what blobs of a net hold over batches of its data";
  command.usage = {
      "--model=NET.prototxt --weights=NET.caffemodel --blobs=NAME,... --output=PATH,... [flags]"};
  command.examples = kExamples;
  command.flags = FeaturesFlags(options.get());
  command.takes_plugins = true;
  command.run = [options] {
    CheckOptions(*options);
    WriteFeatures(*options);
  };
  return command;
}

}  // namespace demitasse
