// demitasse gradcheck: numerical against analytical gradients.
#include <algorithm>
#include <iostream>
#include <limits>
#include <memory>
#include <set>

#include "demitasse/net.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"
#include "tools/columns.hpp"
#include "tools/commands.hpp"
#include "tools/gradient_report.hpp"
#include "tools/net_flags.hpp"
#include "tools/run_inputs.hpp"

namespace demitasse {
namespace {

constexpr char kDescription[] =
    R"(Runs one batch, and checks each layer by itself on what the net has in its
bottoms: the gradients of a random projection of its tops by its bottoms and
parameters, beside central differences. Then the net: the loss's gradient by
each input and parameter, along that gradient, with 10 times the threshold.
Dropout drops the same elements in every pass, data layers are read once.
  worst    largest |analytical - numerical| / scale, scale the largest of both
           absolute values and the root mean square of the blob's gradient
  corners  elements where the slope jumps (ReLU at 0, equal maxima): any slope
           between both sides is right
  unclear  elements for which rounding hides the slope, or no two steps agree
Elements that disagree are tried with smaller steps, unclear ones with larger.
Inputs hold random numbers; those without a gradient (labels) 0 and 1 in turn.
)";

constexpr char kExamples[] =
    R"(  demitasse gradcheck --model=models/lenet_prelu/lenet_prelu.prototxt \
      --input_shape=data=4x1x28x28,label=4
  demitasse gradcheck --model=net.prototxt --layer=mine --samples=0
)";

struct GradcheckOptions {
  std::string model;
  std::vector<std::string> weights;
  std::vector<std::string> layers;
  NetOptions net;
  InputOptions inputs;
  GradientCheckOptions check;
  bool json = false;
};

std::vector<FlagGroup> GradcheckFlags(GradcheckOptions* options) {
  NetOptions* const net = &options->net;
  net->phase = caffe::TRAIN;
  options->check.samples = 6;
  return {
      {"The net",
       {TextFlag("model", "NET.prototxt", &options->model, "the net; always needed"),
        ListFlag("weights", "A.caffemodel", &options->weights,
                 "weights for the layers of the same names; otherwise the parameters are as "
                 "the fillers made them"),
        PhaseFlag(&net->phase), LevelFlag(&net->level), StageFlag(&net->stages),
        LenientFlag(&net->lenient),
        ListFlag("input", "BLOB=FILE.npy", &options->inputs.files, "the values of inputs"),
        InputShapeFlag(&options->inputs.shapes)}},
      {"The check",
       {ListFlag("layer", "NAME", &options->layers,
                 "check these layers alone, and not the net; otherwise all of them"),
        WholeFlag("samples", &options->check.samples, 0, std::numeric_limits<int>::max(),
                  "elements of each blob, half of them those with the largest gradients, the "
                  "others at random; and blobs of the whole net. 0: all"),
        RealFlag("step", &options->check.step, "the first step, in sizes of the values"),
        RealFlag("threshold", &options->check.threshold, "the largest error that is right"),
        WholeFlag("seed", &options->check.seed,
                  "for fillers, inputs, Dropout, and what the check draws at random"),
        EngineFlag(&net->engine), ThreadsFlag(&net->threads), MemoryLimitFlag(&net->memory_limit)}},
      {"What it tells", {SwitchFlag("json", &options->json, "print JSON, with every blob")}}};
}

void CheckOptions(const GradcheckOptions& options) {
  if (options.model.empty()) {
    throw UsageError("there is no net to check; give --model=NET.prototxt");
  }
  if (!(options.check.step > 0)) throw UsageError("--step must be greater than 0");
  if (!(options.check.threshold > 0)) throw UsageError("--threshold must be greater than 0");
}

// Inputs without a gradient (labels, indices, the cont of an LSTM) and without a file become 0 and
// 1, in turn along the first axis: 0 in the first step of a sequence, where it begins. If the net
// does not take that (of a single class, perhaps), they become 0.
void FillInputsWithoutGradient(const std::vector<std::string>& files, Net* net) {
  const std::set<std::string> with_gradients = BlobsWithGradients(*net);
  std::vector<Blob*> blobs;
  for (size_t i = 0; i < net->input_names().size(); ++i) {
    const std::string& name = net->input_names()[i];
    const bool has_file = std::any_of(files.begin(), files.end(), [&name](const std::string& file) {
      return file.compare(0, name.size() + 1, name + "=") == 0;
    });
    if (with_gradients.count(name) == 0 && !has_file) blobs.push_back(net->input_blobs()[i]);
  }
  if (blobs.empty()) return;
  for (Blob* const blob : blobs) {
    float* const values = blob->mutable_cpu_data();
    const int64_t row = blob->num_axes() > 0 ? blob->size(1, blob->num_axes()) : 1;
    for (int64_t i = 0; i < blob->size(); ++i) values[i] = static_cast<float>(i / row % 2);
  }
  try {
    net->Forward();
  } catch (const Error&) {
    for (Blob* const blob : blobs) std::fill_n(blob->mutable_cpu_data(), blob->size(), 0.0f);
  }
}

void Gradcheck(GradcheckOptions options) {
  CheckOptions(options);
  options.net.force_backward = true;
  options.net.seed = options.check.seed;
  options.inputs.seed = options.check.seed;
  options.inputs.zero_indices = true;
  Net net(options.model, options.net);
  FillInputs(options.inputs, &net);
  for (const std::string& file : options.weights) net.CopyTrainedLayersFrom(file);
  FillInputsWithoutGradient(options.inputs.files, &net);

  const ThreadScope threads(options.net.threads);
  const NetGradientCheck check = CheckNetGradients(options.check, options.layers, &net);
  std::cout << (options.json
                    ? GradientJson(check, options.check, options.net.phase)
                    : GradientTable(check, options.check, options.net.phase, OutputWidth()));
  if (check.wrong == 0) return;
  std::cout.flush();
  throw Error(Location{options.model},
              Cat("gradients are wrong: ", check.wrong, " of ", check.checked, " checks"),
              ErrorKind::kRun);
}

}  // namespace

Command GradcheckCommand() {
  const auto options = std::make_shared<GradcheckOptions>();
  Command command;
  command.name = "demitasse gradcheck";
  command.summary = "numerical against analytical gradients of a net, layer by layer";
  command.usage = {"--model=NET.prototxt [flags]"};
  command.description = kDescription;
  command.examples = kExamples;
  command.exit_codes = "0 all is right; 1 a gradient is wrong; 2 wrong usage or wrong input";
  command.flags = GradcheckFlags(options.get());
  command.takes_plugins = true;
  command.run = [options] { Gradcheck(*options); };
  return command;
}

}  // namespace demitasse
