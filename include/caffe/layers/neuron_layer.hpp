// NeuronLayer: the base of layers that turn each element of a bottom into that of a top.
#ifndef DEMITASSE_CAFFE_LAYERS_NEURON_LAYER_HPP_
#define DEMITASSE_CAFFE_LAYERS_NEURON_LAYER_HPP_

#include <vector>

#include "caffe/layer.hpp"

namespace caffe {

template <typename Dtype>
class NeuronLayer : public Layer<Dtype> {
 public:
  explicit NeuronLayer(const LayerParameter& param) : Layer<Dtype>(param) {}

  void Reshape(const std::vector<Blob<Dtype>*>& bottom,
               const std::vector<Blob<Dtype>*>& top) override {
    top[0]->ReshapeLike(*bottom[0]);
  }
  int ExactNumBottomBlobs() const override { return 1; }
  int ExactNumTopBlobs() const override { return 1; }
  bool SupportsInPlace(int /*index*/) const override { return true; }
  bool BackwardReadsTops() const override { return true; }
};

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_LAYERS_NEURON_LAYER_HPP_
