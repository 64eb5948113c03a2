// Deconvolution: y[o] = b[o] + sum over i, k of W[i, o, k] * x[i, p], where k's place under window
// p is y's: each x is spread over a window of y. That is Convolution with bottom and top (and the
// passes forward and backward) swapped, its windows sliding over y: kernel_size, stride, pad and
// dilation mean what they mean there. On each spatial axis y has
// stride * (x - 1) + dilation * (kernel_size - 1) + 1 - 2 * pad places. W is input channels x
// num_output / group x kernel_size. group = num_output = channels, bias_term: false and a bilinear
// weight_filler make a bilinear upsampling. Not in place.
// Zeiler, Krishnan, Taylor, Fergus (2010), "Deconvolutional networks"; Long, Shelhamer, Darrell
// (2015), "Fully convolutional networks for semantic segmentation".
#include "demitasse/layer_registry.hpp"
#include "layers/common/convolution_base.hpp"
#include "layers/common/sliding_window.hpp"
#include "src/ops/deconvolution.hpp"

namespace demitasse {
namespace {

class DeconvolutionLayer : public ConvolutionBase {
 public:
  using ConvolutionBase::ConvolutionBase;

 protected:
  void SetChannels(int bottom_channels, int top_channels, ConvolutionDesc* desc) const override {
    desc->in_channels = top_channels;
    desc->out_channels = bottom_channels;
  }

  const std::vector<int>& FitWindow(const std::vector<int>& bottom, int first_axis,
                                    WindowGeometry* window) const override {
    FitDeconvolutionWindow(*this, bottom, first_axis, window);
    return window->input;
  }

  std::unique_ptr<Convolution> MakeOp(const ConvolutionDesc& desc, Engine engine) const override {
    return MakeDeconvolution(desc, engine);
  }
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Deconvolution", DeconvolutionLayer);
}  // namespace demitasse
