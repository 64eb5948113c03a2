#include "tools/layer_examples.hpp"

#include <algorithm>
#include <iterator>

#include "demitasse/caffe.pb.h"
#include "src/core/text.hpp"
#include "src/parse/print_text.hpp"
#include "src/parse/prototxt.hpp"

namespace demitasse {
namespace {

// Bottoms and tops are separated by spaces; an activation works in place, as people write it.
struct Example {
  const char* type;
  const char* name;
  const char* bottoms;
  const char* tops;
  const char* parameters;
};

constexpr Example kExamples[] = {
    {"AbsVal", "abs1", "conv1", "conv1", ""},
    {"Accuracy", "accuracy", "ip1 label", "accuracy", "accuracy_param { top_k: 5 }"},
    {"ArgMax", "argmax", "ip1", "class", "argmax_param { axis: 1 }"},
    {"BatchNorm", "bn1", "conv1", "conv1", ""},
    {"BatchReindex", "reindex", "conv1 indices", "picked", ""},
    {"Bias", "bias1", "conv1", "conv1", ""},
    {"BNLL", "bnll1", "conv1", "conv1", ""},
    {"Clip", "clip1", "conv1", "conv1", "clip_param { min: 0 max: 6 }"},
    {"Concat", "concat", "conv1 conv2", "concat", ""},
    {"ContrastiveLoss", "loss", "ip1 ip2 similar", "loss", "contrastive_loss_param { margin: 1 }"},
    {"Convolution", "conv1", "data", "conv1",
     "param { lr_mult: 1 } param { lr_mult: 2 } convolution_param { num_output: 20 kernel_size: 5 "
     "weight_filler { type: 'xavier' } }"},
    {"Crop", "crop", "data conv1", "crop", "crop_param { offset: 4 }"},
    {"Data", "data", "", "data label",
     "transform_param { scale: 0.00390625 } "
     "data_param { source: 'train_lmdb' batch_size: 64 backend: LMDB }"},
    {"Deconvolution", "upsample", "conv1", "upsample",
     "convolution_param { num_output: 4 group: 4 kernel_size: 4 stride: 2 pad: 1 "
     "bias_term: false weight_filler { type: 'bilinear' } }"},
    {"Dropout", "drop1", "ip1", "ip1", "dropout_param { dropout_ratio: 0.5 }"},
    {"DummyData", "noise", "", "noise",
     "dummy_data_param { shape { dim: 10 dim: 100 } data_filler { type: 'gaussian' std: 1 } }"},
    {"Eltwise", "sum", "conv1 conv2", "sum", "eltwise_param { operation: SUM }"},
    {"ELU", "elu1", "conv1", "conv1", "elu_param { alpha: 1 }"},
    {"Embed", "embed", "words", "embed",
     "embed_param { num_output: 16 input_dim: 1000 weight_filler { type: 'uniform' "
     "min: -0.1 max: 0.1 } }"},
    {"EuclideanLoss", "loss", "ip1 target", "loss", ""},
    {"Exp", "exp", "ip1", "exp", "exp_param { base: 2 }"},
    {"Filter", "filter", "conv1 selector", "selected", ""},
    {"Flatten", "flatten", "conv1", "flat", ""},
    {"HDF5Data", "data", "", "data label",
     "hdf5_data_param { source: 'train.txt' batch_size: 64 shuffle: true }"},
    {"HDF5Output", "save", "ip1 label", "", "hdf5_output_param { file_name: 'features.h5' }"},
    {"HingeLoss", "loss", "ip1 label", "loss", "hinge_loss_param { norm: L2 }"},
    {"Im2col", "im2col", "data", "columns", "convolution_param { kernel_size: 3 pad: 1 }"},
    {"ImageData", "data", "", "data label",
     "transform_param { mean_value: 104 mean_value: 117 mean_value: 123 } image_data_param { "
     "source: 'list.txt' batch_size: 32 new_height: 256 new_width: 256 shuffle: true }"},
    {"InfogainLoss", "loss", "ip1 label gains", "loss", ""},
    {"InnerProduct", "ip1", "conv1", "ip1",
     "inner_product_param { num_output: 10 weight_filler { type: 'xavier' } }"},
    {"Input", "data", "", "data", "input_param { shape { dim: 1 dim: 3 dim: 224 dim: 224 } }"},
    {"Log", "log", "prob", "log", "log_param { shift: 1e-6 }"},
    {"LRN", "norm1", "conv1", "norm1", "lrn_param { local_size: 5 alpha: 0.0001 beta: 0.75 }"},
    {"LSTM", "lstm1", "steps cont", "lstm1",
     "recurrent_param { num_output: 8 weight_filler { type: 'uniform' min: -0.1 max: 0.1 } }"},
    {"LSTMUnit", "unit", "c_before gates begin", "c h", ""},
    {"MemoryData", "data", "", "data label",
     "memory_data_param { batch_size: 10 channels: 3 height: 32 width: 32 }"},
    {"MultinomialLogisticLoss", "loss", "prob label", "loss", ""},
    {"MVN", "mvn1", "conv1", "mvn1", "mvn_param { across_channels: true }"},
    {"Parameter", "learned", "", "learned", "parameter_param { shape { dim: 10 dim: 20 } }"},
    {"Pooling", "pool1", "conv1", "pool1", "pooling_param { pool: MAX kernel_size: 2 stride: 2 }"},
    {"Power", "scaled", "data", "scaled", "power_param { scale: 0.00390625 shift: -0.5 }"},
    {"PReLU", "prelu1", "conv1", "conv1", "prelu_param { filler { value: 0.25 } }"},
    {"Reduction", "mean", "conv1", "mean", "reduction_param { operation: MEAN axis: 1 }"},
    {"ReLU", "relu1", "conv1", "conv1", ""},
    {"Reshape", "reshape", "conv1", "rows", "reshape_param { shape { dim: 0 dim: -1 } }"},
    {"RNN", "rnn1", "steps cont", "rnn1",
     "recurrent_param { num_output: 8 weight_filler { type: 'uniform' min: -0.1 max: 0.1 } }"},
    {"Scale", "scale1", "conv1", "conv1", "scale_param { bias_term: true }"},
    {"Sigmoid", "sigmoid1", "ip1", "ip1", ""},
    {"SigmoidCrossEntropyLoss", "loss", "ip1 target", "loss", ""},
    {"Silence", "silence", "label", "", ""},
    {"Slice", "slice", "conv1", "first second", "slice_param { axis: 1 slice_point: 1 }"},
    {"Softmax", "prob", "ip1", "prob", ""},
    {"SoftmaxWithLoss", "loss", "ip1 label", "loss", "loss_param { ignore_label: 255 }"},
    {"Split", "split", "conv1", "copy1 copy2", ""},
    {"SPP", "spp", "conv1", "spp", "spp_param { pyramid_height: 3 pool: MAX }"},
    {"Swish", "swish1", "conv1", "conv1", ""},
    {"TanH", "tanh1", "ip1", "ip1", ""},
    {"Threshold", "binary", "prob", "binary", "threshold_param { threshold: 0.5 }"},
    {"Tile", "tile", "ip1", "tile", "tile_param { axis: 1 tiles: 3 }"},
    {"WindowData", "data", "", "data label",
     "transform_param { crop_size: 227 mirror: true } window_data_param { "
     "source: 'windows.txt' batch_size: 64 context_pad: 16 }"},
};

std::string Fields(const char* field, const std::string& names) {
  std::string text;
  for (const std::string& name : SplitText(names, ' ')) text += Cat(field, ": '", name, "' ");
  return text;
}

}  // namespace

std::string LayerExample(const std::string& type) {
  const auto* const found = std::find_if(std::begin(kExamples), std::end(kExamples),
                                         [&type](const Example& e) { return type == e.type; });
  if (found == std::end(kExamples)) return "";
  const std::string text =
      Cat("layer { name: '", found->name, "' type: '", type, "' ", Fields("bottom", found->bottoms),
          Fields("top", found->tops), found->parameters, " }");
  Diagnostics diagnostics;
  const NetSource source = ReadNetFromText(text, "example", {}, &diagnostics);
  diagnostics.ThrowIfErrors();
  return PrintText(source.net);
}

}  // namespace demitasse
