#include "caffe/layers/normalize_layer.hpp"

#include <vector>

#include "caffe/filler.hpp"
#include "caffe/util/math_functions.hpp"

namespace caffe {

template <typename Dtype>
void NormalizeLayer<Dtype>::LayerSetUp(const vector<Blob<Dtype>*>& bottom,
                                       const vector<Blob<Dtype>*>& top) {
  CHECK_GE(bottom[0]->num_axes(), 2) << "Number of axes of bottom blob must be >= 2.";
  const int channels = bottom[0]->channels();
  channel_shared_ = this->template ExtraParam<bool>("channel_shared", false);
  eps_ = this->template ExtraParam<float>("eps", 1e-10);
  if (this->blobs_.size() > 0) {
    LOG(INFO) << "Skipping parameter initialization";
  } else {
    this->blobs_.resize(1);
    this->blobs_[0].reset(channel_shared_ ? new Blob<Dtype>(vector<int>(0))
                                          : new Blob<Dtype>(vector<int>(1, channels)));
    FillerParameter filler_param;
    filler_param.set_type("constant");
    filler_param.set_value(this->template ExtraParam<float>("scale", 1));
    shared_ptr<Filler<Dtype>> scale_filler(GetFiller<Dtype>(filler_param));
    scale_filler->Fill(this->blobs_[0].get());
  }
  this->param_propagate_down_.resize(this->blobs_.size(), true);
}

template <typename Dtype>
void NormalizeLayer<Dtype>::Reshape(const vector<Blob<Dtype>*>& bottom,
                                    const vector<Blob<Dtype>*>& top) {
  const int channels = bottom[0]->channels();
  const int spatial_dim = bottom[0]->height() * bottom[0]->width();
  top[0]->ReshapeLike(*bottom[0]);
  buffer_.Reshape(1, channels, bottom[0]->height(), bottom[0]->width());
  buffer_channel_.Reshape(1, channels, 1, 1);
  buffer_spatial_.Reshape(1, 1, bottom[0]->height(), bottom[0]->width());
  norm_.Reshape(bottom[0]->num(), 1, bottom[0]->height(), bottom[0]->width());
  sum_channel_multiplier_.Reshape(1, channels, 1, 1);
  caffe_set(channels, Dtype(1), sum_channel_multiplier_.mutable_cpu_data());
  if (sum_spatial_multiplier_.count() != spatial_dim) {
    sum_spatial_multiplier_.Reshape(1, 1, bottom[0]->height(), bottom[0]->width());
    caffe_set(spatial_dim, Dtype(1), sum_spatial_multiplier_.mutable_cpu_data());
  }
}

template <typename Dtype>
void NormalizeLayer<Dtype>::Forward_cpu(const vector<Blob<Dtype>*>& bottom,
                                        const vector<Blob<Dtype>*>& top) {
  const Dtype* bottom_data = bottom[0]->cpu_data();
  const Dtype* scale = this->blobs_[0]->cpu_data();
  Dtype* top_data = top[0]->mutable_cpu_data();
  Dtype* buffer_data = buffer_.mutable_cpu_data();
  Dtype* norm_data = norm_.mutable_cpu_data();
  const Dtype* channel_ones = sum_channel_multiplier_.cpu_data();
  const Dtype* spatial_ones = sum_spatial_multiplier_.cpu_data();
  const int num = bottom[0]->num();
  const int dim = bottom[0]->count() / num;
  const int spatial_dim = bottom[0]->height() * bottom[0]->width();
  const int channels = bottom[0]->channels();
  // so that the norm is never 0
  caffe_set<Dtype>(norm_.count(), Dtype(eps_), norm_data);
  for (int n = 0; n < num; ++n) {
    caffe_sqr<Dtype>(dim, bottom_data, buffer_data);
    caffe_cpu_gemv<Dtype>(CblasTrans, channels, spatial_dim, Dtype(1), buffer_data, channel_ones,
                          Dtype(1), norm_data);
    caffe_powx<Dtype>(spatial_dim, norm_data, Dtype(0.5), norm_data);
    caffe_cpu_gemm<Dtype>(CblasNoTrans, CblasNoTrans, channels, spatial_dim, 1, Dtype(1),
                          channel_ones, norm_data, Dtype(0), buffer_data);
    caffe_div<Dtype>(dim, bottom_data, buffer_data, top_data);
    if (channel_shared_) {
      caffe_scal<Dtype>(dim, scale[0], top_data);
    } else {
      caffe_cpu_gemm<Dtype>(CblasNoTrans, CblasNoTrans, channels, spatial_dim, 1, Dtype(1), scale,
                            spatial_ones, Dtype(0), buffer_data);
      caffe_mul<Dtype>(dim, top_data, buffer_data, top_data);
    }
    bottom_data += dim;
    top_data += dim;
    norm_data += spatial_dim;
  }
}

template <typename Dtype>
void NormalizeLayer<Dtype>::Backward_cpu(const vector<Blob<Dtype>*>& top,
                                         const vector<bool>& propagate_down,
                                         const vector<Blob<Dtype>*>& bottom) {
  const Dtype* top_diff = top[0]->cpu_diff();
  const Dtype* bottom_data = bottom[0]->cpu_data();
  const Dtype* norm_data = norm_.cpu_data();
  const Dtype* scale = this->blobs_[0]->cpu_data();
  const Dtype* channel_ones = sum_channel_multiplier_.cpu_data();
  const Dtype* spatial_ones = sum_spatial_multiplier_.cpu_data();
  Dtype* buffer_data = buffer_.mutable_cpu_data();
  Dtype* buffer_channel = buffer_channel_.mutable_cpu_data();
  Dtype* buffer_spatial = buffer_spatial_.mutable_cpu_data();
  const int count = top[0]->count();
  const int num = top[0]->num();
  const int dim = count / num;
  const int spatial_dim = top[0]->height() * top[0]->width();
  const int channels = top[0]->channels();
  Dtype* x_hat = buffer_.mutable_cpu_diff();
  for (int n = 0; n < num; ++n) {
    // x / |x|, from which both gradients follow
    caffe_cpu_gemm<Dtype>(CblasNoTrans, CblasNoTrans, channels, spatial_dim, 1, Dtype(1),
                          channel_ones, norm_data + n * spatial_dim, Dtype(0), x_hat);
    caffe_div<Dtype>(dim, bottom_data + n * dim, x_hat, x_hat);
    if (this->param_propagate_down_[0]) {
      Dtype* scale_diff = this->blobs_[0]->mutable_cpu_diff();
      caffe_mul<Dtype>(dim, x_hat, top_diff + n * dim, buffer_data);
      if (channel_shared_) {
        scale_diff[0] += caffe_cpu_dot<Dtype>(dim, x_hat, top_diff + n * dim);
      } else {
        caffe_cpu_gemv<Dtype>(CblasNoTrans, channels, spatial_dim, Dtype(1), buffer_data,
                              spatial_ones, Dtype(0), buffer_channel);
        caffe_axpy<Dtype>(channels, Dtype(1), buffer_channel, scale_diff);
      }
    }
    if (propagate_down[0]) {
      Dtype* bottom_diff = bottom[0]->mutable_cpu_diff() + n * dim;
      // the gradient behind the scale
      for (int c = 0; c < channels; ++c) {
        caffe_cpu_axpby<Dtype>(spatial_dim, scale[channel_shared_ ? 0 : c],
                               top_diff + n * dim + c * spatial_dim, Dtype(0),
                               bottom_diff + c * spatial_dim);
      }
      // minus its part along x, by the norm
      caffe_mul<Dtype>(dim, x_hat, bottom_diff, buffer_data);
      caffe_cpu_gemv<Dtype>(CblasTrans, channels, spatial_dim, Dtype(1), buffer_data, channel_ones,
                            Dtype(0), buffer_spatial);
      caffe_cpu_gemm<Dtype>(CblasNoTrans, CblasNoTrans, channels, spatial_dim, 1, Dtype(1),
                            channel_ones, buffer_spatial, Dtype(0), buffer_data);
      caffe_mul<Dtype>(dim, x_hat, buffer_data, buffer_data);
      caffe_sub<Dtype>(dim, bottom_diff, buffer_data, bottom_diff);
      caffe_cpu_gemm<Dtype>(CblasNoTrans, CblasNoTrans, channels, spatial_dim, 1, Dtype(1),
                            channel_ones, norm_data + n * spatial_dim, Dtype(0), buffer_data);
      caffe_div<Dtype>(dim, bottom_diff, buffer_data, bottom_diff);
    }
  }
}

#ifdef CPU_ONLY
STUB_GPU(NormalizeLayer);
#endif

INSTANTIATE_CLASS(NormalizeLayer);
REGISTER_LAYER_CLASS(Normalize);

}  // namespace caffe
