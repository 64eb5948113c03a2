#include "layers/common/convolution_base.hpp"

#include "layers/common/count_field.hpp"
#include "layers/common/field_shape.hpp"
#include "layers/common/sliding_window.hpp"
#include "src/core/text.hpp"

namespace demitasse {

void ConvolutionBase::ReadChannels(const Blob& bottom) {
  const caffe::ConvolutionParameter& param = layer_param_.convolution_param();
  if (!param.has_num_output()) throw Fail("convolution_param", "num_output must be given");
  bottom_channels_ = bottom.shape(axis_);
  top_channels_ = CountField(*this, "convolution_param.num_output", param.num_output());
  SetChannels(bottom_channels_, top_channels_, &desc_);
  desc_.group = CountField(*this, "convolution_param.group", param.group());
  desc_.bias = param.bias_term();
  if (top_channels_ % desc_.group != 0) {
    throw Fail("convolution_param.group",
               Cat("num_output ", top_channels_, " is not a multiple of group ", desc_.group));
  }
  if (bottom_channels_ % desc_.group != 0) {
    throw Fail("convolution_param.group",
               Cat("the ", bottom_channels_, " channels of ", BottomName(*this, 0),
                   " are not a multiple of group ", desc_.group));
  }
}

void ConvolutionBase::LayerSetUp(const std::vector<Blob*>& bottom,
                                 const std::vector<Blob*>& /*top*/) {
  const caffe::ConvolutionParameter& param = layer_param_.convolution_param();
  axis_ = CanonicalAxis(*bottom[0], param.axis(), "convolution_param.axis");
  desc_.window = ReadConvolutionWindow(*this, *bottom[0], axis_);
  ReadChannels(*bottom[0]);
  const std::vector<int>& shape = bottom[0]->shape();
  FitWindow({shape.begin() + axis_ + 1, shape.end()}, axis_ + 1, &desc_.window);

  std::vector<int> weights = {desc_.out_channels, desc_.in_channels / desc_.group};
  weights.insert(weights.end(), desc_.window.kernel.begin(), desc_.window.kernel.end());
  AddParameter(weights, param.weight_filler(), "convolution_param.weight_filler");
  if (desc_.bias) {
    AddParameter({top_channels_}, param.bias_filler(), "convolution_param.bias_filler");
  }
}

void ConvolutionBase::CheckBottom(const std::vector<Blob*>& bottom, int index) const {
  const Blob& blob = *bottom[static_cast<size_t>(index)];
  const std::string field = Cat("bottom[", index, "]");
  const std::string what = Cat(BottomName(*this, index), " of ", blob.shape_string());
  const int axes = axis_ + 1 + static_cast<int>(desc_.window.kernel.size());
  if (blob.num_axes() != axes) {
    throw Fail(field,
               Cat(what, " has ", blob.num_axes(), " axes, the layer was set up for ", axes));
  }
  if (blob.shape(axis_) != bottom_channels_) {
    throw Fail(field, Cat(what, " has ", blob.shape(axis_), " channels on axis ", axis_,
                          ", the weights are for ", bottom_channels_));
  }
  if (blob.shape() != bottom[0]->shape()) {
    throw Fail(field, Cat(what, " differs from ", BottomName(*this, 0), " of ",
                          bottom[0]->shape_string(), ": all bottoms must have one shape"));
  }
}

void ConvolutionBase::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  for (size_t i = 0; i < bottom.size(); ++i) {
    if (bottom[i]->shape() == shape_) continue;
    CheckBottom(bottom, static_cast<int>(i));
    if (i > 0) continue;
    const std::vector<int>& shape = bottom[0]->shape();
    const auto spatial = shape.begin() + axis_ + 1;
    WindowGeometry window = desc_.window;
    const std::vector<int>& top_spatial = FitWindow({spatial, shape.end()}, axis_ + 1, &window);
    top_shape_.assign(shape.begin(), spatial);
    top_shape_.back() = top_channels_;
    top_shape_.insert(top_shape_.end(), top_spatial.begin(), top_spatial.end());
    desc_.window = window;
    desc_.num = bottom[0]->count(0, axis_);
    op_.reset();
    shape_ = shape;
  }
  for (Blob* blob : top) blob->Reshape(top_shape_);
}

int64_t ConvolutionBase::MultiplyAdds() const {
  const int64_t convolved = int64_t{desc_.num} * ShapeSize(desc_.window.output);
  return convolved * blobs_[0]->size() * layer_param_.bottom_size();
}

Convolution& ConvolutionBase::PreparedOp() {
  if (op_ == nullptr) {
    op_ = MakeOp(desc_, context().engine);
  }
  return *op_;
}

void ConvolutionBase::Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const Buffer* const bias = desc_.bias ? blobs_[1]->data().get() : nullptr;
  for (size_t i = 0; i < bottom.size(); ++i) {
    PreparedOp().Forward(*bottom[i]->data(), *blobs_[0]->data(), bias, top[i]->data().get());
  }
}

void ConvolutionBase::Backward_cpu(const std::vector<Blob*>& top,
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

}  // namespace demitasse
