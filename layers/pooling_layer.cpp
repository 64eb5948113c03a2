// Pooling: y = the largest value, the mean, or a random value of every window of the last two of
// four axes. Not in place.
// LeCun, Bottou, Bengio, Haffner (1998), "Gradient-based learning applied to document recognition".
#include "demitasse/layer_registry.hpp"
#include "layers/common/field_shape.hpp"
#include "layers/common/sliding_window.hpp"
#include "src/core/text.hpp"
#include "src/ops/pooling.hpp"
#include "src/ops/stochastic_pooling.hpp"

namespace demitasse {
namespace {

using caffe::PoolingParameter;

constexpr int kFirstSpatialAxis = 2;

class PoolingLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 1; }
  int MinTopBlobs() const override { return 1; }
  // The second top of MAX pooling is the mask: the place h * width + w of each maximum.
  int MaxTopBlobs() const override { return Param().pool() == PoolingParameter::MAX ? 2 : 1; }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

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
  std::vector<int> shape_;  // that op_ is for
  Pooling op_;
  StochasticPooling stochastic_;
  std::vector<int64_t> chosen_;  // by STOCHASTIC pooling in TRAIN
};

void PoolingLayer::CheckGlobal() const {
  if (Field("kernel_size").given()) {
    throw Fail(Field("kernel_size").Place(0),
               "the kernel of global_pooling is the whole input; leave its size out");
  }
  for (int axis = 0; axis < 2; ++axis) {
    if (op_.window.pad[axis] != 0) {
      throw Fail(Field("pad").Place(axis),
                 Cat("global_pooling needs pad 0, got ", op_.window.pad[axis]));
    }
    if (op_.window.stride[axis] != 1) {
      throw Fail(Field("stride").Place(axis),
                 Cat("global_pooling needs stride 1, got ", op_.window.stride[axis]));
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
  op_.method =
      Param().pool() == PoolingParameter::MAX ? Pooling::Method::kMax : Pooling::Method::kAverage;
  WindowGeometry& window = op_.window;
  window.stride = Field("stride").Read(2);
  window.pad = Field("pad").Read(2);
  window.dilation = {1, 1};
  ReadRounding();
  if (Param().global_pooling()) return CheckGlobal();

  window.kernel = Field("kernel_size").Read(2);
  for (int axis = 0; axis < 2; ++axis) {
    const int pad = window.pad[axis];
    if (pad > 0 && Param().pool() == PoolingParameter::STOCHASTIC) {
      throw Fail(Field("pad").Place(axis), Cat("STOCHASTIC pooling needs pad 0, got ", pad));
    }
    if (pad >= window.kernel[axis]) {
      throw Fail(Field("pad").Place(axis),
                 Cat("pad ", pad, " must be less than the kernel ", window.kernel[axis]));
    }
  }
}

// The number of windows on one of the two spatial axes.
int PoolingLayer::FitAxis(int axis) const {
  const WindowGeometry& window = op_.window;
  const int64_t input = window.input[axis];
  const int64_t stride = window.stride[axis];
  const int64_t padded = input + 2 * int64_t{window.pad[axis]};
  const int64_t room = padded - window.kernel[axis];
  int64_t steps = room / stride;
  if (room % stride > 0 && ceil_) ++steps;
  if (room % stride < 0 && !ceil_) --steps;
  int64_t windows = steps + 1;
  // With padding on either axis, windows begin inside the input or the padding before it.
  const bool padding = window.pad[0] > 0 || window.pad[1] > 0;
  if (padding && (windows - 1) * stride >= input + window.pad[axis]) --windows;
  if (windows < 1) {
    throw Fail(Field("kernel_size").Place(axis),
               Cat("kernel ", window.kernel[axis], " is larger than the padded input ", padded,
                   " on axis ", kFirstSpatialAxis + axis));
  }
  return OutputSize(*this, "pooling_param", axis, kFirstSpatialAxis, windows);
}

void PoolingLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const std::vector<int>& shape = bottom[0]->shape();
  if (shape != shape_) {
    if (shape.size() != 4) {
      throw Fail("bottom[0]", Cat(BottomName(*this, 0), " of ", bottom[0]->shape_string(),
                                  " must have 4 axes: num, channels, height, width"));
    }
    shape_.clear();
    op_.images = shape[0];
    op_.channels = shape[1];
    op_.window.input = {shape[2], shape[3]};
    if (Param().global_pooling()) op_.window.kernel = op_.window.input;
    op_.window.output = {FitAxis(0), FitAxis(1)};
    stochastic_ = {int64_t{shape[0]} * shape[1], op_.window};
    shape_ = shape;
  }
  const std::vector<int>& output = op_.window.output;
  for (Blob* blob : top) blob->Reshape({op_.images, op_.channels, output[0], output[1]});
}

void PoolingLayer::Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const Buffer& x = *bottom[0]->data();
  Buffer* const y = top[0]->data().get();
  if (Param().pool() == PoolingParameter::STOCHASTIC) {
    if (phase_ == caffe::TRAIN) {
      stochastic_.Sample(x, rng(), y, &chosen_);
    } else {
      stochastic_.Mean(x, y);
    }
  } else if (top.size() > 1) {
    op_.ForwardWithMask(x, y, top[1]->data().get());
  } else {
    op_.Forward(x, y);
  }
}

void PoolingLayer::Backward_cpu(const std::vector<Blob*>& top,
                                const std::vector<bool>& propagate_down,
                                const std::vector<Blob*>& bottom) {
  if (!propagate_down[0]) return;
  const Buffer& x = *bottom[0]->data();
  const Buffer& dy = *top[0]->diff();
  Buffer* const dx = bottom[0]->diff().get();
  if (Param().pool() != PoolingParameter::STOCHASTIC) {
    op_.Backward(x, dy, dx);
  } else if (phase_ == caffe::TRAIN) {
    stochastic_.SampleBackward(chosen_, dy, dx);
  } else {
    stochastic_.MeanBackward(x, dy, dx);
  }
}

}  // namespace
DEMITASSE_REGISTER_LAYER("Pooling", PoolingLayer);
}  // namespace demitasse
