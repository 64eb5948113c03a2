#include "caffe/layers/depthwise_conv_layer.hpp"

#include <vector>

#include "caffe/filler.hpp"
#include "caffe/util/math_functions.hpp"

namespace caffe {

template <typename Dtype>
void DepthwiseConvLayer<Dtype>::LayerSetUp(const vector<Blob<Dtype>*>& bottom,
                                           const vector<Blob<Dtype>*>& top) {
  ConvolutionParameter conv_param = this->layer_param_.convolution_param();
  if (conv_param.has_kernel_h() && conv_param.has_kernel_w()) {
    kernel_h_ = conv_param.kernel_h();
    kernel_w_ = conv_param.kernel_w();
  } else {
    CHECK_EQ(conv_param.kernel_size_size(), 1) << "kernel_size must be given once.";
    kernel_h_ = kernel_w_ = conv_param.kernel_size(0);
  }
  CHECK_GT(kernel_h_, 0) << "Filter dimensions cannot be zero.";
  CHECK_GT(kernel_w_, 0) << "Filter dimensions cannot be zero.";
  stride_h_ = stride_w_ = conv_param.stride_size() ? conv_param.stride(0) : 1;
  pad_h_ = pad_w_ = conv_param.pad_size() ? conv_param.pad(0) : 0;
  dilation_h_ = dilation_w_ = conv_param.dilation_size() ? conv_param.dilation(0) : 1;
  vector<int> weight_shape(4);
  weight_shape[0] = bottom[0]->channels();
  weight_shape[1] = 1;
  weight_shape[2] = kernel_h_;
  weight_shape[3] = kernel_w_;
  vector<int> bias_shape;
  if (conv_param.bias_term()) {
    bias_shape.push_back(bottom[0]->channels());
  }
  if (this->blobs_.size() == 0) {
    if (conv_param.bias_term()) {
      this->blobs_.resize(2);
    } else {
      this->blobs_.resize(1);
    }
    this->blobs_[0].reset(new Blob<Dtype>(weight_shape));
    shared_ptr<Filler<Dtype>> weight_filler(GetFiller<Dtype>(conv_param.weight_filler()));
    weight_filler->Fill(this->blobs_[0].get());
    if (conv_param.bias_term()) {
      this->blobs_[1].reset(new Blob<Dtype>(bias_shape));
      shared_ptr<Filler<Dtype>> bias_filler(GetFiller<Dtype>(conv_param.bias_filler()));
      bias_filler->Fill(this->blobs_[1].get());
    }
  }
  this->param_propagate_down_.resize(this->blobs_.size(), true);
}

template <typename Dtype>
void DepthwiseConvLayer<Dtype>::Reshape(const vector<Blob<Dtype>*>& bottom,
                                        const vector<Blob<Dtype>*>& top) {
  vector<int> top_shape;
  top_shape.push_back(bottom[0]->num());
  top_shape.push_back(bottom[0]->channels());
  const int extent_h = dilation_h_ * (kernel_h_ - 1) + 1;
  const int extent_w = dilation_w_ * (kernel_w_ - 1) + 1;
  top_shape.push_back((bottom[0]->height() + 2 * (int)pad_h_ - extent_h) / (int)stride_h_ + 1);
  top_shape.push_back((bottom[0]->width() + 2 * (int)pad_w_ - extent_w) / (int)stride_w_ + 1);
  top[0]->Reshape(top_shape);
  if (this->layer_param_.convolution_param().bias_term()) {
    bias_multiplier_.Reshape(vector<int>(1, top[0]->count(2)));
    caffe_set(bias_multiplier_.count(), Dtype(1), bias_multiplier_.mutable_cpu_data());
  }
}

template <typename Dtype>
template <typename Term>
void DepthwiseConvLayer<Dtype>::ForEachTerm(const Blob<Dtype>& bottom, const Blob<Dtype>& top,
                                            const Term& term) const {
  for (int n = 0; n < top.num(); ++n) {
    for (int c = 0; c < top.channels(); ++c) {
      for (int h = 0; h < top.height(); ++h) {
        for (int w = 0; w < top.width(); ++w) {
          for (int kh = 0; kh < (int)kernel_h_; ++kh) {
            for (int kw = 0; kw < (int)kernel_w_; ++kw) {
              const int h_in = -(int)pad_h_ + h * (int)stride_h_ + kh * (int)dilation_h_;
              const int w_in = -(int)pad_w_ + w * (int)stride_w_ + kw * (int)dilation_w_;
              if ((h_in >= 0) && (h_in < bottom.height()) && (w_in >= 0) &&
                  (w_in < bottom.width())) {
                term(top.offset(n, c, h, w), (c * kernel_h_ + kh) * kernel_w_ + kw,
                     bottom.offset(n, c, h_in, w_in));
              }
            }
          }
        }
      }
    }
  }
}

template <typename Dtype>
void DepthwiseConvLayer<Dtype>::Forward_cpu(const vector<Blob<Dtype>*>& bottom,
                                            const vector<Blob<Dtype>*>& top) {
  Dtype* top_data = top[0]->mutable_cpu_data();
  const Dtype* bottom_data = bottom[0]->cpu_data();
  const Dtype* weight_data = this->blobs_[0]->cpu_data();
  caffe_set(top[0]->count(), Dtype(0), top_data);
  ForEachTerm(*bottom[0], *top[0], [&](int to, int weight, int from) {
    top_data[to] += weight_data[weight] * bottom_data[from];
  });
  if (this->layer_param_.convolution_param().bias_term()) {
    const int spatial = top[0]->count(2);
    for (int n = 0; n < top[0]->num(); ++n) {
      caffe_cpu_gemm(CblasNoTrans, CblasNoTrans, top[0]->channels(), spatial, 1, Dtype(1),
                     this->blobs_[1]->cpu_data(), bias_multiplier_.cpu_data(), Dtype(1),
                     top_data + top[0]->offset(n));
    }
  }
}

template <typename Dtype>
void DepthwiseConvLayer<Dtype>::Backward_cpu(const vector<Blob<Dtype>*>& top,
                                             const vector<bool>& propagate_down,
                                             const vector<Blob<Dtype>*>& bottom) {
  const Dtype* top_diff = top[0]->cpu_diff();
  if (this->layer_param_.convolution_param().bias_term() && this->param_propagate_down_[1]) {
    Dtype* bias_diff = this->blobs_[1]->mutable_cpu_diff();
    for (int n = 0; n < top[0]->num(); ++n) {
      caffe_cpu_gemv<Dtype>(CblasNoTrans, top[0]->channels(), top[0]->count(2), 1.,
                            top_diff + top[0]->offset(n), bias_multiplier_.cpu_data(), 1.,
                            bias_diff);
    }
  }
  if (this->param_propagate_down_[0]) {
    const Dtype* bottom_data = bottom[0]->cpu_data();
    Dtype* weight_diff = this->blobs_[0]->mutable_cpu_diff();
    ForEachTerm(*bottom[0], *top[0], [&](int to, int weight, int from) {
      weight_diff[weight] += bottom_data[from] * top_diff[to];
    });
  }
  if (propagate_down[0]) {
    const Dtype* weight_data = this->blobs_[0]->cpu_data();
    Dtype* bottom_diff = bottom[0]->mutable_cpu_diff();
    caffe_set(bottom[0]->count(), Dtype(0), bottom_diff);
    ForEachTerm(*bottom[0], *top[0], [&](int to, int weight, int from) {
      bottom_diff[from] += weight_data[weight] * top_diff[to];
    });
  }
}

#ifdef CPU_ONLY
STUB_GPU(DepthwiseConvLayer);
#endif

INSTANTIATE_CLASS(DepthwiseConvLayer);
REGISTER_LAYER_CLASS(DepthwiseConv);

}  // namespace caffe
