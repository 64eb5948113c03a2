// demitasse run: one pass through a net.
#include <iostream>
#include <limits>
#include <memory>

#include "demitasse/log.hpp"
#include "demitasse/net.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"
#include "tools/commands.hpp"
#include "tools/labels.hpp"
#include "tools/net_flags.hpp"
#include "tools/run_inputs.hpp"
#include "tools/run_outputs.hpp"
#include "tools/run_summary.hpp"
#include "tools/tuning_file.hpp"

namespace demitasse {
namespace {

constexpr char kDescription[] =
    R"(Prints a line for each output (name, shape, smallest, mean and largest value),
the likeliest classes where the output is a softmax, and the loss if there is
one. With --output the blobs are written as .npy files that numpy.load reads.
)";

constexpr char kExamples[] = R"(  demitasse run --model=deploy.prototxt --weights=net.caffemodel \
      --input=data=cat.jpg --mean=104,117,123 --labels=synset_words.txt
  demitasse run --model=train_val.prototxt --phase=TRAIN --backward \
      --input=data=x.npy,label=y.npy --output=gradients
)";

struct RunOptions {
  std::string model;
  std::vector<std::string> weights;
  NetOptions net;
  InputOptions inputs;
  OutputOptions outputs;
  SummaryOptions summary;
  bool optimize = false;
  std::string tune;
};

FlagGroup NetFlags(RunOptions* options) {
  NetOptions* const net = &options->net;
  return {
      "The net",
      {TextFlag("model", "NET.prototxt", &options->model, "the net; always needed"),
       ListFlag("weights", "A.caffemodel", &options->weights,
                "weights for the layers of the same names; of several files the later ones win. "
                "Without it the parameters are as the fillers made them"),
       PhaseFlag(&net->phase), LevelFlag(&net->level), StageFlag(&net->stages),
       LenientFlag(&net->lenient)}};
}

FlagGroup InputFlags(RunOptions* options) {
  InputOptions* const inputs = &options->inputs;
  return {
      "What goes in",
      {ListFlag("input", "BLOB=FILE", &inputs->files,
                "the values of inputs. FILE is x.npy, to whose shape the net is reshaped, or a PNG "
                "or JPEG picture, which is scaled to the input's size; pictures joined by colons "
                "(a.png:b.png) make a batch. Inputs not named get normal random numbers, each "
                "from a sequence of its own, except labels and indices, which must be given"),
       InputShapeFlag(&inputs->shapes),
       TextFlag("mean", "MEAN", &inputs->pictures.mean,
                "is subtracted from pictures (0 to 255): one value, one for each channel "
                "(104,117,123), or a .npy or .binaryproto file"),
       RealFlag("scale", &inputs->pictures.scale,
                "pictures are multiplied by this after the mean is subtracted"),
       SwitchFlag("rgb", &inputs->pictures.rgb,
                  "colour planes are red, green, blue; otherwise blue comes first, as in Caffe"),
       WholeFlag("seed", &inputs->seed,
                 "for random inputs, fillers and Dropout: the same seed, the same numbers")}};
}

FlagGroup PassFlags(RunOptions* options) {
  NetOptions* const net = &options->net;
  return {"The pass",
          {SwitchFlag("backward", &net->force_backward,
                      "also compute the gradients of all inputs and parameters that can have one"),
           SwitchFlag("optimize", &options->optimize,
                      "fold and fuse layers first, for inference at full speed; outputs differ by "
                      "rounding, and there is nothing else to write"),
           EngineFlag(&net->engine), ThreadsFlag(&net->threads),
           MemoryLimitFlag(&net->memory_limit), TuneFlag(&options->tune)}};
}

FlagGroup OutputFlags(RunOptions* options) {
  OutputOptions* const outputs = &options->outputs;
  return {"What comes out",
          {TextFlag("output", "DIR", &outputs->directory,
                    "write the outputs to DIR/BLOB.npy and, with --backward, gradients to "
                    "DIR/INPUT.diff.npy and DIR/LAYER.NUMBER.diff.npy. Characters of names other "
                    "than letters, digits, '.', '_' and '-' become '_'"),
           ChoiceFlag<bool>("blobs", &outputs->all_blobs, {{"outputs", false}, {"all", true}},
                            "the blobs that --output writes"),
           TextFlag("save_params", "FILE.caffemodel", &outputs->caffemodel,
                    "write the parameters as they are after the pass; FILE.caffemodel.h5 in HDF5 "
                    "form"),
           WholeFlag("top", &options->summary.top, 0, std::numeric_limits<int>::max(),
                     "how many classes to list; 0: none"),
           TextFlag("labels", "FILE", &options->summary.labels_file,
                    "the names of the classes, one on each line")}};
}

std::vector<FlagGroup> RunFlags(RunOptions* options) {
  return {NetFlags(options), InputFlags(options), PassFlags(options), OutputFlags(options)};
}

void CheckOptions(const RunOptions& options) {
  if (options.model.empty()) throw UsageError("there is no net to run; give --model=NET.prototxt");
  if (options.outputs.all_blobs && options.outputs.directory.empty()) {
    throw UsageError("--blobs=all has no effect without --output=DIR");
  }
  if (!options.optimize) return;
  const auto refuse = [](bool given, const std::string& flag) {
    if (given) throw UsageError(Cat("an optimized net has nothing for ", flag, "; leave one out"));
  };
  refuse(options.net.force_backward, "--backward");
  refuse(options.outputs.all_blobs, "--blobs=all");
  refuse(!options.outputs.caffemodel.empty(), "--save_params");
}

void LoadWeights(const std::vector<std::string>& files, Net* net) {
  for (const std::string& file : files) net->CopyTrainedLayersFrom(file);
  const std::vector<std::string> untrained = net->UntrainedLayers();
  if (files.empty() && !untrained.empty()) {
    LogWarning("no --weights are given; the parameters are as the fillers made them");
    return;
  }
  for (const std::string& layer : untrained) {
    LogWarning(Cat("layer '", layer, "' has parameters, but --weights holds none for it; they ",
                   "keep their initial values"));
  }
}

// Other threads take milliseconds to begin, longer than one core takes for a pass of little work.
int ThreadsForOnePass(const Net& net) {
  constexpr int64_t kProducts = 100'000'000;  // some 2 milliseconds
  int64_t products = 0;
  for (const auto& layer : net.layers()) products += layer->MultiplyAdds();
  return products < kProducts ? 1 : 0;
}

void Run(RunOptions options) {
  CheckOptions(options);
  options.net.seed = options.inputs.seed;
  options.outputs.gradients = options.net.force_backward;
  if (!options.summary.labels_file.empty()) {
    options.summary.labels = ReadLabelFile(options.summary.labels_file);
  }
  const TuningFile tuning(options.tune);
  Net net(options.model, options.net);
  FillInputs(options.inputs, &net);
  CheckLabels(options.summary, net);
  LoadWeights(options.weights, &net);
  if (options.optimize) net.Optimize();
  const OutputFiles files(options.outputs, net);

  const ThreadScope threads(ThreadsForOnePass(net));  // unless the net was given its own number
  float loss = 0;
  net.Forward(&loss);
  if (options.net.force_backward) {
    net.ClearParamDiffs();
    net.Backward();
  }
  PrintSummary(options.summary, net, loss, std::cout);
  std::cout.flush();
  files.Write();
  tuning.Write();
}

}  // namespace

Command RunCommand() {
  const auto options = std::make_shared<RunOptions>();
  Command command;
  command.name = "demitasse run";
  command.summary = "run a net once, forward or forward and backward";
  command.usage = {"--model=NET.prototxt [flags]"};
  command.description = kDescription;
  command.examples = kExamples;
  command.flags = RunFlags(options.get());
  command.takes_plugins = true;
  command.run = [options] { Run(*options); };
  return command;
}

}  // namespace demitasse
