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
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Convolution", ConvolutionLayer);
}  // namespace demitasse
