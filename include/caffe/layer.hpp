// Layer<float> is demitasse::Layer: layers written for Caffe derive from it as they did from
// Caffe's, and run in nets beside the built-in ones.
#ifndef DEMITASSE_CAFFE_LAYER_HPP_
#define DEMITASSE_CAFFE_LAYER_HPP_

#include "caffe/blob.hpp"
#include "caffe/common.hpp"
#include "caffe/layer_factory.hpp"
#include "caffe/util/device_alternate.hpp"
#include "caffe/util/math_functions.hpp"
#include "demitasse/layer.hpp"

#endif  // DEMITASSE_CAFFE_LAYER_HPP_
