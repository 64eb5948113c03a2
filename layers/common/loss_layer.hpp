// LossLayer: the base of layers that compare a prediction (bottom 0) with labels (bottom 1) and
// give one number, the loss (top 0), which counts in the net's loss with weight 1 unless the
// prototxt gives another loss_weight.
#ifndef DEMITASSE_LAYERS_COMMON_LOSS_LAYER_HPP_
#define DEMITASSE_LAYERS_COMMON_LOSS_LAYER_HPP_

#include <vector>

#include "demitasse/layer.hpp"

namespace demitasse {

class LossLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 2; }
  int ExactNumTopBlobs() const override { return 1; }
  bool AutoTopBlobs() const override { return true; }
  bool BottomIsIndex(int bottom_index) const override { return bottom_index == 1; }

  // Both are to be called first by layers that override them.
  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 protected:
  // loss_param.normalization, or what the deprecated `normalize` means, or `by_default`.
  caffe::LossParameter::NormalizationMode Normalization(
      caffe::LossParameter::NormalizationMode by_default = caffe::LossParameter::VALID) const;

  // What a sum over labelled places is divided by; never less than 1, so that a batch without any
  // valid label gives 0. `samples` is the product of the axes before the one of the classes.
  static double Normalizer(caffe::LossParameter::NormalizationMode mode, int64_t samples,
                           int64_t places_per_sample, int64_t valid_places);
};

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_LOSS_LAYER_HPP_
