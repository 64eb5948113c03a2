// Dropout: y = x * m / (1 - dropout_ratio) in TRAIN, y = x in TEST. For each element and anew in
// every forward pass, m is 0 with probability dropout_ratio and 1 otherwise. In-place safe.
// Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov (2014), "Dropout: a simple way to
// prevent neural networks from overfitting".
#include <memory>

#include "demitasse/layer_registry.hpp"
#include "layers/common/elementwise.hpp"
#include "layers/common/neuron_layer.hpp"
#include "src/core/simd.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"
#include "src/ops/output.hpp"

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
    const Buffer& x = *bottom[0]->data();
    if (phase_ == caffe::TEST) {
      if (top[0]->data() != bottom[0]->data()) {
        CopyBuffer(x, bottom[0]->size(), top[0]->data().get());
      }
      return;
    }
    DrawFactors(bottom[0]->size());
    BringTogether(x, *factors_);
    const float* const values = x.stored();
    const float* const factors = factors_->stored();
    float* const y = OutputInLayoutOf(x, top[0]->data().get());
    ParallelFor(StoredSize(x, bottom[0]->size()), kElementwiseGrain,
                [&](int64_t begin, int64_t end) {
                  DEMITASSE_SIMD
                  for (int64_t i = begin; i < end; ++i) y[i] = values[i] * factors[i];
                });
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    if (phase_ != caffe::TEST) {
      MapGradient(*factors_, *top[0], bottom[0],
                  [](float factor, float top_diff) { return factor * top_diff; });
    } else if (top[0]->diff() != bottom[0]->diff()) {
      CopyBuffer(*top[0]->diff(), top[0]->size(), bottom[0]->diff().get());
    }
  }

 private:
  // In plain order, so that no engine's layout changes which elements are dropped.
  void DrawFactors(int64_t size) {
    const float kept = 1 / (1 - ratio_);
    if (factors_ == nullptr || factors_->size() < size) factors_ = std::make_unique<Buffer>(size);
    float* const factors = factors_->Overwrite(nullptr);
    Rng* const random = rng();
    // A product, since the processor would guess half of all branches wrong.
    for (int64_t i = 0; i < size; ++i) {
      factors[i] = kept * static_cast<float>(!random->Bernoulli(ratio_));
    }
  }

  float ratio_ = 0;
  std::unique_ptr<Buffer> factors_;  // of the last Forward: 0 or 1 / (1 - ratio), for each element
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Dropout", DropoutLayer);
}  // namespace demitasse
