#include "src/ops/onednn/winograd.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "src/core/text.hpp"
#include "src/ops/onednn/convolution.hpp"
#include "src/ops/onednn/engine.hpp"
#include "src/ops/tuning.hpp"
#include "src/ops/winograd.hpp"
#include "src/ops/winograd_gradient.hpp"

namespace demitasse {
namespace {

using dnnl::memory;

bool Applies(const ConvolutionDesc& desc) {
  const WindowGeometry& window = desc.window;
  const std::vector<int> ones = {1, 1};
  return window.kernel == std::vector<int>{3, 3} && window.stride == ones &&
         window.dilation == ones && *std::max_element(window.pad.begin(), window.pad.end()) <= 2;
}

WinogradShape ForwardShape(const ConvolutionDesc& desc) {
  const WindowGeometry& w = desc.window;
  return {desc.num,
          desc.in_channels / desc.group,
          w.input[0],
          w.input[1],
          desc.out_channels / desc.group,
          w.output[0],
          w.output[1],
          w.pad[0],
          w.pad[1],
          desc.group};
}

// The gradient of the input is the convolution of that of the result with the kernels turned round.
WinogradShape BackwardShape(const WinogradShape& f) {
  return {f.num,       f.out_channels, f.out_height,     f.out_width,     f.in_channels,
          f.in_height, f.in_width,     2 - f.pad_height, 2 - f.pad_width, f.groups};
}

memory::desc InputDesc(const WinogradShape& shape) {
  return BlockedDesc({shape.num, shape.groups * shape.in_channels, shape.in_height, shape.in_width},
                     WinogradLanes());
}

memory::desc OutputDesc(const WinogradShape& shape) {
  return BlockedDesc(
      {shape.num, shape.groups * shape.out_channels, shape.out_height, shape.out_width},
      WinogradLanes());
}

// Floats of one group in an image's blocks.
int64_t InputGroup(const WinogradShape& shape) {
  return shape.in_channels * shape.in_height * shape.in_width;
}

int64_t OutputGroup(const WinogradShape& shape) {
  return shape.out_channels * shape.out_height * shape.out_width;
}

WinogradEpilogue OfGroup(WinogradEpilogue epilogue, int64_t first_channel) {
  if (epilogue.bias != nullptr) epilogue.bias += first_channel;
  if (epilogue.slopes != nullptr && !epilogue.one_slope) epilogue.slopes += first_channel;
  return epilogue;
}

float* Floats(const memory& array) { return static_cast<float*>(array.get_data_handle()); }

// A convolution between buffers.
class Direction {
 public:
  Direction(const WinogradShape& shape, bool turned)
      : shape_(shape), input_(InputDesc(shape)), output_(OutputDesc(shape)) {
    for (int64_t group = 0; group < shape.groups; ++group) {
      groups_.emplace_back(shape, turned, ChooseWinogradBlocking(shape), group);
    }
  }

  DnnlInput& input() { return input_; }

  void Run(const Buffer& input, const Buffer& weights, const WinogradEpilogue& epilogue,
           Buffer* output) {
    const memory from = input_.ReadAgain(input);
    const memory to = epilogue.add_to_dst ? output_.Update(output) : output_.Overwrite(output);
    for (int64_t group = 0; group < shape_.groups; ++group) {
      groups_[static_cast<size_t>(group)].Run(Floats(from) + group * InputGroup(shape_), weights,
                                              OfGroup(epilogue, group * shape_.out_channels),
                                              Floats(to) + group * OutputGroup(shape_));
    }
  }

 private:
  const WinogradShape shape_;
  std::vector<Winograd> groups_;
  DnnlInput input_;
  DnnlOutput output_;
};

class WinogradConvolution : public Convolution {
 public:
  WinogradConvolution(const ConvolutionDesc& desc, const WinogradShape& shape)
      : shape_(shape),
        add_to_dst_(desc.add_to_dst),
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
    float* weights_to = weights_diff != nullptr ? weights_diff->mutable_plain() : nullptr;
    float* bias_to = bias_diff != nullptr ? bias_diff->mutable_plain() : nullptr;
    for (int64_t group = 0; group < shape_.groups; ++group) {
      gradient_.Run(Floats(x) + group * InputGroup(shape_),
                    Floats(dy) + group * OutputGroup(shape_), weights_to, bias_to);
      if (weights_to != nullptr) weights_to += shape_.out_channels * shape_.in_channels * 9;
      if (bias_to != nullptr) bias_to += shape_.out_channels;
    }
  }

 private:
  const WinogradShape shape_;
  const bool add_to_dst_;
  const std::vector<float> slopes_;
  Direction forward_, backward_;
  WinogradGradient gradient_;
};

}  // namespace

std::unique_ptr<Convolution> MakeWinogradConvolution(const ConvolutionDesc& desc) {
  if (!Applies(desc)) return nullptr;
  const WinogradShape shape = ForwardShape(desc);
  const auto winograd = [&] { return std::make_unique<WinogradConvolution>(desc, shape); };
  const auto direct = [&desc] {
    ConvolutionDesc bare = desc;  // a slope for each channel costs both the same
    bare.slopes.clear();
    return MakeOneDnnConvolution(bare);
  };
  Tuning* const tuning = Tuning::Current();
  const bool takes =
      tuning == nullptr ? WinogradPays(shape)
                        : WinogradApplies(shape) && tuning->PrefersWinograd(desc, winograd, direct);
  return takes ? winograd() : nullptr;
}

}  // namespace demitasse
