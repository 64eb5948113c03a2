// DeconvolutionLayer: the built-in layer of type Deconvolution.
#ifndef DEMITASSE_CAFFE_LAYERS_DECONV_LAYER_HPP_
#define DEMITASSE_CAFFE_LAYERS_DECONV_LAYER_HPP_

#include "caffe/layers/built_in_layer.hpp"

namespace caffe {

DEMITASSE_CAFFE_BUILT_IN_LAYER(Deconvolution);

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_LAYERS_DECONV_LAYER_HPP_
