#ifndef CAFFE_SHARED_PRELU_LAYER_HPP_
#define CAFFE_SHARED_PRELU_LAYER_HPP_

#include <vector>

#include "caffe/blob.hpp"
#include "caffe/layer.hpp"
#include "caffe/layers/neuron_layer.hpp"
#include "caffe/proto/caffe.pb.h"

namespace caffe {

/**
 * @brief y_i = max(0, x_i) + a_i * min(0, x_i)
 *        (He, Zhang, Ren, Sun (2015), "Delving deep into rectifiers").
 */
template <typename Dtype>
class SharedPReLULayer : public NeuronLayer<Dtype> {
 public:
  explicit SharedPReLULayer(const LayerParameter& param) : NeuronLayer<Dtype>(param) {}

  virtual void LayerSetUp(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top);

  virtual void Reshape(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top);

  virtual inline const char* type() const { return "SharedPReLU"; }

 protected:
  virtual void Forward_cpu(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top);
  virtual void Forward_gpu(const vector<Blob<Dtype>*>& bottom,
                           const vector<Blob<Dtype>*>& top) override;
  virtual void Backward_cpu(const vector<Blob<Dtype>*>& top, const vector<bool>& propagate_down,
                            const vector<Blob<Dtype>*>& bottom);
  virtual void Backward_gpu(const vector<Blob<Dtype>*>& top, const vector<bool>& propagate_down,
                            const vector<Blob<Dtype>*>& bottom) override;

  bool channel_shared_;
  Blob<Dtype> bottom_memory_;  // for in-place computation
};

}  // namespace caffe

#endif  // CAFFE_SHARED_PRELU_LAYER_HPP_
