// Im2colLayer: the built-in layer of type Im2col.
#ifndef DEMITASSE_CAFFE_LAYERS_IM2COL_LAYER_HPP_
#define DEMITASSE_CAFFE_LAYERS_IM2COL_LAYER_HPP_

#include "caffe/layers/built_in_layer.hpp"

namespace caffe {

DEMITASSE_CAFFE_BUILT_IN_LAYER(Im2col);

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_LAYERS_IM2COL_LAYER_HPP_
