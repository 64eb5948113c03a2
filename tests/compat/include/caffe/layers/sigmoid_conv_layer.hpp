#ifndef CAFFE_SIGMOID_CONV_LAYER_HPP_
#define CAFFE_SIGMOID_CONV_LAYER_HPP_

#include <vector>

#include "caffe/blob.hpp"
#include "caffe/layer.hpp"
#include "caffe/layers/conv_layer.hpp"
#include "caffe/layers/sigmoid_layer.hpp"
#include "caffe/proto/caffe.pb.h"

namespace caffe {

// A convolution with a sigmoid behind it, which is a layer of its own.
template <typename Dtype>
class SigmoidConvLayer : public ConvolutionLayer<Dtype> {
 public:
  explicit SigmoidConvLayer(const LayerParameter& param)
      : ConvolutionLayer<Dtype>(param),
        sigmoid_layer_(new SigmoidLayer<Dtype>(param)),
        conv_output_(new Blob<Dtype>()) {}
  virtual void LayerSetUp(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top);
  virtual void Reshape(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top);

  virtual inline int ExactNumBottomBlobs() const { return 1; }
  virtual inline int ExactNumTopBlobs() const { return 1; }
  virtual inline const char* type() const { return "SigmoidConv"; }

 protected:
  virtual void Forward_cpu(const vector<Blob<Dtype>*>& bottom, const vector<Blob<Dtype>*>& top);
  virtual void Backward_cpu(const vector<Blob<Dtype>*>& top, const vector<bool>& propagate_down,
                            const vector<Blob<Dtype>*>& bottom);

  shared_ptr<SigmoidLayer<Dtype>> sigmoid_layer_;
  shared_ptr<Blob<Dtype>> conv_output_;
  vector<Blob<Dtype>*> conv_top_vec_;
};

}  // namespace caffe

#endif  // CAFFE_SIGMOID_CONV_LAYER_HPP_
