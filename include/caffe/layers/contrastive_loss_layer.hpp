// ContrastiveLossLayer: the built-in layer of type ContrastiveLoss.
#ifndef DEMITASSE_CAFFE_LAYERS_CONTRASTIVE_LOSS_LAYER_HPP_
#define DEMITASSE_CAFFE_LAYERS_CONTRASTIVE_LOSS_LAYER_HPP_

#include "caffe/layers/built_in_layer.hpp"

namespace caffe {

DEMITASSE_CAFFE_BUILT_IN_LAYER(ContrastiveLoss);

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_LAYERS_CONTRASTIVE_LOSS_LAYER_HPP_
