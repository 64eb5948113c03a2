#include "caffe/layers/sigmoid_conv_layer.hpp"

#include <vector>

namespace caffe {

template <typename Dtype>
void SigmoidConvLayer<Dtype>::LayerSetUp(const vector<Blob<Dtype>*>& bottom,
                                         const vector<Blob<Dtype>*>& top) {
  ConvolutionLayer<Dtype>::LayerSetUp(bottom, top);
  conv_top_vec_.clear();
  conv_top_vec_.push_back(conv_output_.get());
  ConvolutionLayer<Dtype>::Reshape(bottom, conv_top_vec_);
  sigmoid_layer_->SetUp(conv_top_vec_, top);
}

template <typename Dtype>
void SigmoidConvLayer<Dtype>::Reshape(const vector<Blob<Dtype>*>& bottom,
                                      const vector<Blob<Dtype>*>& top) {
  ConvolutionLayer<Dtype>::Reshape(bottom, conv_top_vec_);
  sigmoid_layer_->Reshape(conv_top_vec_, top);
}

template <typename Dtype>
void SigmoidConvLayer<Dtype>::Forward_cpu(const vector<Blob<Dtype>*>& bottom,
                                          const vector<Blob<Dtype>*>& top) {
  ConvolutionLayer<Dtype>::Forward_cpu(bottom, conv_top_vec_);
  sigmoid_layer_->Forward(conv_top_vec_, top);
}

template <typename Dtype>
void SigmoidConvLayer<Dtype>::Backward_cpu(const vector<Blob<Dtype>*>& top,
                                           const vector<bool>& propagate_down,
                                           const vector<Blob<Dtype>*>& bottom) {
  sigmoid_layer_->Backward(top, vector<bool>(1, true), conv_top_vec_);
  ConvolutionLayer<Dtype>::Backward_cpu(conv_top_vec_, propagate_down, bottom);
}

INSTANTIATE_CLASS(SigmoidConvLayer);
REGISTER_LAYER_CLASS(SigmoidConv);

}  // namespace caffe
