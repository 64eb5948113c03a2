// BiasLayer: the built-in layer of type Bias.
#ifndef DEMITASSE_CAFFE_LAYERS_BIAS_LAYER_HPP_
#define DEMITASSE_CAFFE_LAYERS_BIAS_LAYER_HPP_

#include "caffe/layers/built_in_layer.hpp"

namespace caffe {

DEMITASSE_CAFFE_BUILT_IN_LAYER(Bias);

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_LAYERS_BIAS_LAYER_HPP_
