#include "src/ops/onednn/few_channels.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/ops/channel_map.hpp"
#include "src/ops/direct_forward.hpp"
#include "src/ops/direct_gradient.hpp"
#include "src/ops/onednn/convolution.hpp"
#include "src/ops/onednn/engine.hpp"

namespace demitasse {
namespace {

int64_t Places(const std::vector<int>& axes) { return int64_t{axes[0]} * axes[1]; }

dnnl::memory::desc OutputDesc(const ConvolutionDesc& desc) {
  const std::vector<int>& size = desc.window.output;
  return BlockedDesc({desc.num, desc.out_channels, size[0], size[1]}, DirectLanes());
}

// What does not pay is oneDNN's, as is the gradient of the input, which first layers do not need.
class FewChannelsConvolution : public Convolution {
 public:
  FewChannelsConvolution(const ConvolutionDesc& desc, std::unique_ptr<Convolution> other)
      : desc_(desc), other_(std::move(other)), dst_(OutputDesc(desc)), dst_diff_(OutputDesc(desc)) {
    if (DirectForwardPays(desc)) forward_.emplace(desc);
  }

  std::string name() const override { return forward_ ? "direct" : other_->name(); }

  void Forward(const Buffer& src, const Buffer& weights, const Buffer* bias, Buffer* dst) override {
    if (!forward_) return other_->Forward(src, weights, bias, dst);
    const Source x = Read(src);
    const dnnl::memory to = dst_.Overwrite(dst);
    forward_->Run(x.data, x.block, weights, bias == nullptr ? nullptr : bias->plain(),
                  static_cast<float*>(to.get_data_handle()));
  }

  void BackwardData(const Buffer& dst_diff, const Buffer& weights, Buffer* src_diff) override {
    other_->BackwardData(dst_diff, weights, src_diff);
  }

  void BackwardWeights(const Buffer& src, const Buffer& dst_diff, Buffer* weights_diff,
                       Buffer* bias_diff) override {
    if (!DirectGradientPays(desc_)) {
      return other_->BackwardWeights(src, dst_diff, weights_diff, bias_diff);
    }
    if (weights_diff != nullptr) {
      const Source x = Read(src);
      const dnnl::memory dy = dst_diff_.ReadAgain(dst_diff);
      AddDirectGradient(desc_, x.data, x.block, static_cast<const float*>(dy.get_data_handle()),
                        weights_diff->mutable_plain());
    }
    if (bias_diff != nullptr) {
      const ChannelShape shape = {desc_.num, desc_.out_channels, Places(desc_.window.output)};
      const std::vector<double> sums = ChannelSums(shape, dst_diff);
      float* const to = bias_diff->mutable_plain();
      for (size_t o = 0; o < sums.size(); ++o) to[o] += static_cast<float>(sums[o]);
    }
  }

 private:
  struct Source {
    const float* data;
    int64_t block;  // of channels
  };

  // As it is, if it is in channel blocks.
  Source Read(const Buffer& src) const {
    const Layout* const layout = src.layout();
    const int64_t block = layout == nullptr ? 0
                                            : layout->ChannelBlock(desc_.num, desc_.in_channels,
                                                                   Places(desc_.window.input));
    if (block == 0) return {src.plain(), 1};
    return {src.stored(), block};
  }

  const ConvolutionDesc desc_;
  const std::unique_ptr<Convolution> other_;
  std::optional<DirectForward> forward_;
  DnnlOutput dst_;
  DnnlInput dst_diff_;
};

}  // namespace

std::unique_ptr<Convolution> MakeFewChannelsConvolution(const ConvolutionDesc& desc) {
  if (!DirectForwardPays(desc) && !DirectGradientPays(desc)) return nullptr;
  ConvolutionDesc rest = desc;
  if (DirectForwardPays(desc)) rest.slopes.clear();
  auto other = MakeOneDnnConvolution(rest);
  return other == nullptr ? nullptr
                          : std::make_unique<FewChannelsConvolution>(desc, std::move(other));
}

}  // namespace demitasse
