// MultinomialLogisticLoss: E = -1 / N * sum over N samples of log(p_label), with p_k the elements
// of a sample (bottom 0), which are to be probabilities, and the label in bottom 1; the gradient is
// -1 / (N * p_k) for the label, 0 for the other classes. A p below 1e-20 counts as 1e-20, so that
// both stay finite. On the output of Softmax, SoftmaxWithLoss is the same and more accurate.
#include <algorithm>
#include <cmath>

#include "demitasse/layer_registry.hpp"
#include "layers/common/labels.hpp"
#include "layers/common/loss_layer.hpp"

namespace demitasse {
namespace {

class MultinomialLogisticLossLayer : public LossLayer {
 public:
  using LossLayer::LossLayer;

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    LossLayer::Reshape(bottom, top);
    classes_ = SampleClasses(bottom);
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    labels_ = ReadLabels(*this, *bottom[1], classes_);
    const float* const p = bottom[0]->cpu_data();
    double sum = 0;
    for (size_t sample = 0; sample < labels_.size(); ++sample) {
      sum -= std::log(Probability(p[Index(sample)]));
    }
    top[0]->mutable_cpu_data()[0] = static_cast<float>(sum / SampleDivisor(*bottom[0]));
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    const double factor = -top[0]->cpu_diff()[0] / SampleDivisor(*bottom[0]);
    const float* const p = bottom[0]->cpu_data();
    float* const diff = bottom[0]->mutable_cpu_diff();
    std::fill_n(diff, bottom[0]->size(), 0.0F);
    for (size_t sample = 0; sample < labels_.size(); ++sample) {
      const int64_t i = Index(sample);
      diff[i] = static_cast<float>(factor / Probability(p[i]));
    }
  }

 private:
  // In this order std::max lets NaN through.
  static float Probability(float p) { return std::max(p, kLeastProbability); }

  // Where the probability of a sample's label stands.
  int64_t Index(size_t sample) const {
    return static_cast<int64_t>(sample) * classes_ + labels_[sample];
  }

  int classes_ = 0;
  std::vector<int> labels_;  // of the last Forward
};

}  // namespace
DEMITASSE_REGISTER_LAYER("MultinomialLogisticLoss", MultinomialLogisticLossLayer);
}  // namespace demitasse
