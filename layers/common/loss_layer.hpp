// LossLayer: the base of layers that compare a prediction (bottom 0) with labels (bottom 1) and
// give one number, the loss (top 0), which counts in the net's loss with weight 1 unless the
// prototxt gives another loss_weight.
#ifndef DEMITASSE_LAYERS_COMMON_LOSS_LAYER_HPP_
#define DEMITASSE_LAYERS_COMMON_LOSS_LAYER_HPP_

#include <vector>

#include "demitasse/layer.hpp"

namespace demitasse {

// Probabilities below this count as this in the losses of probabilities that are given or weighted
// by a matrix, so that their logarithms stay finite; the number is Caffe's.
constexpr float kLeastProbability = 1e-20F;

class LossLayer : public Layer {
 public:
  explicit LossLayer(const LayerParameter& param);

  int ExactNumBottomBlobs() const override { return 2; }
  int ExactNumTopBlobs() const override { return 1; }
  bool AutoTopBlobs() const override { return true; }
  bool BottomIsIndex(int bottom_index) const override { return bottom_index == 1; }

  // To be called first by layers that override it.
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 protected:
  // Checks that bottoms 0 and 1 have as many elements.
  void CheckEqualSizes(const std::vector<Blob*>& bottom) const;

  // The number of classes where all elements of a sample of bottom 0 are the scores of its classes.
  // Checks that bottom 1 has one label for each sample.
  int SampleClasses(const std::vector<Blob*>& bottom) const;

  // The length of axis 0; 1 for a single value.
  static int Samples(const Blob& blob);
  // The same as a divisor: at least 1, so that an empty batch has the loss 0.
  static double SampleDivisor(const Blob& blob);

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
