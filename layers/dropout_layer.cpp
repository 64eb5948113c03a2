// Dropout: y = x * m / (1 - dropout_ratio) in TRAIN, y = x in TEST. For each element and anew in
// every forward pass, m is 0 with probability dropout_ratio and 1 otherwise. In-place safe.
// Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov (2014), "Dropout: a simple way to
// prevent neural networks from overfitting".
#include "demitasse/layer_registry.hpp"
#include "layers/common/elementwise.hpp"
#include "layers/common/neuron_layer.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

class DropoutLayer : public NeuronLayer {
 public:
  using NeuronLayer::NeuronLayer;

  bool IsIdentity() const override { return phase_ == caffe::TEST; }

  void LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                  const std::vector<Blob*>& /*top*/) override {
    ratio_ = layer_param_.dropout_param().dropout_ratio();
    if (ratio_ >= 0 && ratio_ < 1) return;
    throw Fail("dropout_param.dropout_ratio",
               Cat("dropout_ratio must be at least 0 and below 1, got ", ratio_));
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    if (phase_ == caffe::TEST) {
      if (top[0]->data() != bottom[0]->data()) Map(*bottom[0], top[0], [](float x) { return x; });
      return;
    }
    const float kept = 1 / (1 - ratio_);
    factors_.resize(static_cast<size_t>(bottom[0]->size()));
    for (float& factor : factors_) factor = rng()->Bernoulli(ratio_) ? 0 : kept;
    const float* const x = bottom[0]->cpu_data();
    float* const y = top[0]->mutable_cpu_data();
    ParallelFor(bottom[0]->size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) y[i] = x[i] * factors_[static_cast<size_t>(i)];
    });
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    if (phase_ == caffe::TEST) {
      if (top[0]->diff() == bottom[0]->diff()) return;
      MapGradient(top[0]->cpu_diff(), *top[0], bottom[0], [](float, float dy) { return dy; });
      return;
    }
    MapGradient(factors_.data(), *top[0], bottom[0],
                [](float factor, float top_diff) { return factor * top_diff; });
  }

 private:
  float ratio_ = 0;
  std::vector<float> factors_;  // of the last Forward: 0 or 1 / (1 - ratio), for each element
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Dropout", DropoutLayer);
}  // namespace demitasse
