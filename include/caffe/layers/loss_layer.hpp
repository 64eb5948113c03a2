// LossLayer: the base of layers that compare a prediction (bottom 0) with a label (bottom 1) and
// give a loss, which has weight 1 unless the prototxt gives another loss_weight.
#ifndef DEMITASSE_CAFFE_LAYERS_LOSS_LAYER_HPP_
#define DEMITASSE_CAFFE_LAYERS_LOSS_LAYER_HPP_

#include <vector>

#include "caffe/layer.hpp"

namespace caffe {

// Probabilities below count as this, so that their logarithms stay finite.
const float kLOG_THRESHOLD = 1e-20F;

template <typename Dtype>
class LossLayer : public Layer<Dtype> {
 public:
  explicit LossLayer(const LayerParameter& param) : Layer<Dtype>(param) {}

  void LayerSetUp(const std::vector<Blob<Dtype>*>& /*bottom*/,
                  const std::vector<Blob<Dtype>*>& /*top*/) override {
    if (this->layer_param_.loss_weight_size() == 0) this->layer_param_.add_loss_weight(Dtype(1));
  }
  void Reshape(const std::vector<Blob<Dtype>*>& bottom,
               const std::vector<Blob<Dtype>*>& top) override {
    CHECK_EQ(bottom[0]->shape(0), bottom[1]->shape(0))
        << "The data and label should have the same first dimension.";
    top[0]->Reshape(std::vector<int>());
  }

  int ExactNumBottomBlobs() const override { return 2; }
  int ExactNumTopBlobs() const override { return 1; }
  bool AutoTopBlobs() const override { return true; }
  bool AllowForceBackward(const int bottom_index) const override { return bottom_index != 1; }
  bool BottomIsIndex(const int bottom_index) const override {
    return !this->AllowForceBackward(bottom_index);
  }
};

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_LAYERS_LOSS_LAYER_HPP_
