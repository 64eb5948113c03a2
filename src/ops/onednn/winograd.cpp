#include "src/ops/onednn/winograd.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "src/core/text.hpp"
#include "src/ops/onednn/engine.hpp"
#include "src/ops/winograd.hpp"
#include "src/ops/winograd_gradient.hpp"

namespace demitasse {
namespace {

using dnnl::memory;

bool Applies(const ConvolutionDesc& desc) {
  const WindowGeometry& window = desc.window;
  const std::vector<int> ones = {1, 1};
  return desc.group == 1 && window.kernel == std::vector<int>{3, 3} && window.stride == ones &&
         window.dilation == ones && *std::max_element(window.pad.begin(), window.pad.end()) <= 2;
}

WinogradShape ForwardShape(const ConvolutionDesc& desc) {
  const WindowGeometry& w = desc.window;
  return {desc.num,    desc.in_channels, w.input[0], w.input[1], desc.out_channels,
          w.output[0], w.output[1],      w.pad[0],   w.pad[1]};
}

// The gradient of the input is the convolution of that of the result with the kernels turned round.
WinogradShape BackwardShape(const WinogradShape& f) {
  return {f.num,       f.out_channels, f.out_height,     f.out_width,    f.in_channels,
          f.in_height, f.in_width,     2 - f.pad_height, 2 - f.pad_width};
}

memory::desc BlockedDesc(int64_t num, int64_t channels, int64_t height, int64_t width) {
  using Tag = memory::format_tag;
  const Tag tag = WinogradLanes() == 16 ? Tag::nChw16c : Tag::nChw8c;
  return memory::desc({num, channels, height, width}, memory::data_type::f32, tag);
}

memory::desc InputDesc(const WinogradShape& shape) {
  return BlockedDesc(shape.num, shape.in_channels, shape.in_height, shape.in_width);
}

memory::desc OutputDesc(const WinogradShape& shape) {
  return BlockedDesc(shape.num, shape.out_channels, shape.out_height, shape.out_width);
}

float* Floats(const memory& array) { return static_cast<float*>(array.get_data_handle()); }

// A convolution between buffers.
class Direction {
 public:
  Direction(const WinogradShape& shape, bool turned)
      : winograd_(shape, turned, ChooseWinogradBlocking(shape)),
        input_(InputDesc(shape)),
        output_(OutputDesc(shape)) {}

  DnnlInput& input() { return input_; }

  void Run(const Buffer& input, const Buffer& weights, const WinogradEpilogue& epilogue,
           Buffer* output) {
    const memory from = input_.ReadAgain(input);
    const memory to = epilogue.add_to_dst ? output_.Update(output) : output_.Overwrite(output);
    winograd_.Run(Floats(from), weights, epilogue, Floats(to));
  }

 private:
  Winograd winograd_;
  DnnlInput input_;
  DnnlOutput output_;
};

class WinogradConvolution : public Convolution {
 public:
  WinogradConvolution(const ConvolutionDesc& desc, const WinogradShape& shape)
      : add_to_dst_(desc.add_to_dst),
        slopes_(desc.slopes),
        forward_(shape, false),
        backward_(BackwardShape(shape), true),
        gradient_(shape) {}

  std::string name() const override {
    std::string target = WinogradTargetName();
    for (char& c : target) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return Cat("winograd:", target);
  }

  void Forward(const Buffer& src, const Buffer& weights, const Buffer* bias, Buffer* dst) override {
    WinogradEpilogue epilogue;
    if (bias != nullptr) epilogue.bias = bias->plain();
    epilogue.add_to_dst = add_to_dst_;
    epilogue.slopes = slopes_.empty() ? nullptr : slopes_.data();
    epilogue.one_slope = slopes_.size() == 1;
    forward_.Run(src, weights, epilogue, dst);
  }

  void BackwardData(const Buffer& dst_diff, const Buffer& weights, Buffer* src_diff) override {
    backward_.Run(dst_diff, weights, {}, src_diff);
  }

  void BackwardWeights(const Buffer& src, const Buffer& dst_diff, Buffer* weights_diff,
                       Buffer* bias_diff) override {
    const memory x = forward_.input().ReadAgain(src);
    const memory dy = backward_.input().ReadAgain(dst_diff);
    gradient_.Run(Floats(x), Floats(dy),
                  weights_diff != nullptr ? weights_diff->mutable_plain() : nullptr,
                  bias_diff != nullptr ? bias_diff->mutable_plain() : nullptr);
  }

 private:
  const bool add_to_dst_;
  const std::vector<float> slopes_;
  Direction forward_, backward_;
  WinogradGradient gradient_;
};

}  // namespace

std::unique_ptr<Convolution> MakeWinogradConvolution(const ConvolutionDesc& desc) {
  if (!Applies(desc)) return nullptr;
  const WinogradShape shape = ForwardShape(desc);
  return WinogradPays(shape) ? std::make_unique<WinogradConvolution>(desc, shape) : nullptr;
}

}  // namespace demitasse
