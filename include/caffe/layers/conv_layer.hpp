// ConvolutionLayer, for layers that derive from it and change its steps.
#ifndef DEMITASSE_CAFFE_LAYERS_CONV_LAYER_HPP_
#define DEMITASSE_CAFFE_LAYERS_CONV_LAYER_HPP_

#include <vector>

#include "caffe/layers/base_conv_layer.hpp"

namespace caffe {

template <typename Dtype>
class ConvolutionLayer : public BaseConvolutionLayer<Dtype> {
 public:
  explicit ConvolutionLayer(const LayerParameter& param) : BaseConvolutionLayer<Dtype>(param) {}

 protected:
  void Forward_cpu(const std::vector<Blob<Dtype>*>& bottom,
                   const std::vector<Blob<Dtype>*>& top) override {
    const Dtype* const weight = this->blobs_[0]->cpu_data();
    for (size_t i = 0; i < bottom.size(); ++i) {
      const Dtype* const bottom_data = bottom[i]->cpu_data();
      Dtype* const top_data = top[i]->mutable_cpu_data();
      for (int n = 0; n < this->num_; ++n) {
        this->forward_cpu_gemm(bottom_data + n * this->bottom_dim_, weight,
                               top_data + n * this->top_dim_);
        if (this->bias_term_) {
          this->forward_cpu_bias(top_data + n * this->top_dim_, this->blobs_[1]->cpu_data());
        }
      }
    }
  }

  void Backward_cpu(const std::vector<Blob<Dtype>*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob<Dtype>*>& bottom) override {
    for (size_t i = 0; i < top.size(); ++i) {
      const Dtype* const top_diff = top[i]->cpu_diff();
      for (int n = 0; n < this->num_; ++n) {
        const Dtype* const diff = top_diff + n * this->top_dim_;
        if (this->bias_term_ && this->param_propagate_down_[1]) {
          this->backward_cpu_bias(this->blobs_[1]->mutable_cpu_diff(), diff);
        }
        if (this->param_propagate_down_[0]) {
          this->weight_cpu_gemm(bottom[i]->cpu_data() + n * this->bottom_dim_, diff,
                                this->blobs_[0]->mutable_cpu_diff());
        }
        if (propagate_down[i]) {
          this->backward_cpu_gemm(diff, this->blobs_[0]->cpu_data(),
                                  bottom[i]->mutable_cpu_diff() + n * this->bottom_dim_);
        }
      }
    }
  }

  bool reverse_dimensions() override { return false; }

  void compute_output_shape() override {
    this->output_shape_.clear();
    for (int i = 0; i < this->num_spatial_axes_; ++i) {
      const int extent =
          this->dilation_.cpu_data()[i] * (this->kernel_shape_.cpu_data()[i] - 1) + 1;
      const int places = this->input_shape(i + 1) + 2 * this->pad_.cpu_data()[i] - extent;
      CHECK_GE(places, 0) << "the kernel is larger than the input";
      this->output_shape_.push_back(places / this->stride_.cpu_data()[i] + 1);
    }
  }
};

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_LAYERS_CONV_LAYER_HPP_
