// net_run: small nets, built from their text and run forward and backward in both phases, and
// optimized.
#include <algorithm>
#include <cmath>
#include <set>

#include "demitasse/net.hpp"
#include "fuzz/target.hpp"
#include "layers/common/window_layer.hpp"
#include "src/core/text.hpp"
#include "src/net/shapes.hpp"
#include "src/parse/prototxt.hpp"

namespace demitasse {
namespace {

// Layers whose files are no part of the bytes.
bool UsesFiles(const caffe::NetParameter& net) {
  static const std::set<std::string> types = {"Data", "HDF5Data", "HDF5Output", "ImageData",
                                              "WindowData"};
  for (const caffe::LayerParameter& layer : net.layer()) {
    if (types.count(layer.type()) > 0) return true;
  }
  return false;
}

// What a layer that counts no products of its own computes for each element at most: nets may ask
// for much, and are right to.
double WorkPerElement(const Layer& layer, const std::vector<Blob*>& bottoms) {
  double work = 1;
  if (const WindowGeometry* const window = WindowOf(layer)) {
    for (size_t axis = 0; axis < window->input.size(); ++axis) {
      work *= std::min(window->kernel[axis], window->input[axis]);
    }
  }
  if (layer.type() == std::string("LRN")) {
    work = std::min<double>(std::pow(layer.layer_param().lrn_param().local_size(), 2),
                            static_cast<double>(bottoms[0]->size()));
  }
  return work;
}

bool IsMuchWork(const NetSource& source, const NetOptions& options) {
  constexpr double kMost = 2'000'000;
  Diagnostics problems;
  const auto state = BuildShapes(source, options, {}, &problems, {});
  if (problems.has_errors()) return false;
  double work = 0;
  for (size_t i = 0; i < state->layers.size(); ++i) {
    const Layer& layer = *state->layers[i];
    if (!state->is_set_up[i]) continue;
    work += static_cast<double>(layer.MultiplyAdds());
    for (const Blob* const top : state->tops[i]) {
      const double elements = top->has_shape() ? static_cast<double>(top->size()) : 0;
      work += elements * WorkPerElement(layer, state->bottoms[i]);
    }
  }
  return work > kMost;
}

void Fill(const Net& net) {
  for (Blob* const input : net.input_blobs()) {
    float* const data = input->mutable_cpu_data();
    for (int64_t i = 0; i < input->size(); ++i) data[i] = static_cast<float>(i % 3);
  }
}

void RunNet(const NetSource& source, caffe::Phase phase) {
  NetOptions options;
  options.phase = phase;
  options.threads = 1;
  options.memory_limit = 1 << 20;
  options.force_backward = true;
  if (IsMuchWork(source, options)) return;
  Net net(source.net, options, source.source);
  Fill(net);
  net.Forward();
  net.Backward();
  if (phase != caffe::TEST) return;
  net.Optimize();
  net.Forward();
}

void Read(const std::string& bytes) {
  Diagnostics diagnostics;
  const NetSource source = ReadNetFromText(bytes, "net", {}, &diagnostics);
  diagnostics.ThrowIfErrors();
  if (UsesFiles(source.net)) return;
  try {
    RunNet(source, caffe::TRAIN);
  } catch (const Error&) {  // the other phase may be in order
  }
  RunNet(source, caffe::TEST);
}

std::string Layer(const std::string& type, const std::string& blobs, const std::string& rest) {
  return Cat("layer { name: '", type, "' type: '", type, "' ", blobs, " ", rest, " }\n");
}

// What works on pictures, alone behind an input.
std::vector<std::string> Seeds() {
  const std::string input =
      "layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: [2, 4, 6, 5] } } }\n";
  const std::string labels =
      "layer { name: 'l' type: 'Input' top: 'l' input_param { shape { dim: [2] } } }\n";
  const std::string like =
      "layer { name: 'y' type: 'Input' top: 'y' input_param { shape { dim: [2, 4, 6, 5] } } }\n";
  std::vector<std::string> seeds = FilesOfTree("models/digits_prelu", ".prototxt");
  for (const char* type :
       {"AbsVal",    "BNLL",      "Dropout", "ELU",   "Exp",     "Flatten",   "LRN",   "Log",
        "MVN",       "PReLU",     "Power",   "ReLU",  "Sigmoid", "Softmax",   "Split", "TanH",
        "Threshold", "BatchNorm", "Bias",    "Scale", "ArgMax",  "Reduction", "Swish"}) {
    seeds.push_back(input + Layer(type, "bottom: 'x' top: 'z'", ""));
  }
  for (const char* type : {"Concat", "Eltwise", "EuclideanLoss", "SigmoidCrossEntropyLoss"}) {
    seeds.push_back(input + like + Layer(type, "bottom: 'x' bottom: 'y' top: 'z'", ""));
  }
  const std::string product =
      Layer("InnerProduct", "bottom: 'x' top: 'z'", "inner_product_param { num_output: 3 }");
  for (const char* type : {"SoftmaxWithLoss", "Accuracy", "HingeLoss", "MultinomialLogisticLoss"}) {
    seeds.push_back(input + labels + product +
                    Layer(type, "bottom: 'z' bottom: 'l' top: 'loss'", ""));
  }
  const std::pair<const char*, const char*> with_parameters[] = {
      {"Convolution", "convolution_param { num_output: 4 kernel_size: 3 pad: 1 group: 2 }"},
      {"Deconvolution", "convolution_param { num_output: 4 kernel_size: 3 stride: 2 }"},
      {"Pooling", "pooling_param { kernel_size: 3 stride: 2 pool: AVE }"},
      {"Im2col", "convolution_param { kernel_size: 3 }"},
      {"Reshape", "reshape_param { shape { dim: [0, -1] } }"},
      {"SPP", "spp_param { pyramid_height: 2 }"},
      {"Slice", "slice_param { axis: 1 }"},
      {"Tile", "tile_param { axis: 1 tiles: 2 }"},
      {"Clip", "clip_param { min: -1 max: 1 }"},
      {"Embed", "embed_param { num_output: 2 input_dim: 3 }"},
  };
  for (const auto& [type, parameters] : with_parameters) {
    seeds.push_back(input + Layer(type, "bottom: 'x' top: 'z'", parameters));
  }
  seeds.push_back(
      "layer { name: 'x' type: 'Input' top: 'x' top: 'c' input_param { shape { dim: [3, 2, 4] } "
      "shape { dim: [3, 2] } } }\n" +
      Layer("LSTM", "bottom: 'x' bottom: 'c' top: 'z'", "recurrent_param { num_output: 3 }"));
  return seeds;
}

}  // namespace

const bool kNetRunTarget = RegisterFuzzTarget({"net_run", Read, Seeds});

}  // namespace demitasse
