// Convolution: y[o] = b[o] + sum over i, k of W[o, i, k] * x[i, k's place under the window], for
// output channels o, input channels i and the places k of a window. The window slides over all axes
// behind the channels, one, two or more; of n places of x on an axis come floor((n + 2 * pad -
// dilation * (kernel_size - 1) - 1) / stride) + 1 of y. W is num_output x channels / group x
// kernel_size: with group above 1, inputs and outputs are cut into that many groups of channels
// that do not see each other. Several bottoms, of one shape, share W and b. Not in place.
// LeCun et al. (1989), "Backpropagation applied to handwritten zip code recognition"; dilation: Yu,
// Koltun (2016), "Multi-scale context aggregation by dilated convolutions".
#include "demitasse/layer_registry.hpp"
#include "layers/common/convolution_base.hpp"
#include "layers/common/sliding_window.hpp"

namespace demitasse {
namespace {

class ConvolutionLayer : public ConvolutionBase {
 public:
  using ConvolutionBase::ConvolutionBase;

  bool Absorb(const ChannelAffine& next) override;
  bool Absorb(const LeakyRectifier& next) override;
  bool AbsorbSum() override;

 protected:
  void SetChannels(int bottom_channels, int top_channels, ConvolutionDesc* desc) const override {
    desc->in_channels = bottom_channels;
    desc->out_channels = top_channels;
  }

  const std::vector<int>& FitWindow(const std::vector<int>& bottom, int first_axis,
                                    WindowGeometry* window) const override {
    FitConvolutionWindow(*this, bottom, first_axis, window);
    return window->output;
  }

  std::unique_ptr<Convolution> MakeOp(const ConvolutionDesc& desc, Engine engine) const override {
    return MakeConvolution(desc, engine);
  }

 private:
  // Whether channel c of the one top is output c of the weights.
  bool HasOneTopOfChannels() const { return axis_ == 1 && layer_param_.top_size() == 1; }
};

// scale * (W x + b) + shift = (scale * W) x + (scale * b + shift)
bool ConvolutionLayer::Absorb(const ChannelAffine& next) {
  if (!HasOneTopOfChannels() || desc_.add_to_dst || !desc_.slopes.empty()) return false;
  CopyParameters();
  if (!desc_.bias) blobs_.push_back(std::make_shared<Blob>(std::vector<int>{top_channels_}));
  desc_.bias = true;
  op_.reset();
  const int64_t weights_per_channel = blobs_[0]->size() / top_channels_;
  float* weights = blobs_[0]->mutable_cpu_data();
  float* const bias = blobs_[1]->mutable_cpu_data();
  for (size_t c = 0; c < next.scale.size(); ++c) {
    for (int64_t i = 0; i < weights_per_channel; ++i) *weights++ *= next.scale[c];
    bias[c] = next.scale[c] * bias[c] + next.shift[c];
  }
  return true;
}

bool ConvolutionLayer::Absorb(const LeakyRectifier& next) {
  if (!HasOneTopOfChannels() || !desc_.slopes.empty()) return false;
  desc_.slopes = next.slopes;
  op_.reset();
  return true;
}

bool ConvolutionLayer::AbsorbSum() {
  if (!HasOneTopOfChannels() || desc_.add_to_dst || !desc_.slopes.empty()) return false;
  desc_.add_to_dst = true;
  op_.reset();
  return true;
}

}  // namespace
DEMITASSE_REGISTER_LAYER("Convolution", ConvolutionLayer);
}  // namespace demitasse
