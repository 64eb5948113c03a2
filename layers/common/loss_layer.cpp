#include "layers/common/loss_layer.hpp"

#include <algorithm>

#include "src/core/text.hpp"

namespace demitasse {

using caffe::LossParameter;

LossLayer::LossLayer(const LayerParameter& param) : Layer(param) {
  if (param.loss_weight_size() == 0) set_loss(0, 1);
}

void LossLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  if (Samples(*bottom[0]) != Samples(*bottom[1])) {
    throw Fail("bottom[1]", Cat("needs as many samples (axis 0) in both bottoms, got ",
                                bottom[0]->shape_string(), " and ", bottom[1]->shape_string()));
  }
  top[0]->Reshape({});
}

void LossLayer::CheckEqualSizes(const std::vector<Blob*>& bottom) const {
  if (bottom[0]->size() == bottom[1]->size()) return;
  throw Fail("bottom[1]", Cat("needs bottoms of the same size, got ", bottom[0]->shape_string(),
                              " and ", bottom[1]->shape_string()));
}

int LossLayer::SampleClasses(const std::vector<Blob*>& bottom) const {
  const Blob& scores = *bottom[0];
  if (bottom[1]->size() != Samples(scores)) {
    throw Fail("bottom[1]",
               Cat("needs one label for each of the ", Samples(scores), " samples of ",
                   scores.shape_string(), " scores, got ", bottom[1]->size(), " labels"));
  }
  return scores.num_axes() > 0 ? scores.count(1) : 1;
}

int LossLayer::Samples(const Blob& blob) { return blob.num_axes() > 0 ? blob.shape(0) : 1; }

double LossLayer::SampleDivisor(const Blob& blob) { return std::max(1, Samples(blob)); }

LossParameter::NormalizationMode LossLayer::Normalization(
    LossParameter::NormalizationMode by_default) const {
  const LossParameter& param = layer_param_.loss_param();
  if (param.has_normalization()) return param.normalization();
  if (!param.has_normalize()) return by_default;
  return param.normalize() ? LossParameter::VALID : LossParameter::BATCH_SIZE;
}

double LossLayer::Normalizer(LossParameter::NormalizationMode mode, int64_t samples,
                             int64_t places_per_sample, int64_t valid_places) {
  int64_t divisor = 1;
  switch (mode) {
    case LossParameter::FULL:
      divisor = samples * places_per_sample;
      break;
    case LossParameter::VALID:
      divisor = valid_places;
      break;
    case LossParameter::BATCH_SIZE:
      divisor = samples;
      break;
    case LossParameter::NONE:
      break;
  }
  return static_cast<double>(std::max<int64_t>(1, divisor));
}

}  // namespace demitasse
