// RNN: y_t = tanh(W_ho h_t + b_o) with
// h_t = tanh(W_xh x_t + b_h + W_xh_static x_static + W_hh (cont_t * h_(t-1))) at each step t.
// There are T steps of N independent streams, and D = num_output units. Bottoms: x, T x N x ...;
// cont, T x N, 0 where a sequence begins and 1 where it goes on; if wanted x_static, N x ..., the
// same at all steps; with expose_hidden h_0, 1 x N x D. Tops: y, T x N x D; with expose_hidden h_T,
// 1 x N x D. Without expose_hidden, each pass forward goes on from the state that the last one
// ended in, at first from 0.
// Learned are W_xh, b_h, W_xh_static (if there is an x_static), W_hh, W_ho and b_o, of D rows each.
// There is no gradient of cont. As in Caffe, gradients end at exposed states: that of h_T is not
// used, that of h_0 is 0. Not in place.
// Elman (1990), "Finding structure in time".
#include <cmath>
#include <optional>

#include "demitasse/layer_registry.hpp"
#include "layers/common/elementwise.hpp"
#include "layers/common/recurrent_layer.hpp"

namespace demitasse {
namespace {

float TanhDerivative(float tanh) { return 1 - tanh * tanh; }

class RNNLayer : public RecurrentLayer {
 public:
  explicit RNNLayer(const LayerParameter& param)
      : RecurrentLayer(param, /*states=*/1, /*parts=*/1) {}

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    RecurrentLayer::LayerSetUp(bottom, top);
    const caffe::RecurrentParameter& param = layer_param_.recurrent_param();
    output_weights_ = static_cast<int>(blobs_.size());
    AddParameter({units(), units()}, param.weight_filler(), "recurrent_param.weight_filler");
    AddParameter({units()}, param.bias_filler(), "recurrent_param.bias_filler");
  }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    RecurrentLayer::Reshape(bottom, top);
    output_.Reshape({steps(), streams(), units()});
    output_product_.emplace(InnerProductDesc{int64_t{steps()} * streams(), units(), units()},
                            context().engine);
  }

 protected:
  // h_t = tanh(a_t)
  void ForwardStep(int t, const float* /*cont*/) override {
    const float* const a = Input(t);
    float* const h = StateAfter(kH, t);
    ParallelFor(state_size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) h[i] = std::tanh(a[i]);
    });
  }

  void BackwardStep(int t) override {
    const float* const h = StateAfter(kH, t);
    const float* const dh = StateDiff(kH);
    float* const da = InputDiff(t);
    ParallelFor(state_size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) da[i] = dh[i] * TanhDerivative(h[i]);
    });
  }

  // y = tanh(W_ho h + b_o), for all steps at once
  void ForwardOutput(Blob* y) override {
    output_product_->Forward(*AllStates(kH).data(), *blobs_[Index(output_weights_)]->data(),
                             blobs_.back()->data().get(), output_.data().get());
    Map(*output_.data(), &output_, [](float o) { return std::tanh(o); });
    y->CopyFrom(output_);
  }

  const float* BackwardOutput(const Blob& y) override {
    MapGradient(*output_.data(), y, &output_,
                [](float value, float diff) { return diff * TanhDerivative(value); });
    output_product_->BackwardWeights(*AllStates(kH).data(), *output_.diff(),
                                     ParameterDiff(output_weights_),
                                     ParameterDiff(output_weights_ + 1));
    output_product_->BackwardData(*output_.diff(), *blobs_[Index(output_weights_)]->data(),
                                  AllStates(kH).diff().get());
    return AllStates(kH).cpu_diff();
  }

 private:
  static constexpr int kH = 0;

  static size_t Index(int parameter) { return static_cast<size_t>(parameter); }

  int output_weights_ = 0;  // the parameter W_ho; b_o is the next
  Blob output_;             // y, which a layer behind may change
  std::optional<InnerProduct> output_product_;
};

}  // namespace
DEMITASSE_REGISTER_LAYER("RNN", RNNLayer);
}  // namespace demitasse
