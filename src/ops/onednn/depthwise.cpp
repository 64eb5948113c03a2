#include "src/ops/onednn/depthwise.hpp"

#include <string>
#include <utility>
#include <vector>

#include "src/ops/depthwise.hpp"
#include "src/ops/direct_gradient.hpp"
#include "src/ops/onednn/convolution.hpp"
#include "src/ops/onednn/engine.hpp"

namespace demitasse {
namespace {

dnnl::memory::desc ImagesDesc(const ConvolutionDesc& desc, const std::vector<int>& places) {
  return BlockedDesc({desc.num, desc.in_channels, places[0], places[1]}, DirectLanes());
}

// The gradients are oneDNN's.
class DepthwiseConvolution : public Convolution {
 public:
  DepthwiseConvolution(const ConvolutionDesc& desc, std::unique_ptr<Convolution> other)
      : other_(std::move(other)),
        forward_(desc),
        src_(ImagesDesc(desc, desc.window.input)),
        dst_(ImagesDesc(desc, desc.window.output)) {}

  std::string name() const override { return "depthwise"; }

  void Forward(const Buffer& src, const Buffer& weights, const Buffer* bias, Buffer* dst) override {
    const dnnl::memory from = src_.Read(src);
    const dnnl::memory to = dst_.Overwrite(dst);
    forward_.Run(static_cast<const float*>(from.get_data_handle()), weights,
                 bias == nullptr ? nullptr : bias->plain(),
                 static_cast<float*>(to.get_data_handle()));
  }

  void BackwardData(const Buffer& dst_diff, const Buffer& weights, Buffer* src_diff) override {
    other_->BackwardData(dst_diff, weights, src_diff);
  }
  void BackwardWeights(const Buffer& src, const Buffer& dst_diff, Buffer* weights_diff,
                       Buffer* bias_diff) override {
    other_->BackwardWeights(src, dst_diff, weights_diff, bias_diff);
  }

 private:
  const std::unique_ptr<Convolution> other_;
  Depthwise forward_;
  DnnlInput src_;
  DnnlOutput dst_;
};

}  // namespace

std::unique_ptr<Convolution> MakeDepthwiseConvolution(const ConvolutionDesc& desc) {
  if (!DepthwisePays(desc)) return nullptr;
  ConvolutionDesc rest = desc;
  rest.slopes.clear();
  auto other = MakeOneDnnConvolution(rest);
  return other == nullptr ? nullptr
                          : std::make_unique<DepthwiseConvolution>(desc, std::move(other));
}

}  // namespace demitasse
