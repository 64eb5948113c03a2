// The layers that Caffe of 2014 and 2015 had in this header.
#ifndef DEMITASSE_CAFFE_VISION_LAYERS_HPP_
#define DEMITASSE_CAFFE_VISION_LAYERS_HPP_

#include "caffe/common_layers.hpp"           // IWYU pragma: export
#include "caffe/layers/base_conv_layer.hpp"  // IWYU pragma: export
#include "caffe/layers/conv_layer.hpp"       // IWYU pragma: export
#include "caffe/layers/crop_layer.hpp"       // IWYU pragma: export
#include "caffe/layers/deconv_layer.hpp"     // IWYU pragma: export
#include "caffe/layers/im2col_layer.hpp"     // IWYU pragma: export
#include "caffe/layers/lrn_layer.hpp"        // IWYU pragma: export
#include "caffe/layers/pooling_layer.hpp"    // IWYU pragma: export
#include "caffe/layers/spp_layer.hpp"        // IWYU pragma: export
#include "caffe/loss_layers.hpp"             // IWYU pragma: export
#include "caffe/neuron_layers.hpp"           // IWYU pragma: export

#endif  // DEMITASSE_CAFFE_VISION_LAYERS_HPP_
