#include "caffe/layers/shuffle_channel_layer.hpp"

#include <algorithm>
#include <vector>

namespace caffe {

template <typename Dtype>
void ShuffleChannelLayer<Dtype>::LayerSetUp(const vector<Blob<Dtype>*>& bottom,
                                            const vector<Blob<Dtype>*>& top) {
  group_ = this->template ExtraParam<int>("group");
  CHECK_GT(group_, 0) << "group must be greater than 0";
  top[0]->ReshapeLike(*bottom[0]);
}

template <typename Dtype>
void ShuffleChannelLayer<Dtype>::Resize_cpu(Dtype* output, const Dtype* input, int group_row,
                                            int group_column, int len) {
  for (int i = 0; i < group_row; ++i) {
    for (int j = 0; j < group_column; ++j) {
      const Dtype* p_i = input + (i * group_column + j) * len;
      Dtype* p_o = output + (j * group_row + i) * len;
      caffe_copy(len, p_i, p_o);
    }
  }
}

template <typename Dtype>
void ShuffleChannelLayer<Dtype>::Reshape(const vector<Blob<Dtype>*>& bottom,
                                         const vector<Blob<Dtype>*>& top) {
  const int chs = bottom[0]->channels();
  CHECK_EQ(chs % group_, 0) << "group does not divide the channels";
  top[0]->Reshape(bottom[0]->shape());
  temp_blob_.ReshapeLike(*bottom[0]);
}

template <typename Dtype>
void ShuffleChannelLayer<Dtype>::Forward_cpu(const vector<Blob<Dtype>*>& bottom,
                                             const vector<Blob<Dtype>*>& top) {
  // through a copy: the top may be the bottom
  caffe_copy(bottom[0]->count(), bottom[0]->cpu_data(), temp_blob_.mutable_cpu_data());
  const int num = bottom[0]->shape(0);
  const int feature_map_size = bottom[0]->count(1);
  const int sp_sz = bottom[0]->count(2);
  const int chs = bottom[0]->shape(1);
  for (int n = 0; n < num; ++n) {
    Resize_cpu(top[0]->mutable_cpu_data() + n * feature_map_size,
               temp_blob_.cpu_data() + n * feature_map_size, group_, chs / group_, sp_sz);
  }
}

template <typename Dtype>
void ShuffleChannelLayer<Dtype>::Backward_cpu(const vector<Blob<Dtype>*>& top,
                                              const vector<bool>& propagate_down,
                                              const vector<Blob<Dtype>*>& bottom) {
  if (!propagate_down[0]) return;
  caffe_copy(top[0]->count(), top[0]->cpu_diff(), temp_blob_.mutable_cpu_diff());
  const int feature_map_size = bottom[0]->count(1);
  const int sp_sz = bottom[0]->count(2);
  const int chs = bottom[0]->shape(1);
  for (int n = 0; n < bottom[0]->shape(0); ++n) {
    Resize_cpu(bottom[0]->mutable_cpu_diff() + n * feature_map_size,
               temp_blob_.cpu_diff() + n * feature_map_size, chs / group_, group_, sp_sz);
  }
}

#ifdef CPU_ONLY
STUB_GPU(ShuffleChannelLayer);
#endif

INSTANTIATE_CLASS(ShuffleChannelLayer);
REGISTER_LAYER_CLASS(ShuffleChannel);

}  // namespace caffe
