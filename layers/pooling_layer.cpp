// Pooling: y = the largest value (MAX), the mean (AVE) or a random value (STOCHASTIC) of each
// window of the last two of four axes. Of n places of x on an axis come ceil((n + 2 * pad -
// kernel_size) / stride) + 1 of y, with round_mode FLOOR the floor of that, and one less if the
// last window would begin in the padding behind x. Not in place.
// MAX: padding never wins, NaN counts as largest, of equal values the first gets the gradient; a
// second top, if named, gets the places of the maxima, row * width + column. AVE: padding counts as
// zeros. STOCHASTIC: in TRAIN a value is drawn with a probability in proportion to it, in TEST y is
// sum of x^2 / sum of x; there must be no padding. A window behind x, as a stride above kernel_size
// can bring it, gives 0 (its place is -1) and takes no gradient, where Caffe leaves its memory.
// LeCun, Bottou, Bengio, Haffner (1998), "Gradient-based learning applied to document recognition";
// Zeiler, Fergus (2013), "Stochastic pooling for regularization of deep convolutional neural
// networks".
#include "demitasse/layer_registry.hpp"
#include "layers/common/image_batch.hpp"
#include "layers/common/sliding_window.hpp"
#include "layers/common/window_layer.hpp"
#include "layers/common/window_pooling.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

using caffe::PoolingParameter;

constexpr int kFirstSpatialAxis = 2;

class PoolingLayer : public Layer, public WindowLayer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 1; }
  int MinTopBlobs() const override { return 1; }
  // The second top of MAX pooling is the mask: the place h * width + w of each maximum.
  int MaxTopBlobs() const override { return Param().pool() == PoolingParameter::MAX ? 2 : 1; }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  const WindowGeometry& window() const override { return window_; }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

 private:
  const PoolingParameter& Param() const { return layer_param_.pooling_param(); }
  WindowField Field(const char* name) const { return WindowField(*this, "pooling_param", name); }
  void CheckGlobal() const;
  void ReadRounding();
  int FitAxis(int axis) const;

  bool ceil_ = true;
  WindowGeometry window_;
  std::vector<int> shape_;  // that pooling_ is for
  WindowPooling pooling_;
};

void PoolingLayer::CheckGlobal() const {
  if (Field("kernel_size").given()) {
    throw Fail(Field("kernel_size").Place(0),
               "the kernel of global_pooling is the whole input; leave its size out");
  }
  for (int axis = 0; axis < 2; ++axis) {
    if (window_.pad[axis] != 0) {
      throw Fail(Field("pad").Place(axis),
                 Cat("global_pooling needs pad 0, got ", window_.pad[axis]));
    }
    if (window_.stride[axis] != 1) {
      throw Fail(Field("stride").Place(axis),
                 Cat("global_pooling needs stride 1, got ", window_.stride[axis]));
    }
  }
}

void PoolingLayer::ReadRounding() {
  ceil_ = Param().round_mode() == PoolingParameter::CEIL;
  if (!Param().has_ceil_mode()) return;
  if (Param().has_round_mode() && Param().ceil_mode() != ceil_) {
    throw Fail("pooling_param.ceil_mode",
               Cat("ceil_mode ", Param().ceil_mode() ? "true" : "false", " contradicts round_mode ",
                   ceil_ ? "CEIL" : "FLOOR", "; give one of them"));
  }
  ceil_ = Param().ceil_mode();
}

void PoolingLayer::LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                              const std::vector<Blob*>& /*top*/) {
  window_.stride = Field("stride").Read(2);
  window_.pad = Field("pad").Read(2);
  window_.dilation = {1, 1};
  ReadRounding();
  if (Param().global_pooling()) return CheckGlobal();

  window_.kernel = Field("kernel_size").Read(2);
  for (int axis = 0; axis < 2; ++axis) {
    const int pad = window_.pad[axis];
    if (pad > 0 && Param().pool() == PoolingParameter::STOCHASTIC) {
      throw Fail(Field("pad").Place(axis), Cat("STOCHASTIC pooling needs pad 0, got ", pad));
    }
    if (pad >= window_.kernel[axis]) {
      throw Fail(Field("pad").Place(axis),
                 Cat("pad ", pad, " must be less than the kernel ", window_.kernel[axis]));
    }
  }
}

// The number of windows on one of the two spatial axes.
int PoolingLayer::FitAxis(int axis) const {
  const int64_t input = window_.input[axis];
  const int64_t stride = window_.stride[axis];
  const int64_t padded = input + 2 * int64_t{window_.pad[axis]};
  const int64_t room = padded - window_.kernel[axis];
  int64_t steps = room / stride;
  if (room % stride > 0 && ceil_) ++steps;
  if (room % stride < 0 && !ceil_) --steps;
  int64_t windows = steps + 1;
  // With padding on either axis, windows begin inside the input or the padding before it.
  const bool padding = window_.pad[0] > 0 || window_.pad[1] > 0;
  if (padding && (windows - 1) * stride >= input + window_.pad[axis]) --windows;
  if (windows < 1) {
    throw Fail(Field("kernel_size").Place(axis),
               Cat("kernel ", window_.kernel[axis], " is larger than the padded input ", padded,
                   " on axis ", kFirstSpatialAxis + axis));
  }
  return OutputSize(*this, "pooling_param", axis, kFirstSpatialAxis, windows);
}

void PoolingLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const std::vector<int>& shape = bottom[0]->shape();
  if (shape != shape_) {
    CheckImageBatch(*this, *bottom[0]);
    shape_.clear();
    window_.input = {shape[2], shape[3]};
    if (Param().global_pooling()) window_.kernel = window_.input;
    window_.output = {FitAxis(0), FitAxis(1)};
    pooling_ = WindowPooling(Param().pool(), phase_, shape[0], shape[1], window_);
    shape_ = shape;
  }
  for (Blob* blob : top) blob->Reshape(pooling_.TopShape());
}

void PoolingLayer::Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  pooling_.Forward(*bottom[0]->data(), rng(), top[0]->data().get(),
                   top.size() > 1 ? top[1]->data().get() : nullptr);
}

void PoolingLayer::Backward_cpu(const std::vector<Blob*>& top,
                                const std::vector<bool>& propagate_down,
                                const std::vector<Blob*>& bottom) {
  if (!propagate_down[0]) return;
  pooling_.Backward(*bottom[0]->data(), *top[0]->diff(), bottom[0]->diff().get());
}

}  // namespace
DEMITASSE_REGISTER_LAYER("Pooling", PoolingLayer);
}  // namespace demitasse
