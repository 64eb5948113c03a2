// InnerProduct: y = W x + b for each sample, with x all its elements as one vector: those from
// `axis` on, while the axes before it count samples. W is num_output x inputs, with transpose
// inputs x num_output. Not in place.
// Rosenblatt (1958), "The perceptron: a probabilistic model for information storage and
// organization in the brain".
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "demitasse/layer_registry.hpp"
#include "layers/common/count_field.hpp"
#include "layers/common/field_shape.hpp"
#include "src/core/text.hpp"
#include "src/ops/inner_product.hpp"

namespace demitasse {
namespace {

class InnerProductLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 1; }
  int ExactNumTopBlobs() const override { return 1; }

  bool Absorb(const ChannelAffine& next) override;

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  std::string Implementation() const override { return op_->name(); }
  int64_t MultiplyAdds() const override { return rows_ * blobs_[0]->size(); }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

 private:
  // The first axis of x.
  int Axis(const Blob& bottom) const {
    return CanonicalAxis(bottom, layer_param_.inner_product_param().axis(),
                         "inner_product_param.axis");
  }

  int64_t rows_ = 0;
  int inputs_ = 0;
  int outputs_ = 0;
  bool bias_ = true;
  bool transposed_ = false;
  std::vector<int> shape_;  // that op_ is for
  std::vector<int> top_shape_;
  std::optional<InnerProduct> op_;
};

void InnerProductLayer::LayerSetUp(const std::vector<Blob*>& bottom,
                                   const std::vector<Blob*>& /*top*/) {
  const caffe::InnerProductParameter& param = layer_param_.inner_product_param();
  if (!param.has_num_output()) throw Fail("inner_product_param", "num_output must be given");
  outputs_ = CountField(*this, "inner_product_param.num_output", param.num_output());
  inputs_ = bottom[0]->count(Axis(*bottom[0]));
  bias_ = param.bias_term();
  transposed_ = param.transpose();
  AddParameter(
      transposed_ ? std::vector<int>{inputs_, outputs_} : std::vector<int>{outputs_, inputs_},
      param.weight_filler(), "inner_product_param.weight_filler");
  if (bias_) AddParameter({outputs_}, param.bias_filler(), "inner_product_param.bias_filler");
}

void InnerProductLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const std::vector<int>& shape = bottom[0]->shape();
  if (!op_ || shape != shape_) {
    const int axis = Axis(*bottom[0]);
    const int64_t inputs = bottom[0]->size(axis, bottom[0]->num_axes());
    if (inputs != inputs_) {
      throw Fail("bottom[0]",
                 Cat(BottomName(*this, 0), " of ", bottom[0]->shape_string(), " has ", inputs,
                     " elements from axis ", axis, " on, the weights are for ", inputs_));
    }
    rows_ = bottom[0]->size(0, axis);
    op_.emplace(InnerProductDesc{rows_, inputs_, outputs_, transposed_}, context().engine);
    top_shape_.assign(shape.begin(), shape.begin() + axis);
    top_shape_.push_back(outputs_);
    shape_ = shape;
  }
  top[0]->Reshape(top_shape_);
}

void InnerProductLayer::Forward_cpu(const std::vector<Blob*>& bottom,
                                    const std::vector<Blob*>& top) {
  op_->Forward(*bottom[0]->data(), *blobs_[0]->data(), bias_ ? blobs_[1]->data().get() : nullptr,
               top[0]->data().get());
}

void InnerProductLayer::Backward_cpu(const std::vector<Blob*>& top,
                                     const std::vector<bool>& propagate_down,
                                     const std::vector<Blob*>& bottom) {
  op_->BackwardWeights(*bottom[0]->data(), *top[0]->diff(),
                       param_propagate_down(0) ? blobs_[0]->diff().get() : nullptr,
                       bias_ && param_propagate_down(1) ? blobs_[1]->diff().get() : nullptr);
  if (propagate_down[0]) {
    op_->BackwardData(*top[0]->diff(), *blobs_[0]->data(), bottom[0]->diff().get());
  }
}

// scale * (W x + b) + shift = (scale * W) x + (scale * b + shift)
bool InnerProductLayer::Absorb(const ChannelAffine& next) {
  if (layer_param_.inner_product_param().axis() != 1) return false;
  CopyParameters();
  if (!bias_) blobs_.push_back(std::make_shared<Blob>(std::vector<int>{outputs_}));
  bias_ = true;
  float* weights = blobs_[0]->mutable_cpu_data();
  float* const bias = blobs_[1]->mutable_cpu_data();
  for (int64_t i = 0; i < blobs_[0]->size(); ++i) {
    weights[i] *= next.scale[static_cast<size_t>(transposed_ ? i % outputs_ : i / inputs_)];
  }
  for (size_t o = 0; o < next.scale.size(); ++o) {
    bias[o] = next.scale[o] * bias[o] + next.shift[o];
  }
  return true;
}

}  // namespace
DEMITASSE_REGISTER_LAYER("InnerProduct", InnerProductLayer);
}  // namespace demitasse
