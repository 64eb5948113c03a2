// The layers that Caffe of 2014 and 2015 had in this header.
#ifndef DEMITASSE_CAFFE_LOSS_LAYERS_HPP_
#define DEMITASSE_CAFFE_LOSS_LAYERS_HPP_

#include "caffe/layers/accuracy_layer.hpp"                    // IWYU pragma: export
#include "caffe/layers/contrastive_loss_layer.hpp"            // IWYU pragma: export
#include "caffe/layers/euclidean_loss_layer.hpp"              // IWYU pragma: export
#include "caffe/layers/hinge_loss_layer.hpp"                  // IWYU pragma: export
#include "caffe/layers/infogain_loss_layer.hpp"               // IWYU pragma: export
#include "caffe/layers/loss_layer.hpp"                        // IWYU pragma: export
#include "caffe/layers/multinomial_logistic_loss_layer.hpp"   // IWYU pragma: export
#include "caffe/layers/sigmoid_cross_entropy_loss_layer.hpp"  // IWYU pragma: export
#include "caffe/layers/softmax_layer.hpp"                     // IWYU pragma: export
#include "caffe/layers/softmax_loss_layer.hpp"                // IWYU pragma: export

#endif  // DEMITASSE_CAFFE_LOSS_LAYERS_HPP_
