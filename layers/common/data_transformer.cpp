#include "layers/common/data_transformer.hpp"

#include <algorithm>
#include <string>

#include "layers/common/count_field.hpp"
#include "layers/common/data_fields.hpp"
#include "src/core/text.hpp"
#include "src/io/binary_proto.hpp"

namespace demitasse {
namespace {

// `Read` gives the mean at a column.
template <typename Value, typename Read>
void TransformRow(const Value* from, int width, float scale, bool mirror, const Read& mean,
                  float* to) {
  if (mirror) {
    for (int i = 0; i < width; ++i) to[width - 1 - i] = (from[i] - mean(i)) * scale;
  } else {
    for (int i = 0; i < width; ++i) to[i] = (from[i] - mean(i)) * scale;
  }
}

}  // namespace

DataTransformer::DataTransformer(const Layer& layer)
    : layer_(layer), param_(layer.layer_param().transform_param()), mean_(layer) {
  crop_size_ = CountField(layer, "transform_param.crop_size", param_.crop_size(), 0);
  if (param_.force_color() && param_.force_gray()) {
    throw layer_.Fail("transform_param.force_gray",
                      "force_color and force_gray cannot both be true");
  }
  if (param_.force_color()) color_ = PictureColor::kColor;
  if (param_.force_gray()) color_ = PictureColor::kGray;
}

std::vector<int> DataTransformer::OutputShape(const PixelArray& sample) const {
  if (sample.height < crop_size_ || sample.width < crop_size_) {
    throw layer_.Fail("transform_param.crop_size",
                      Cat("crop_size must not be larger than the picture, got ", crop_size_,
                          " for one of ", sample.height, " x ", sample.width));
  }
  mean_.CheckFits(sample.channels, sample.height, sample.width);
  if (crop_size_ == 0) return {sample.channels, sample.height, sample.width};
  return {sample.channels, crop_size_, crop_size_};
}

void DataTransformer::Transform(const PixelArray& sample, uint64_t seed, float* to) const {
  const Cut cut = ChooseCut(sample, seed);
  if (sample.bytes.empty()) {
    TransformValues(sample, sample.floats.data(), cut, to);
  } else {
    TransformValues(sample, sample.bytes.data(), cut, to);
  }
}

DataTransformer::Cut DataTransformer::ChooseCut(const PixelArray& sample, uint64_t seed) const {
  const bool random_cut = crop_size_ > 0 && layer_.layer_param().phase() == caffe::TRAIN;
  Cut cut{0, 0, sample.height, sample.width};
  if (crop_size_ > 0) {
    cut = {(sample.height - crop_size_) / 2, (sample.width - crop_size_) / 2, crop_size_,
           crop_size_};
  }
  if (!random_cut && !param_.mirror()) return cut;
  Rng rng(seed);
  cut.mirror = rng.Bernoulli(0.5f) && param_.mirror();
  if (random_cut) {
    cut.top = static_cast<int>(rng.Below(static_cast<uint64_t>(sample.height - crop_size_) + 1));
    cut.left = static_cast<int>(rng.Below(static_cast<uint64_t>(sample.width - crop_size_) + 1));
  }
  return cut;
}

template <typename Value>
void DataTransformer::TransformValues(const PixelArray& sample, const Value* values, const Cut& cut,
                                      float* to) const {
  const float scale = param_.scale();
  for (int c = 0; c < sample.channels; ++c) {
    const float channel_mean = mean_.OfChannel(c);
    for (int y = 0; y < cut.height; ++y, to += cut.width) {
      const int64_t row = int64_t{c} * sample.height + cut.top + y;
      const int64_t start = row * sample.width + cut.left;
      if (mean_.pixels().values.empty()) {
        TransformRow(
            values + start, cut.width, scale, cut.mirror, [=](int) { return channel_mean; }, to);
      } else {
        const float* const mean = mean_.pixels().values.data() + start;
        TransformRow(
            values + start, cut.width, scale, cut.mirror, [=](int i) { return mean[i]; }, to);
      }
    }
  }
}

}  // namespace demitasse
