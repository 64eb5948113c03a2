#include "layers/common/loss_layer.hpp"

#include <algorithm>

#include "src/core/text.hpp"

namespace demitasse {

using caffe::LossParameter;

void LossLayer::LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                           const std::vector<Blob*>& /*top*/) {
  if (layer_param_.loss_weight_size() == 0) set_loss(0, 1);
}

void LossLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const auto samples = [](const Blob& blob) { return blob.num_axes() > 0 ? blob.shape(0) : 1; };
  if (samples(*bottom[0]) != samples(*bottom[1])) {
    throw Fail("bottom[1]", Cat("needs as many samples (axis 0) in both bottoms, got ",
                                bottom[0]->shape_string(), " and ", bottom[1]->shape_string()));
  }
  top[0]->Reshape({});
}

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
