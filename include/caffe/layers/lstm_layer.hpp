// LSTMLayer: the built-in layer of type LSTM.
#ifndef DEMITASSE_CAFFE_LAYERS_LSTM_LAYER_HPP_
#define DEMITASSE_CAFFE_LAYERS_LSTM_LAYER_HPP_

#include "caffe/layers/built_in_layer.hpp"

namespace caffe {

DEMITASSE_CAFFE_BUILT_IN_LAYER(LSTM);

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_LAYERS_LSTM_LAYER_HPP_
