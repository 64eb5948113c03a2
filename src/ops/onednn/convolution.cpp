#include "src/ops/onednn/convolution.hpp"

#include <algorithm>
#include <optional>

#include "src/core/text.hpp"
#include "src/core/threads.hpp"
#include "src/ops/onednn/engine.hpp"
#include "src/ops/reference/convolution.hpp"

namespace demitasse {
namespace {

using dnnl::memory;

// A convolution in oneDNN's terms.
struct DnnlCase {
  memory::dims src, weights, bias, dst;
  memory::dims strides, dilates, pad;

  explicit DnnlCase(const ConvolutionDesc& desc)
      : src{desc.num, desc.in_channels},
        bias{desc.out_channels},
        dst{desc.num, desc.out_channels},
        strides(desc.window.stride.begin(), desc.window.stride.end()),
        pad(desc.window.pad.begin(), desc.window.pad.end()) {
    const WindowGeometry& window = desc.window;
    if (desc.group > 1) weights.push_back(desc.group);
    weights.push_back(desc.out_channels / desc.group);
    weights.push_back(desc.in_channels / desc.group);
    weights.insert(weights.end(), window.kernel.begin(), window.kernel.end());
    src.insert(src.end(), window.input.begin(), window.input.end());
    dst.insert(dst.end(), window.output.begin(), window.output.end());
    for (const int dilation : window.dilation) dilates.push_back(dilation - 1);
  }

  bool IsEmpty() const {
    return std::count(src.begin(), src.end(), 0) + std::count(dst.begin(), dst.end(), 0) > 0;
  }
};

// The input that another primitive has copied already, if it wants the array in the same order.
DnnlInput& OneOf(DnnlInput* others, DnnlInput* own) {
  return others != nullptr && others->WantsSameAs(*own) ? *others : *own;
}

constexpr auto kAlgorithm = dnnl::algorithm::convolution_direct;

dnnl::primitive_attr ForwardAttributes(const ConvolutionDesc& desc) {
  dnnl::post_ops epilogue;
  if (desc.add_to_dst) epilogue.append_sum();
  if (!desc.slopes.empty()) {
    epilogue.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, desc.slopes[0], 0.0f);
  }
  dnnl::primitive_attr attributes = DnnlPrimitive::Attributes();
  attributes.set_post_ops(epilogue);
  return attributes;
}

dnnl::convolution_forward::primitive_desc ForwardDesc(const DnnlCase& c, bool bias,
                                                      const dnnl::primitive_attr& attributes) {
  return FastDescriptor([&] {
    using dnnl::convolution_forward;
    const auto kind = dnnl::prop_kind::forward_training;
    const convolution_forward::desc desc =
        bias ? convolution_forward::desc(kind, kAlgorithm, AnyDesc(c.src), AnyDesc(c.weights),
                                         PlainDesc(c.bias), AnyDesc(c.dst), c.strides, c.dilates,
                                         c.pad, c.pad)
             : convolution_forward::desc(kind, kAlgorithm, AnyDesc(c.src), AnyDesc(c.weights),
                                         AnyDesc(c.dst), c.strides, c.dilates, c.pad, c.pad);
    return convolution_forward::primitive_desc(desc, attributes, DnnlEngine(), true);
  });
}

dnnl::convolution_backward_data::primitive_desc BackwardDataDesc(
    const DnnlCase& c, const dnnl::convolution_forward::primitive_desc& hint) {
  return FastDescriptor([&] {
    using dnnl::convolution_backward_data;
    const convolution_backward_data::desc desc(kAlgorithm, AnyDesc(c.src), AnyDesc(c.weights),
                                               AnyDesc(c.dst), c.strides, c.dilates, c.pad, c.pad);
    return convolution_backward_data::primitive_desc(desc, DnnlPrimitive::Attributes(),
                                                     DnnlEngine(), hint, true);
  });
}

dnnl::convolution_backward_weights::primitive_desc BackwardWeightsDesc(
    const DnnlCase& c, bool bias, const dnnl::convolution_forward::primitive_desc& hint) {
  return FastDescriptor([&] {
    using dnnl::convolution_backward_weights;
    const convolution_backward_weights::desc desc =
        bias ? convolution_backward_weights::desc(kAlgorithm, AnyDesc(c.src), AnyDesc(c.weights),
                                                  PlainDesc(c.bias), AnyDesc(c.dst), c.strides,
                                                  c.dilates, c.pad, c.pad)
             : convolution_backward_weights::desc(kAlgorithm, AnyDesc(c.src), AnyDesc(c.weights),
                                                  AnyDesc(c.dst), c.strides, c.dilates, c.pad,
                                                  c.pad);
    return convolution_backward_weights::primitive_desc(desc, DnnlPrimitive::Attributes(),
                                                        DnnlEngine(), hint, true);
  });
}

// The primitives of the backward pass are made when it first runs. A direction that oneDNN has no
// fast implementation for is computed by the reference.
class OneDnnConvolution : public Convolution {
 public:
  OneDnnConvolution(const ConvolutionDesc& desc, const DnnlCase& dnnl_case,
                    const dnnl::convolution_forward::primitive_desc& forward)
      : desc_(desc),
        case_(dnnl_case),
        forward_desc_(forward),
        forward_(forward),
        src_(forward.src_desc()),
        weights_(forward.weights_desc()),
        bias_(PlainDesc(dnnl_case.bias)),
        dst_(forward.dst_desc()) {}

  std::string name() const override { return Cat("onednn:", forward_desc_.impl_info_str()); }

  void Forward(const Buffer& src, const Buffer& weights, const Buffer* bias, Buffer* dst) override;
  void BackwardData(const Buffer& dst_diff, const Buffer& weights, Buffer* src_diff) override;
  void BackwardWeights(const Buffer& src, const Buffer& dst_diff, Buffer* weights_diff,
                       Buffer* bias_diff) override;

 private:
  struct DataGradient {
    explicit DataGradient(const dnnl::convolution_backward_data::primitive_desc& desc)
        : primitive(desc),
          dst_diff(desc.diff_dst_desc()),
          weights(desc.weights_desc()),
          src_diff(desc.diff_src_desc()) {}
    DnnlPrimitive primitive;
    DnnlInput dst_diff, weights;
    DnnlOutput src_diff;
  };

  struct WeightsGradient {
    WeightsGradient(const dnnl::convolution_backward_weights::primitive_desc& desc,
                    const DnnlCase& c)
        : primitive(desc),
          src(desc.src_desc()),
          dst_diff(desc.diff_dst_desc()),
          weights_diff(desc.diff_weights_desc(), PlainDesc(c.weights)),
          bias_diff(PlainDesc(c.bias), PlainDesc(c.bias)) {}
    DnnlPrimitive primitive;
    DnnlInput src, dst_diff;
    DnnlSum weights_diff, bias_diff;
  };

  Convolution& Reference() {
    if (reference_ == nullptr) reference_ = MakeReferenceConvolution(desc_);
    return *reference_;
  }
  // Null where the reference is to compute.
  DataGradient* GetDataGradient();
  WeightsGradient* GetWeightsGradient();

  const ConvolutionDesc desc_;
  const DnnlCase case_;
  const dnnl::convolution_forward::primitive_desc forward_desc_;
  const DnnlPrimitive forward_;
  DnnlInput src_, weights_, bias_;
  DnnlOutput dst_;
  std::optional<std::unique_ptr<DataGradient>> data_gradient_;
  std::optional<std::unique_ptr<WeightsGradient>> weights_gradient_;
  std::unique_ptr<Convolution> reference_;
};

void OneDnnConvolution::Forward(const Buffer& src, const Buffer& weights, const Buffer* bias,
                                Buffer* dst) {
  DnnlPrimitive::Arguments arguments = {
      {DNNL_ARG_SRC, src_.Read(src)},
      {DNNL_ARG_WEIGHTS, weights_.ReadAgain(weights)},
      {DNNL_ARG_DST, desc_.add_to_dst ? dst_.Update(dst) : dst_.Overwrite(dst)}};
  if (bias != nullptr) arguments.emplace(DNNL_ARG_BIAS, bias_.Read(*bias));
  forward_.Run(std::move(arguments));
}

OneDnnConvolution::DataGradient* OneDnnConvolution::GetDataGradient() {
  if (!data_gradient_) {
    const auto desc = BackwardDataDesc(case_, forward_desc_);
    data_gradient_.emplace(desc ? std::make_unique<DataGradient>(desc) : nullptr);
  }
  return data_gradient_->get();
}

void OneDnnConvolution::BackwardData(const Buffer& dst_diff, const Buffer& weights,
                                     Buffer* src_diff) {
  DataGradient* const gradient = GetDataGradient();
  if (gradient == nullptr) return Reference().BackwardData(dst_diff, weights, src_diff);
  WeightsGradient* const other = weights_gradient_ ? weights_gradient_->get() : nullptr;
  DnnlInput& diff = OneOf(other == nullptr ? nullptr : &other->dst_diff, &gradient->dst_diff);
  DnnlInput& weight = OneOf(&weights_, &gradient->weights);
  gradient->primitive.Run({{DNNL_ARG_DIFF_DST, diff.ReadAgain(dst_diff)},
                           {DNNL_ARG_WEIGHTS, weight.ReadAgain(weights)},
                           {DNNL_ARG_DIFF_SRC, gradient->src_diff.Overwrite(src_diff)}});
}

OneDnnConvolution::WeightsGradient* OneDnnConvolution::GetWeightsGradient() {
  if (!weights_gradient_) {
    const auto desc = BackwardWeightsDesc(case_, desc_.bias, forward_desc_);
    weights_gradient_.emplace(desc ? std::make_unique<WeightsGradient>(desc, case_) : nullptr);
  }
  return weights_gradient_->get();
}

void OneDnnConvolution::BackwardWeights(const Buffer& src, const Buffer& dst_diff,
                                        Buffer* weights_diff, Buffer* bias_diff) {
  WeightsGradient* const gradient = GetWeightsGradient();
  if (gradient == nullptr) {
    return Reference().BackwardWeights(src, dst_diff, weights_diff, bias_diff);
  }
  DnnlPrimitive::Arguments arguments = {{DNNL_ARG_SRC, OneOf(&src_, &gradient->src).ReadAgain(src)},
                                        {DNNL_ARG_DIFF_DST, gradient->dst_diff.Read(dst_diff)},
                                        {DNNL_ARG_DIFF_WEIGHTS, gradient->weights_diff.Scratch()}};
  if (desc_.bias) arguments.emplace(DNNL_ARG_DIFF_BIAS, gradient->bias_diff.Scratch());
  gradient->primitive.Run(std::move(arguments));
  if (weights_diff != nullptr) gradient->weights_diff.AddTo(weights_diff);
  if (bias_diff != nullptr) gradient->bias_diff.AddTo(bias_diff);
}

}  // namespace

std::unique_ptr<Convolution> MakeOneDnnConvolution(const ConvolutionDesc& desc) {
  const DnnlCase dnnl_case(desc);
  // A slope for each channel is a PReLU post-op, for which oneDNN falls to its reference.
  if (dnnl_case.IsEmpty() || desc.slopes.size() > 1) return nullptr;
  const auto forward = ForwardDesc(dnnl_case, desc.bias, ForwardAttributes(desc));
  if (!forward) return nullptr;
  return std::make_unique<OneDnnConvolution>(desc, dnnl_case, forward);
}

}  // namespace demitasse
