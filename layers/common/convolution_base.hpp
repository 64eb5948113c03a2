// ConvolutionBase: the base of Convolution and Deconvolution, which read the same parameters and
// differ in the blob that the windows slide over: the bottom, or the top.
#ifndef DEMITASSE_LAYERS_COMMON_CONVOLUTION_BASE_HPP_
#define DEMITASSE_LAYERS_COMMON_CONVOLUTION_BASE_HPP_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "demitasse/layer.hpp"
#include "layers/common/window_layer.hpp"
#include "src/ops/convolution.hpp"

namespace demitasse {

class ConvolutionBase : public Layer, public WindowLayer {
 public:
  using Layer::Layer;

  int MinBottomBlobs() const override { return 1; }
  int MinTopBlobs() const override { return 1; }
  bool EqualNumBottomTopBlobs() const override { return true; }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  std::string Implementation() const override { return op_ == nullptr ? "" : op_->name(); }
  int64_t MultiplyAdds() const override;
  const WindowGeometry& window() const override { return desc_.window; }

 protected:
  // Sets in_channels and out_channels.
  virtual void SetChannels(int bottom_channels, int top_channels, ConvolutionDesc* desc) const = 0;
  // Sets the window's input and output for a bottom of these spatial sizes, the first of which is
  // on `first_axis`; fails where the windows do not fit. Returns the spatial sizes of the top.
  virtual const std::vector<int>& FitWindow(const std::vector<int>& bottom, int first_axis,
                                            WindowGeometry* window) const = 0;
  // The op whose src is the bottom and whose dst is the top.
  virtual std::unique_ptr<Convolution> MakeOp(const ConvolutionDesc& desc, Engine engine) const = 0;

  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

  int axis_ = 1;             // of the channels
  int bottom_channels_ = 0;  // that the weights are for
  int top_channels_ = 0;
  ConvolutionDesc desc_;             // num and the window's input and output are for shape_
  std::unique_ptr<Convolution> op_;  // null until it is needed for a new desc_

 private:
  void ReadChannels(const Blob& bottom);
  void CheckBottom(const std::vector<Blob*>& bottom, int index) const;
  Convolution& PreparedOp();

  std::vector<int> shape_;  // of the bottoms
  std::vector<int> top_shape_;
};

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_CONVOLUTION_BASE_HPP_
