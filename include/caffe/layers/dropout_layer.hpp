// DropoutLayer: the built-in layer of type Dropout.
#ifndef DEMITASSE_CAFFE_LAYERS_DROPOUT_LAYER_HPP_
#define DEMITASSE_CAFFE_LAYERS_DROPOUT_LAYER_HPP_

#include "caffe/layers/built_in_layer.hpp"

namespace caffe {

DEMITASSE_CAFFE_BUILT_IN_LAYER(Dropout);

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_LAYERS_DROPOUT_LAYER_HPP_
