// BaseConvolutionLayer: what convolutions that are matrix products of windows have in common. It
// is here for layers that derive from it; the built-in Convolution does not use it.
#ifndef DEMITASSE_CAFFE_LAYERS_BASE_CONV_LAYER_HPP_
#define DEMITASSE_CAFFE_LAYERS_BASE_CONV_LAYER_HPP_

#include <algorithm>
#include <vector>

#include "caffe/filler.hpp"
#include "caffe/layer.hpp"
#include "caffe/util/im2col.hpp"
#include "caffe/util/math_functions.hpp"

namespace caffe {

template <typename Dtype>
class BaseConvolutionLayer : public Layer<Dtype> {
 public:
  explicit BaseConvolutionLayer(const LayerParameter& param) : Layer<Dtype>(param) {}

  void LayerSetUp(const std::vector<Blob<Dtype>*>& bottom,
                  const std::vector<Blob<Dtype>*>& top) override;
  void Reshape(const std::vector<Blob<Dtype>*>& bottom,
               const std::vector<Blob<Dtype>*>& top) override;

  int MinBottomBlobs() const override { return 1; }
  int MinTopBlobs() const override { return 1; }
  bool EqualNumBottomTopBlobs() const override { return true; }

 protected:
  // Of one image: output += or = weights * windows of the input, and its gradients.
  void forward_cpu_gemm(const Dtype* input, const Dtype* weights, Dtype* output,
                        bool skip_im2col = false);
  void forward_cpu_bias(Dtype* output, const Dtype* bias);
  void backward_cpu_gemm(const Dtype* output, const Dtype* weights, Dtype* input);
  void weight_cpu_gemm(const Dtype* input, const Dtype* output, Dtype* weights);
  void backward_cpu_bias(Dtype* bias, const Dtype* input);

  // The size of the bottom's axis i behind the one of the channels, which is 0.
  inline int input_shape(int i) { return (*bottom_shape_)[channel_axis_ + i]; }
  // Whether the roles of bottom and top are exchanged, as for a deconvolution.
  virtual bool reverse_dimensions() = 0;
  // Sets output_shape_.
  virtual void compute_output_shape() = 0;

  Blob<int> kernel_shape_;
  Blob<int> stride_;
  Blob<int> pad_;
  Blob<int> dilation_;
  Blob<int> conv_input_shape_;  // channels, then the spatial axes
  std::vector<int> col_buffer_shape_;
  std::vector<int> output_shape_;
  const std::vector<int>* bottom_shape_ = nullptr;

  int num_spatial_axes_ = 0;
  int bottom_dim_ = 0;  // elements of one image
  int top_dim_ = 0;
  int channel_axis_ = 0;
  int num_ = 0;
  int channels_ = 0;
  int group_ = 1;
  int out_spatial_dim_ = 0;
  int weight_offset_ = 0;  // from one group's weights to the next one's
  int num_output_ = 0;
  bool bias_term_ = true;
  bool is_1x1_ = false;
  bool force_nd_im2col_ = false;

 private:
  template <typename Values>
  void SetSpatial(const Values& values, bool has_h, int h, bool has_w, int w, int by_default,
                  int least, const char* name, Blob<int>* blob);
  void AddParameters();
  void conv_im2col_cpu(const Dtype* data, Dtype* col_buff);
  void conv_col2im_cpu(const Dtype* col_buff, Dtype* data);

  int conv_out_channels_ = 0;
  int conv_in_channels_ = 0;
  int conv_out_spatial_dim_ = 0;
  int kernel_dim_ = 0;
  int col_offset_ = 0;
  int output_offset_ = 0;
  Blob<Dtype> col_buffer_;
  Blob<Dtype> bias_multiplier_;
};

// Values for the spatial axes: from the fields for height and width, or the repeated field, which
// may have one for all.
template <typename Dtype>
template <typename Values>
void BaseConvolutionLayer<Dtype>::SetSpatial(const Values& values, bool has_h, int h, bool has_w,
                                             int w, int by_default, int least, const char* name,
                                             Blob<int>* blob) {
  blob->Reshape(std::vector<int>{std::max(num_spatial_axes_, 1)});
  int* const to = blob->mutable_cpu_data();
  if (has_h || has_w) {
    CHECK_EQ(num_spatial_axes_, 2) << name << "_h & " << name << "_w can only be used for 2D.";
    CHECK_EQ(values.size(), 0) << "Either " << name << " or " << name << "_h/w, not both.";
    to[0] = h;
    to[1] = w;
  } else {
    CHECK(values.size() <= 1 || values.size() == num_spatial_axes_)
        << name << " must be given once, or once per spatial dimension (" << num_spatial_axes_
        << "), got " << values.size();
    for (int i = 0; i < num_spatial_axes_; ++i) {
      to[i] = values.size() == 0 ? by_default
                                 : static_cast<int>(values.Get(values.size() == 1 ? 0 : i));
    }
  }
  for (int i = 0; i < num_spatial_axes_; ++i) {
    CHECK_GE(to[i], least) << name << " is too small";
  }
}

template <typename Dtype>
void BaseConvolutionLayer<Dtype>::LayerSetUp(const std::vector<Blob<Dtype>*>& bottom,
                                             const std::vector<Blob<Dtype>*>& /*top*/) {
  const ConvolutionParameter& param = this->layer_param_.convolution_param();
  force_nd_im2col_ = param.force_nd_im2col();
  channel_axis_ = bottom[0]->CanonicalAxisIndex(param.axis());
  num_spatial_axes_ = bottom[0]->num_axes() - (channel_axis_ + 1);
  CHECK_GE(num_spatial_axes_, 0);
  SetSpatial(param.kernel_size(), param.has_kernel_h(), param.kernel_h(), param.has_kernel_w(),
             param.kernel_w(), 0, 1, "kernel_size", &kernel_shape_);
  SetSpatial(param.stride(), param.has_stride_h(), param.stride_h(), param.has_stride_w(),
             param.stride_w(), 1, 1, "stride", &stride_);
  SetSpatial(param.pad(), param.has_pad_h(), param.pad_h(), param.has_pad_w(), param.pad_w(), 0, 0,
             "pad", &pad_);
  SetSpatial(param.dilation(), false, 0, false, 0, 1, 1, "dilation", &dilation_);
  is_1x1_ = true;
  for (int i = 0; i < num_spatial_axes_; ++i) {
    is_1x1_ = is_1x1_ && kernel_shape_.cpu_data()[i] == 1 && stride_.cpu_data()[i] == 1 &&
              pad_.cpu_data()[i] == 0;
  }
  channels_ = bottom[0]->shape(channel_axis_);
  num_output_ = static_cast<int>(param.num_output());
  CHECK_GT(num_output_, 0);
  group_ = static_cast<int>(param.group());
  CHECK_EQ(channels_ % group_, 0) << "The channels must be a multiple of group.";
  CHECK_EQ(num_output_ % group_, 0) << "num_output must be a multiple of group.";
  conv_out_channels_ = reverse_dimensions() ? channels_ : num_output_;
  conv_in_channels_ = reverse_dimensions() ? num_output_ : channels_;
  bias_term_ = param.bias_term();
  AddParameters();
  kernel_dim_ = this->blobs_[0]->count(1);
  weight_offset_ = conv_out_channels_ * kernel_dim_ / group_;
  this->param_propagate_down_.resize(this->blobs_.size(), true);
}

template <typename Dtype>
void BaseConvolutionLayer<Dtype>::AddParameters() {
  if (!this->blobs_.empty()) return;
  const ConvolutionParameter& param = this->layer_param_.convolution_param();
  std::vector<int> weight_shape = {conv_out_channels_, conv_in_channels_ / group_};
  weight_shape.insert(weight_shape.end(), kernel_shape_.cpu_data(),
                      kernel_shape_.cpu_data() + num_spatial_axes_);
  const auto add = [&](const std::vector<int>& shape, const FillerParameter& filler) {
    this->blobs_.emplace_back(new Blob<Dtype>(shape));
    shared_ptr<Filler<Dtype>>(GetFiller<Dtype>(filler))->Fill(this->blobs_.back().get());
  };
  add(weight_shape, param.weight_filler());
  if (bias_term_) add({num_output_}, param.bias_filler());
}

template <typename Dtype>
void BaseConvolutionLayer<Dtype>::Reshape(const std::vector<Blob<Dtype>*>& bottom,
                                          const std::vector<Blob<Dtype>*>& top) {
  CHECK_EQ(bottom[0]->num_axes(), channel_axis_ + 1 + num_spatial_axes_)
      << "The number of axes may not change.";
  CHECK_EQ(bottom[0]->shape(channel_axis_), channels_)
      << "Input size incompatible with convolution kernel.";
  for (const Blob<Dtype>* const other : bottom) {
    CHECK(bottom[0]->shape() == other->shape()) << "All inputs must have the same shape.";
  }
  num_ = bottom[0]->count(0, channel_axis_);
  bottom_shape_ = &bottom[0]->shape();
  compute_output_shape();
  std::vector<int> top_shape(bottom_shape_->begin(), bottom_shape_->begin() + channel_axis_);
  top_shape.push_back(num_output_);
  top_shape.insert(top_shape.end(), output_shape_.begin(),
                   output_shape_.begin() + num_spatial_axes_);
  for (Blob<Dtype>* const blob : top) blob->Reshape(top_shape);
  const int first_spatial_axis = channel_axis_ + 1;
  conv_out_spatial_dim_ = (reverse_dimensions() ? bottom : top)[0]->count(first_spatial_axis);
  col_offset_ = kernel_dim_ * conv_out_spatial_dim_;
  output_offset_ = conv_out_channels_ * conv_out_spatial_dim_ / group_;
  conv_input_shape_.Reshape(std::vector<int>{num_spatial_axes_ + 1});
  col_buffer_shape_ = {kernel_dim_ * group_};
  for (int i = 0; i <= num_spatial_axes_; ++i) {
    const Blob<Dtype>& input = reverse_dimensions() ? *top[0] : *bottom[0];
    conv_input_shape_.mutable_cpu_data()[i] = input.shape(channel_axis_ + i);
    if (i > 0) {
      col_buffer_shape_.push_back(reverse_dimensions() ? input_shape(i) : output_shape_[i - 1]);
    }
  }
  col_buffer_.Reshape(col_buffer_shape_);
  bottom_dim_ = bottom[0]->count(channel_axis_);
  top_dim_ = top[0]->count(channel_axis_);
  out_spatial_dim_ = top[0]->count(first_spatial_axis);
  bias_multiplier_.Reshape(std::vector<int>{bias_term_ ? out_spatial_dim_ : 0});
  caffe_set(bias_multiplier_.count(), Dtype(1), bias_multiplier_.mutable_cpu_data());
}

template <typename Dtype>
void BaseConvolutionLayer<Dtype>::conv_im2col_cpu(const Dtype* data, Dtype* col_buff) {
  im2col_nd_cpu(data, num_spatial_axes_, conv_input_shape_.cpu_data(), col_buffer_shape_.data(),
                kernel_shape_.cpu_data(), pad_.cpu_data(), stride_.cpu_data(), dilation_.cpu_data(),
                col_buff);
}

template <typename Dtype>
void BaseConvolutionLayer<Dtype>::conv_col2im_cpu(const Dtype* col_buff, Dtype* data) {
  col2im_nd_cpu(col_buff, num_spatial_axes_, conv_input_shape_.cpu_data(), col_buffer_shape_.data(),
                kernel_shape_.cpu_data(), pad_.cpu_data(), stride_.cpu_data(), dilation_.cpu_data(),
                data);
}

template <typename Dtype>
void BaseConvolutionLayer<Dtype>::forward_cpu_gemm(const Dtype* input, const Dtype* weights,
                                                   Dtype* output, bool skip_im2col) {
  const Dtype* col_buff = input;
  if (!is_1x1_) {
    if (!skip_im2col) conv_im2col_cpu(input, col_buffer_.mutable_cpu_data());
    col_buff = col_buffer_.cpu_data();
  }
  for (int g = 0; g < group_; ++g) {
    caffe_cpu_gemm<Dtype>(CblasNoTrans, CblasNoTrans, conv_out_channels_ / group_,
                          conv_out_spatial_dim_, kernel_dim_, Dtype(1),
                          weights + weight_offset_ * g, col_buff + col_offset_ * g, Dtype(0),
                          output + output_offset_ * g);
  }
}

template <typename Dtype>
void BaseConvolutionLayer<Dtype>::forward_cpu_bias(Dtype* output, const Dtype* bias) {
  caffe_cpu_gemm<Dtype>(CblasNoTrans, CblasNoTrans, num_output_, out_spatial_dim_, 1, Dtype(1),
                        bias, bias_multiplier_.cpu_data(), Dtype(1), output);
}

template <typename Dtype>
void BaseConvolutionLayer<Dtype>::backward_cpu_gemm(const Dtype* output, const Dtype* weights,
                                                    Dtype* input) {
  Dtype* const col_buff = is_1x1_ ? input : col_buffer_.mutable_cpu_data();
  for (int g = 0; g < group_; ++g) {
    caffe_cpu_gemm<Dtype>(CblasTrans, CblasNoTrans, kernel_dim_, conv_out_spatial_dim_,
                          conv_out_channels_ / group_, Dtype(1), weights + weight_offset_ * g,
                          output + output_offset_ * g, Dtype(0), col_buff + col_offset_ * g);
  }
  if (!is_1x1_) conv_col2im_cpu(col_buff, input);
}

template <typename Dtype>
void BaseConvolutionLayer<Dtype>::weight_cpu_gemm(const Dtype* input, const Dtype* output,
                                                  Dtype* weights) {
  const Dtype* col_buff = input;
  if (!is_1x1_) {
    conv_im2col_cpu(input, col_buffer_.mutable_cpu_data());
    col_buff = col_buffer_.cpu_data();
  }
  for (int g = 0; g < group_; ++g) {
    caffe_cpu_gemm<Dtype>(CblasNoTrans, CblasTrans, conv_out_channels_ / group_, kernel_dim_,
                          conv_out_spatial_dim_, Dtype(1), output + output_offset_ * g,
                          col_buff + col_offset_ * g, Dtype(1), weights + weight_offset_ * g);
  }
}

template <typename Dtype>
void BaseConvolutionLayer<Dtype>::backward_cpu_bias(Dtype* bias, const Dtype* input) {
  caffe_cpu_gemv<Dtype>(CblasNoTrans, num_output_, out_spatial_dim_, Dtype(1), input,
                        bias_multiplier_.cpu_data(), Dtype(1), bias);
}

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_LAYERS_BASE_CONV_LAYER_HPP_
