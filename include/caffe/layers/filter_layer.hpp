// FilterLayer: the built-in layer of type Filter.
#ifndef DEMITASSE_CAFFE_LAYERS_FILTER_LAYER_HPP_
#define DEMITASSE_CAFFE_LAYERS_FILTER_LAYER_HPP_

#include "caffe/layers/built_in_layer.hpp"

namespace caffe {

DEMITASSE_CAFFE_BUILT_IN_LAYER(Filter);

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_LAYERS_FILTER_LAYER_HPP_
