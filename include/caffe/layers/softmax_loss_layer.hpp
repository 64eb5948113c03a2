// SoftmaxWithLossLayer: the built-in layer of type SoftmaxWithLoss.
#ifndef DEMITASSE_CAFFE_LAYERS_SOFTMAX_LOSS_LAYER_HPP_
#define DEMITASSE_CAFFE_LAYERS_SOFTMAX_LOSS_LAYER_HPP_

#include "caffe/layers/built_in_layer.hpp"

namespace caffe {

DEMITASSE_CAFFE_BUILT_IN_LAYER(SoftmaxWithLoss);

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_LAYERS_SOFTMAX_LOSS_LAYER_HPP_
