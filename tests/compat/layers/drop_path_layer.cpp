#include "caffe/layers/drop_path_layer.hpp"

#include <vector>

#include "caffe/util/math_functions.hpp"

namespace caffe {

template <typename Dtype>
void DropPathLayer<Dtype>::LayerSetUp(const vector<Blob<Dtype>*>& bottom,
                                      const vector<Blob<Dtype>*>& top) {
  NeuronLayer<Dtype>::LayerSetUp(bottom, top);
  threshold_ = this->layer_param_.dropout_param().dropout_ratio();
  CHECK(threshold_ >= 0.) << "dropout_ratio " << threshold_;
  DCHECK(threshold_ < 1.);
  scale_ = 1. / (1. - threshold_);
}

template <typename Dtype>
void DropPathLayer<Dtype>::Reshape(const vector<Blob<Dtype>*>& bottom,
                                   const vector<Blob<Dtype>*>& top) {
  NeuronLayer<Dtype>::Reshape(bottom, top);
  rand_vec_.Reshape(vector<int>(1, bottom[0]->shape(0)));
}

template <typename Dtype>
void DropPathLayer<Dtype>::Forward_cpu(const vector<Blob<Dtype>*>& bottom,
                                       const vector<Blob<Dtype>*>& top) {
  const Dtype* bottom_data = bottom[0]->cpu_data();
  Dtype* top_data = top[0]->mutable_cpu_data();
  if (this->phase_ == TRAIN) {
    unsigned int* mask = rand_vec_.mutable_cpu_data();
    caffe_rng_bernoulli(rand_vec_.count(), 1. - threshold_, mask);
    const int dim = bottom[0]->count(1);
    for (int i = 0; i < bottom[0]->shape(0); ++i) {
      caffe_cpu_scale(dim, mask[i] * scale_, bottom_data + i * dim, top_data + i * dim);
    }
  } else {
    caffe_copy(bottom[0]->count(), bottom_data, top_data);
  }
}

template <typename Dtype>
void DropPathLayer<Dtype>::Backward_cpu(const vector<Blob<Dtype>*>& top,
                                        const vector<bool>& propagate_down,
                                        const vector<Blob<Dtype>*>& bottom) {
  if (!propagate_down[0]) return;
  const Dtype* top_diff = top[0]->cpu_diff();
  Dtype* bottom_diff = bottom[0]->mutable_cpu_diff();
  if (this->phase_ == TRAIN) {
    const unsigned int* mask = rand_vec_.cpu_data();
    const int dim = bottom[0]->count(1);
    for (int i = 0; i < bottom[0]->shape(0); ++i) {
      caffe_cpu_scale(dim, mask[i] * scale_, top_diff + i * dim, bottom_diff + i * dim);
    }
  } else {
    caffe_copy(top[0]->count(), top_diff, bottom_diff);
  }
}

INSTANTIATE_CLASS(DropPathLayer);
REGISTER_LAYER_CLASS(DropPath);

}  // namespace caffe
