// demitasse inspect: what is in weights, and in the blobs of a run.
#include <algorithm>
#include <iostream>
#include <limits>
#include <memory>

#include "demitasse/net.hpp"
#include "src/core/text.hpp"
#include "src/parse/prototxt.hpp"
#include "tools/columns.hpp"
#include "tools/commands.hpp"
#include "tools/net_flags.hpp"
#include "tools/run_inputs.hpp"
#include "tools/run_report.hpp"
#include "tools/weight_report.hpp"

namespace demitasse {
namespace {

constexpr char kDescription[] =
    R"(One file (.caffemodel or .caffemodel.h5): figures of every parameter blob. Two:
how far apart they are. A net: runs it forward, and figures of every blob, taken
behind the layer that wrote it.
  dead       share of a ReLU's units (elements of an image's output) that were
             not positive in any image of the batches
  slopes     that PReLU has learned; near 0: less than 0.01 either way
  histogram  from min to max
Below stand warnings: NaN and where it began, blobs that are all 0, dead layers.
)";

constexpr char kExamples[] = R"(  demitasse inspect models/digits_prelu/digits_prelu.caffemodel
  demitasse inspect --model=models/digits_prelu/digits_prelu.prototxt \
      --weights=models/digits_prelu/digits_prelu.caffemodel \
      --input=data=models/digits_prelu/seven.png --scale=0.00390625
  demitasse inspect before.caffemodel after.caffemodel
)";

struct InspectOptions {
  std::vector<std::string> files;
  std::string model;
  std::vector<std::string> weights;
  NetOptions net;
  InputOptions inputs;
  int batches = 0;
  std::string layer;
  bool json = false;
};

std::vector<FlagGroup> InspectFlags(InspectOptions* options) {
  NetOptions* const net = &options->net;
  InputOptions* const inputs = &options->inputs;
  return {
      {"The net",
       {TextFlag("model", "NET.prototxt", &options->model,
                 "the net to run; with a file, whose types of layers it tells if the file is "
                 "in HDF5 form, it does not run"),
        ListFlag("weights", "A.caffemodel", &options->weights,
                 "weights for the layers of the same names"),
        PhaseFlag(&net->phase), LevelFlag(&net->level), StageFlag(&net->stages),
        LenientFlag(&net->lenient)}},
      {"The run",
       {ListFlag("input", "BLOB=FILE", &inputs->files,
                 "the values of inputs, as with demitasse run: x.npy or pictures; others get "
                 "normal random numbers, labels and indices 0"),
        InputShapeFlag(&inputs->shapes),
        TextFlag("mean", "MEAN", &inputs->pictures.mean, "is subtracted from pictures"),
        RealFlag("scale", &inputs->pictures.scale, "pictures are multiplied by this after it"),
        SwitchFlag("rgb", &inputs->pictures.rgb, "colour planes are red, green, blue"),
        WholeFlag("batches", &options->batches, 0, std::numeric_limits<int>::max(),
                  "batches to run; 0: 10 of a net that reads its data, else 1"),
        WholeFlag("seed", &inputs->seed, "for random inputs, fillers and Dropout"),
        EngineFlag(&net->engine), ThreadsFlag(&net->threads), MemoryLimitFlag(&net->memory_limit)}},
      {"What it tells",
       {TextFlag("layer", "NAME", &options->layer,
                 "this layer alone, in full: histograms, dead channels, every slope"),
        SwitchFlag("json", &options->json, "print JSON, with more figures")}}};
}

// Leaves the layer alone in the report. Throws Error if it is not there.
void KeepLayer(const std::string& name, InspectReport* report) {
  std::vector<std::string> names;
  for (const InspectedLayer& layer : report->layers) names.push_back(layer.name);
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    throw UsageError(
        Cat("--layer=", OneLine(name), ": there is no such layer", DidYouMean(name, names)));
  }
  const auto is_other = [&name](const InspectedLayer& layer) { return layer.name != name; };
  auto& layers = report->layers;
  layers.erase(std::remove_if(layers.begin(), layers.end(), is_other), layers.end());
}

void Print(const InspectOptions& options, InspectReport report) {
  if (!options.layer.empty()) KeepLayer(options.layer, &report);
  if (options.json) {
    std::cout << InspectJson(report);
  } else if (options.layer.empty()) {
    std::cout << InspectTable(report, OutputWidth());
  } else {
    for (const InspectedLayer& layer : report.layers) {
      std::cout << InspectLayer(layer, OutputWidth());
    }
  }
}

std::map<std::string, std::string> TypesIn(const std::string& model, bool lenient) {
  std::map<std::string, std::string> types;
  if (model.empty()) return types;
  TextOptions text_options;
  text_options.lenient = lenient;
  Diagnostics diagnostics;
  const NetSource source = ReadNet(model, text_options, &diagnostics);
  diagnostics.ThrowIfErrors();
  for (const LayerParameter& layer : source.net.layer()) types[layer.name()] = layer.type();
  return types;
}

void InspectFiles(const InspectOptions& options) {
  const WeightFile first = ReadCaffemodel(options.files[0]);
  if (options.files.size() == 1) {
    Print(options, InspectWeights(first, TypesIn(options.model, options.net.lenient)));
    return;
  }
  const WeightFile second = ReadCaffemodel(options.files[1]);
  std::cout << (options.json ? CompareWeightsJson(first, second)
                             : CompareWeights(first, second, OutputWidth()));
}

void InspectNet(InspectOptions options) {
  options.net.seed = options.inputs.seed;
  options.inputs.zero_indices = true;
  Net net(options.model, options.net);
  for (const std::string& file : options.weights) net.CopyTrainedLayersFrom(file);
  const uint64_t inputs = net.input_names().size();
  if (options.batches == 0) options.batches = inputs == 0 ? 10 : 1;
  const uint64_t seed = options.inputs.seed;
  const auto fill = [&](int batch) {
    if (inputs == 0) return;
    options.inputs.seed = seed + static_cast<uint64_t>(batch) * inputs;  // one for each input
    FillInputs(options.inputs, &net);
  };
  Print(options, InspectRun(options.batches, fill, &net));
}

void CheckOptions(const InspectOptions& options) {
  if (options.files.empty() && options.model.empty()) {
    throw UsageError("there is nothing to inspect; give NET.caffemodel or --model=NET.prototxt");
  }
  if (options.files.size() > 2) {
    throw UsageError(Cat("takes one file or two, got ", Join(options.files)));
  }
  if (options.files.size() == 2 && !options.layer.empty()) {
    throw UsageError("--layer has no effect on the comparison of two files");
  }
}

void Inspect(InspectOptions options) {
  if (options.model.empty()) {  // there is nothing to run them in
    options.files.insert(options.files.end(), options.weights.begin(), options.weights.end());
  }
  CheckOptions(options);
  if (options.files.empty()) {
    InspectNet(options);
  } else {
    InspectFiles(options);
  }
}

}  // namespace

Command InspectCommand() {
  const auto options = std::make_shared<InspectOptions>();
  Command command;
  command.name = "demitasse inspect";
  command.summary = "what is in weights, and in the blobs of a run";
  command.usage = {"NET.caffemodel [flags]", "A.caffemodel B.caffemodel [flags]",
                   "--model=NET.prototxt [--weights=NET.caffemodel] [flags]"};
  command.description = kDescription;
  command.examples = kExamples;
  command.exit_codes = "0 done, whatever was found; 1 the run failed; 2 wrong usage or wrong input";
  command.flags = InspectFlags(options.get());
  command.names = &options->files;
  command.takes_plugins = true;
  command.run = [options] { Inspect(*options); };
  return command;
}

}  // namespace demitasse
