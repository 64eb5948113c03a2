#ifndef CAFFE_DROP_PATH_LAYER_HPP_
#define CAFFE_DROP_PATH_LAYER_HPP_

#include <vector>

#include "caffe/blob.hpp"
#include "caffe/layer.hpp"
#include "caffe/layers/neuron_layer.hpp"
#include "caffe/proto/caffe.pb.h"

namespace caffe {

// Drops whole samples of a batch while training (Huang et al. (2016), "Deep networks with
// stochastic depth").
template <typename Dtype>
class DropPathLayer : public NeuronLayer<Dtype> {
 public:
  explicit DropPathLayer(const LayerParameter& param) : NeuronLayer<Dtype>(param) {}
  virtual void LayerSetUp(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top);
  virtual void Reshape(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top);

  virtual inline const char* type() const { return "DropPath"; }

 protected:
  virtual void Forward_cpu(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top);
  virtual void Backward_cpu(const vector<Blob<Dtype>*>& top, const vector<bool>& propagate_down,
                            const vector<Blob<Dtype>*>& bottom);

  Blob<unsigned int> rand_vec_;
  Dtype threshold_;
  Dtype scale_;
};

}  // namespace caffe

#endif  // CAFFE_DROP_PATH_LAYER_HPP_
