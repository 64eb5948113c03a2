// ArgMaxLayer: the built-in layer of type ArgMax.
#ifndef DEMITASSE_CAFFE_LAYERS_ARGMAX_LAYER_HPP_
#define DEMITASSE_CAFFE_LAYERS_ARGMAX_LAYER_HPP_

#include "caffe/layers/built_in_layer.hpp"

namespace caffe {

DEMITASSE_CAFFE_BUILT_IN_LAYER(ArgMax);

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_LAYERS_ARGMAX_LAYER_HPP_
