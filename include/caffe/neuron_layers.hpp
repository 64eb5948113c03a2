// The layers that Caffe of 2014 and 2015 had in this header.
#ifndef DEMITASSE_CAFFE_NEURON_LAYERS_HPP_
#define DEMITASSE_CAFFE_NEURON_LAYERS_HPP_

#include "caffe/layers/absval_layer.hpp"     // IWYU pragma: export
#include "caffe/layers/bnll_layer.hpp"       // IWYU pragma: export
#include "caffe/layers/clip_layer.hpp"       // IWYU pragma: export
#include "caffe/layers/dropout_layer.hpp"    // IWYU pragma: export
#include "caffe/layers/elu_layer.hpp"        // IWYU pragma: export
#include "caffe/layers/exp_layer.hpp"        // IWYU pragma: export
#include "caffe/layers/log_layer.hpp"        // IWYU pragma: export
#include "caffe/layers/neuron_layer.hpp"     // IWYU pragma: export
#include "caffe/layers/power_layer.hpp"      // IWYU pragma: export
#include "caffe/layers/prelu_layer.hpp"      // IWYU pragma: export
#include "caffe/layers/relu_layer.hpp"       // IWYU pragma: export
#include "caffe/layers/sigmoid_layer.hpp"    // IWYU pragma: export
#include "caffe/layers/swish_layer.hpp"      // IWYU pragma: export
#include "caffe/layers/tanh_layer.hpp"       // IWYU pragma: export
#include "caffe/layers/threshold_layer.hpp"  // IWYU pragma: export

#endif  // DEMITASSE_CAFFE_NEURON_LAYERS_HPP_
