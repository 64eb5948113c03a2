#include "src/ops/deconvolution.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "demitasse/blob.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

ConvolutionDesc WithoutBias(ConvolutionDesc desc) {
  desc.bias = false;
  return desc;
}

class Deconvolution : public Convolution {
 public:
  Deconvolution(const ConvolutionDesc& desc, Engine engine)
      : swapped_(MakeConvolution(WithoutBias(desc), engine)),
        images_(desc.num),
        channels_(desc.in_channels),
        places_(ShapeSize(desc.window.input)) {}

  std::string name() const override { return swapped_->name(); }

  void Forward(const Buffer& src, const Buffer& weights, const Buffer* bias, Buffer* dst) override {
    swapped_->BackwardData(src, weights, dst);
    if (bias != nullptr) AddBias(bias->plain(), dst);
  }

  void BackwardData(const Buffer& dst_diff, const Buffer& weights, Buffer* src_diff) override {
    swapped_->Forward(dst_diff, weights, nullptr, src_diff);
  }

  void BackwardWeights(const Buffer& src, const Buffer& dst_diff, Buffer* weights_diff,
                       Buffer* bias_diff) override {
    if (weights_diff != nullptr) {
      swapped_->BackwardWeights(dst_diff, src, weights_diff, nullptr);
    }
    if (bias_diff != nullptr) AddBiasDiff(dst_diff, bias_diff->mutable_plain());
  }

 private:
  // The B of the order (image, channel / B, place, channel % B) that dst is in; dst is brought into
  // plain order, where B is 1, if it is in none such.
  int64_t ChannelBlock(const Buffer& dst) const {
    const Layout* const layout = dst.layout();
    const int64_t block = layout == nullptr ? 1 : layout->ChannelBlock(images_, channels_, places_);
    if (block == 0) dst.plain();
    return std::max<int64_t>(1, block);
  }
  void AddBias(const float* bias, Buffer* dst) const;
  void AddBiasDiff(const Buffer& dst_diff, float* bias_diff) const;

  const std::unique_ptr<Convolution> swapped_;
  const int64_t images_;
  const int64_t channels_;
  const int64_t places_;
};

void Deconvolution::AddBias(const float* bias, Buffer* dst) const {
  const int64_t block = ChannelBlock(*dst);
  const int64_t blocks = (channels_ + block - 1) / block;
  std::vector<float> padded(static_cast<size_t>(blocks * block));
  std::copy_n(bias, channels_, padded.begin());

  float* const y = dst->mutable_stored();
  const int64_t grain = std::max<int64_t>(1, kElementwiseGrain / block);
  ParallelFor(images_ * blocks * places_, grain, [&](int64_t place, int64_t end) {
    while (place < end) {
      const int64_t run = place / places_;
      const int64_t run_end = std::min(end, (run + 1) * places_);
      const float* const shift = &padded[static_cast<size_t>(run % blocks * block)];
      if (block == 1) {
        for (; place < run_end; ++place) y[place] += *shift;
      }
      for (; place < run_end; ++place) {
        for (int64_t i = 0; i < block; ++i) y[place * block + i] += shift[i];
      }
    }
  });
}

void Deconvolution::AddBiasDiff(const Buffer& dst_diff, float* bias_diff) const {
  const int64_t block = ChannelBlock(dst_diff);
  const int64_t blocks = (channels_ + block - 1) / block;
  const float* const diff = dst_diff.stored();
  ParallelFor(channels_, 1, [&](int64_t channel, int64_t) {
    double sum = 0;
    for (int64_t n = 0; n < images_; ++n) {
      const float* const run =
          diff + (n * blocks + channel / block) * places_ * block + channel % block;
      for (int64_t i = 0; i < places_; ++i) sum += run[i * block];
    }
    bias_diff[channel] += static_cast<float>(sum);
  });
}

}  // namespace

std::unique_ptr<Convolution> MakeDeconvolution(const ConvolutionDesc& desc, Engine engine) {
  return std::make_unique<Deconvolution>(desc, engine);
}

}  // namespace demitasse
