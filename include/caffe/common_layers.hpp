// The layers that Caffe of 2014 and 2015 had in this header.
#ifndef DEMITASSE_CAFFE_COMMON_LAYERS_HPP_
#define DEMITASSE_CAFFE_COMMON_LAYERS_HPP_

#include "caffe/layers/argmax_layer.hpp"         // IWYU pragma: export
#include "caffe/layers/batch_norm_layer.hpp"     // IWYU pragma: export
#include "caffe/layers/batch_reindex_layer.hpp"  // IWYU pragma: export
#include "caffe/layers/bias_layer.hpp"           // IWYU pragma: export
#include "caffe/layers/concat_layer.hpp"         // IWYU pragma: export
#include "caffe/layers/eltwise_layer.hpp"        // IWYU pragma: export
#include "caffe/layers/embed_layer.hpp"          // IWYU pragma: export
#include "caffe/layers/filter_layer.hpp"         // IWYU pragma: export
#include "caffe/layers/flatten_layer.hpp"        // IWYU pragma: export
#include "caffe/layers/inner_product_layer.hpp"  // IWYU pragma: export
#include "caffe/layers/mvn_layer.hpp"            // IWYU pragma: export
#include "caffe/layers/reduction_layer.hpp"      // IWYU pragma: export
#include "caffe/layers/reshape_layer.hpp"        // IWYU pragma: export
#include "caffe/layers/scale_layer.hpp"          // IWYU pragma: export
#include "caffe/layers/silence_layer.hpp"        // IWYU pragma: export
#include "caffe/layers/slice_layer.hpp"          // IWYU pragma: export
#include "caffe/layers/softmax_layer.hpp"        // IWYU pragma: export
#include "caffe/layers/split_layer.hpp"          // IWYU pragma: export
#include "caffe/layers/tile_layer.hpp"           // IWYU pragma: export

#endif  // DEMITASSE_CAFFE_COMMON_LAYERS_HPP_
