#include "src/ops/convolution.hpp"

#include <functional>
#include <numeric>
#include <utility>

#ifdef DEMITASSE_WITH_ONEDNN
#include "src/ops/onednn/convolution.hpp"
#include "src/ops/onednn/depthwise.hpp"
#include "src/ops/onednn/few_channels.hpp"
#include "src/ops/onednn/winograd.hpp"
#endif
#include "src/ops/add.hpp"
#include "src/ops/few_rows.hpp"
#include "src/ops/inner_product.hpp"
#include "src/ops/prelu.hpp"
#include "src/ops/reference/convolution.hpp"
#include "src/ops/relu.hpp"

namespace demitasse {
namespace {

int64_t Product(const std::vector<int>& sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), int64_t{1}, std::multiplies<>());
}

// A convolution whose result is added to dst and rectified by a walk of its own.
class ConvolutionThenEpilogue : public Convolution {
 public:
  ConvolutionThenEpilogue(std::unique_ptr<Convolution> convolution, const ConvolutionDesc& desc,
                          bool add)
      : convolution_(std::move(convolution)), desc_(desc), add_(add) {}

  std::string name() const override { return convolution_->name(); }

  void Forward(const Buffer& src, const Buffer& weights, const Buffer* bias, Buffer* dst) override {
    if (add_) {
      if (result_ == nullptr) result_ = std::make_unique<Buffer>(Size());
      convolution_->Forward(src, weights, bias, result_.get());
      AddBuffers({dst, result_.get()}, {}, Size(), dst);
    } else {
      convolution_->Forward(src, weights, bias, dst);
    }
    if (!desc_.slopes.empty()) Rectify(dst);
  }

  void BackwardData(const Buffer& dst_diff, const Buffer& weights, Buffer* src_diff) override {
    convolution_->BackwardData(dst_diff, weights, src_diff);
  }
  void BackwardWeights(const Buffer& src, const Buffer& dst_diff, Buffer* weights_diff,
                       Buffer* bias_diff) override {
    convolution_->BackwardWeights(src, dst_diff, weights_diff, bias_diff);
  }

 private:
  int64_t Places() const { return Product(desc_.window.output); }
  int64_t Size() const { return int64_t{desc_.num} * desc_.out_channels * Places(); }

  void Rectify(Buffer* dst) const {
    if (desc_.slopes.size() == 1) {
      Relu{desc_.slopes[0]}.Forward(*dst, Size(), dst);
    } else {
      const PRelu rectifier{desc_.num, desc_.out_channels, Places()};
      rectifier.Forward(*dst, desc_.slopes.data(), dst);
    }
  }

  const std::unique_ptr<Convolution> convolution_;
  const ConvolutionDesc desc_;
  const bool add_;
  std::unique_ptr<Buffer> result_;
};

#ifdef DEMITASSE_WITH_ONEDNN
// A convolution with one window, which sees the whole input: a fully connected layer.
class WholeInputConvolution : public Convolution {
 public:
  WholeInputConvolution(const ConvolutionDesc& desc, Engine engine)
      : product_({desc.num, desc.in_channels * Product(desc.window.input), desc.out_channels},
                 engine) {}

  static bool Applies(const ConvolutionDesc& desc) {
    const WindowGeometry& w = desc.window;
    return desc.num > 0 && desc.num <= kMostRows && desc.in_channels > 0 && desc.group == 1 &&
           w.kernel == w.input && Product(w.output) == 1 &&
           w.pad == std::vector<int>(w.pad.size()) &&
           w.dilation == std::vector<int>(w.dilation.size(), 1);
  }

  std::string name() const override { return product_.name(); }

  void Forward(const Buffer& src, const Buffer& weights, const Buffer* bias, Buffer* dst) override {
    product_.Forward(src, weights, bias, dst);
  }
  void BackwardData(const Buffer& dst_diff, const Buffer& weights, Buffer* src_diff) override {
    product_.BackwardData(dst_diff, weights, src_diff);
  }
  void BackwardWeights(const Buffer& src, const Buffer& dst_diff, Buffer* weights_diff,
                       Buffer* bias_diff) override {
    product_.BackwardWeights(src, dst_diff, weights_diff, bias_diff);
  }

 private:
  const InnerProduct product_;
};
#endif

}  // namespace

bool operator==(const ConvolutionDesc& a, const ConvolutionDesc& b) {
  return a.num == b.num && a.in_channels == b.in_channels && a.out_channels == b.out_channels &&
         a.group == b.group && a.bias == b.bias && a.window == b.window &&
         a.add_to_dst == b.add_to_dst && a.slopes == b.slopes;
}

std::unique_ptr<Convolution> MakeConvolution(const ConvolutionDesc& desc, Engine engine) {
  ConvolutionDesc bare = desc;
  bare.add_to_dst = false;
  bare.slopes.clear();
  (void)engine;  // without oneDNN there is no choice
#ifdef DEMITASSE_WITH_ONEDNN
  if (engine != Engine::kReference) {
    if (WholeInputConvolution::Applies(desc)) {
      auto product = std::make_unique<WholeInputConvolution>(desc, engine);
      if (bare == desc) return product;
      return std::make_unique<ConvolutionThenEpilogue>(std::move(product), desc, desc.add_to_dst);
    }
    if (auto fast = MakeWinogradConvolution(desc)) return fast;
    if (auto fast = MakeFewChannelsConvolution(desc)) return fast;
    if (auto fast = MakeDepthwiseConvolution(desc)) return fast;
    if (auto fast = MakeOneDnnConvolution(desc)) return fast;
    ConvolutionDesc adding = desc;
    adding.slopes.clear();
    if (auto fast = MakeOneDnnConvolution(adding)) {
      return std::make_unique<ConvolutionThenEpilogue>(std::move(fast), desc, false);
    }
  }
#endif
  std::unique_ptr<Convolution> reference = MakeReferenceConvolution(bare);
  if (bare == desc) return reference;
  return std::make_unique<ConvolutionThenEpilogue>(std::move(reference), desc, desc.add_to_dst);
}

}  // namespace demitasse
