// Convolution: y[o] = b[o] + sum over i, k of W[o, i, k] * x[i, k's place under the window], over
// any number of spatial axes, in groups of channels. Not in place.
// LeCun et al. (1989), "Backpropagation applied to handwritten zip code recognition"; dilation:
// Yu, Koltun (2016), "Multi-scale context aggregation by dilated convolutions".
#include <memory>

#include "demitasse/layer_registry.hpp"
#include "layers/common/count_field.hpp"
#include "layers/common/engine_choice.hpp"
#include "layers/common/field_shape.hpp"
#include "layers/common/sliding_window.hpp"
#include "src/core/text.hpp"
#include "src/ops/convolution.hpp"

namespace demitasse {
namespace {

class ConvolutionLayer : public Layer {
 public:
  using Layer::Layer;

  int MinBottomBlobs() const override { return 1; }
  int MinTopBlobs() const override { return 1; }
  bool EqualNumBottomTopBlobs() const override { return true; }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

 private:
  void ReadChannels(const Blob& bottom);
  void CheckBottom(const std::vector<Blob*>& bottom, int index) const;
  Convolution& PreparedOp();

  int axis_ = 1;            // of the channels
  ConvolutionDesc desc_;    // num and the window's input and output are for shape_
  std::vector<int> shape_;  // of the bottoms
  std::vector<int> top_shape_;
  std::unique_ptr<Convolution> op_;  // null until it is needed for a new shape
};

void ConvolutionLayer::ReadChannels(const Blob& bottom) {
  const caffe::ConvolutionParameter& param = layer_param_.convolution_param();
  if (!param.has_num_output()) throw Fail("convolution_param", "num_output must be given");
  desc_.in_channels = bottom.shape(axis_);
  desc_.out_channels = CountField(*this, "convolution_param.num_output", param.num_output());
  desc_.group = CountField(*this, "convolution_param.group", param.group());
  desc_.bias = param.bias_term();
  if (desc_.out_channels % desc_.group != 0) {
    throw Fail("convolution_param.group",
               Cat("num_output ", desc_.out_channels, " is not a multiple of group ", desc_.group));
  }
  if (desc_.in_channels % desc_.group != 0) {
    throw Fail("convolution_param.group",
               Cat("the ", desc_.in_channels, " channels of ", BottomName(*this, 0),
                   " are not a multiple of group ", desc_.group));
  }
}

void ConvolutionLayer::LayerSetUp(const std::vector<Blob*>& bottom,
                                  const std::vector<Blob*>& /*top*/) {
  const caffe::ConvolutionParameter& param = layer_param_.convolution_param();
  axis_ = CanonicalAxis(*bottom[0], param.axis(), "convolution_param.axis");
  const int spatial_axes = bottom[0]->num_axes() - axis_ - 1;
  if (spatial_axes == 0) {
    throw Fail("bottom[0]", Cat(BottomName(*this, 0), " of ", bottom[0]->shape_string(),
                                " has no spatial axis behind its channels on axis ", axis_));
  }
  desc_.window = ReadConvolutionWindow(*this, spatial_axes);
  ReadChannels(*bottom[0]);
  const std::vector<int>& shape = bottom[0]->shape();
  FitConvolutionWindow(*this, {shape.begin() + axis_ + 1, shape.end()}, axis_ + 1, &desc_.window);

  std::vector<int> weights = {desc_.out_channels, desc_.in_channels / desc_.group};
  weights.insert(weights.end(), desc_.window.kernel.begin(), desc_.window.kernel.end());
  AddParameter(weights, param.weight_filler(), "convolution_param.weight_filler");
  if (desc_.bias) {
    AddParameter({desc_.out_channels}, param.bias_filler(), "convolution_param.bias_filler");
  }
}

void ConvolutionLayer::CheckBottom(const std::vector<Blob*>& bottom, int index) const {
  const Blob& blob = *bottom[static_cast<size_t>(index)];
  const std::string field = Cat("bottom[", index, "]");
  const std::string what = Cat(BottomName(*this, index), " of ", blob.shape_string());
  const int axes = axis_ + 1 + static_cast<int>(desc_.window.kernel.size());
  if (blob.num_axes() != axes) {
    throw Fail(field,
               Cat(what, " has ", blob.num_axes(), " axes, the layer was set up for ", axes));
  }
  if (blob.shape(axis_) != desc_.in_channels) {
    throw Fail(field, Cat(what, " has ", blob.shape(axis_), " channels on axis ", axis_,
                          ", the weights are for ", desc_.in_channels));
  }
  if (blob.shape() != bottom[0]->shape()) {
    throw Fail(field, Cat(what, " differs from ", BottomName(*this, 0), " of ",
                          bottom[0]->shape_string(), ": all bottoms must have one shape"));
  }
}

void ConvolutionLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  for (size_t i = 0; i < bottom.size(); ++i) {
    if (bottom[i]->shape() == shape_) continue;
    CheckBottom(bottom, static_cast<int>(i));
    if (i > 0) continue;
    const std::vector<int>& shape = bottom[0]->shape();
    const auto spatial = shape.begin() + axis_ + 1;
    WindowGeometry window = desc_.window;
    FitConvolutionWindow(*this, {spatial, shape.end()}, axis_ + 1, &window);
    desc_.window = window;
    desc_.num = bottom[0]->count(0, axis_);
    op_.reset();
    shape_ = shape;
    top_shape_.assign(shape.begin(), spatial);
    top_shape_.back() = desc_.out_channels;
    top_shape_.insert(top_shape_.end(), desc_.window.output.begin(), desc_.window.output.end());
  }
  for (Blob* blob : top) blob->Reshape(top_shape_);
}

Convolution& ConvolutionLayer::PreparedOp() {
  if (op_ == nullptr) {
    const auto& param = layer_param_.convolution_param();
    op_ = MakeConvolution(
        desc_, EngineFor(context(), param.engine() == caffe::ConvolutionParameter::CAFFE));
  }
  return *op_;
}

void ConvolutionLayer::Forward_cpu(const std::vector<Blob*>& bottom,
                                   const std::vector<Blob*>& top) {
  const Buffer* const bias = desc_.bias ? blobs_[1]->data().get() : nullptr;
  for (size_t i = 0; i < bottom.size(); ++i) {
    PreparedOp().Forward(*bottom[i]->data(), *blobs_[0]->data(), bias, top[i]->data().get());
  }
}

void ConvolutionLayer::Backward_cpu(const std::vector<Blob*>& top,
                                    const std::vector<bool>& propagate_down,
                                    const std::vector<Blob*>& bottom) {
  Buffer* const weights_diff = param_propagate_down(0) ? blobs_[0]->diff().get() : nullptr;
  Buffer* const bias_diff =
      desc_.bias && param_propagate_down(1) ? blobs_[1]->diff().get() : nullptr;
  for (size_t i = 0; i < bottom.size(); ++i) {
    if (weights_diff != nullptr || bias_diff != nullptr) {
      PreparedOp().BackwardWeights(*bottom[i]->data(), *top[i]->diff(), weights_diff, bias_diff);
    }
    if (propagate_down[i]) {
      PreparedOp().BackwardData(*top[i]->diff(), *blobs_[0]->data(), bottom[i]->diff().get());
    }
  }
}

}  // namespace
DEMITASSE_REGISTER_LAYER("Convolution", ConvolutionLayer);
}  // namespace demitasse
