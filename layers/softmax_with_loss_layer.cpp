// SoftmaxWithLoss: E = -1/D * sum over places of log(p_label), with p the softmax of the scores
// (bottom 0) along one axis and a label (bottom 1) for each place; the gradient of the scores is
// (p_k - [k = label]) / D. loss_param says what D is and which label is not counted. A second top,
// if named, gets p. A p of 0 counts as the smallest normal float, so that the loss stays finite.
#include <algorithm>
#include <cfloat>
#include <cmath>
#include <optional>

#include "demitasse/layer_registry.hpp"
#include "layers/common/labels.hpp"
#include "layers/common/loss_layer.hpp"
#include "src/core/threads.hpp"
#include "src/ops/softmax.hpp"

namespace demitasse {
namespace {

class SoftmaxWithLossLayer : public LossLayer {
 public:
  using LossLayer::LossLayer;

  int ExactNumTopBlobs() const override { return -1; }
  int MinTopBlobs() const override { return 1; }
  int MaxTopBlobs() const override { return 2; }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    LossLayer::LayerSetUp(bottom, top);
    const caffe::LossParameter& param = layer_param_.loss_param();
    if (param.has_ignore_label()) ignore_label_ = param.ignore_label();
  }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    LossLayer::Reshape(bottom, top);
    const int axis =
        CanonicalAxis(*bottom[0], layer_param_.softmax_param().axis(), "softmax_param.axis");
    CheckLabelCount(*this, *bottom[0], axis, *bottom[1]);
    softmax_ = Softmax::Along(*bottom[0], axis);
    probabilities_.ReshapeLike(*bottom[0]);
    if (top.size() > 1) top[1]->ReshapeLike(*bottom[0]);
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    labels_ = ReadLabels(*this, *bottom[1], static_cast<int>(softmax_.channels), ignore_label_);
    softmax_.Forward(*bottom[0]->data(), probabilities_.data().get());
    if (top.size() > 1) top[1]->CopyFrom(probabilities_);

    const auto ignored = std::count(labels_.begin(), labels_.end(), kIgnoredLabel);
    divisor_ = Normalizer(Normalization(), softmax_.outer, softmax_.inner, Places() - ignored);
    top[0]->mutable_cpu_data()[0] = static_cast<float>(LossSum() / divisor_);
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    const float factor = static_cast<float>(top[0]->cpu_diff()[0] / divisor_);
    const float* const p = probabilities_.cpu_data();
    float* const diff = bottom[0]->mutable_cpu_diff();
    ParallelFor(bottom[0]->size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) diff[i] = factor * p[i];
    });
    ParallelFor(Places(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
      for (int64_t place = begin; place < end; ++place) CorrectGradient(place, factor, diff);
    });
  }

 private:
  int64_t Places() const { return static_cast<int64_t>(labels_.size()); }

  // Where the score of a class stands in bottom 0.
  int64_t Index(int64_t place, int64_t label) const {
    const int64_t inner = softmax_.inner;
    return (place / inner * softmax_.channels + label) * inner + place % inner;
  }

  double LossSum() const {
    const float* const p = probabilities_.cpu_data();
    return ParallelSum(Places(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
      double sum = 0;
      for (int64_t place = begin; place < end; ++place) {
        const int label = labels_[static_cast<size_t>(place)];
        if (label == kIgnoredLabel) continue;
        // In this order std::max lets NaN through.
        sum -= std::log(std::max(p[Index(place, label)], FLT_MIN));
      }
      return sum;
    });
  }

  // Turns p_k / D, in `diff`, into the gradient of a place.
  void CorrectGradient(int64_t place, float factor, float* diff) const {
    const int label = labels_[static_cast<size_t>(place)];
    if (label != kIgnoredLabel) {
      diff[Index(place, label)] -= factor;
      return;
    }
    for (int64_t k = 0; k < softmax_.channels; ++k) diff[Index(place, k)] = 0;
  }

  std::optional<int> ignore_label_;
  Softmax softmax_;
  Blob probabilities_;
  // Of the last Forward.
  std::vector<int> labels_;
  double divisor_ = 1;
};

}  // namespace
DEMITASSE_REGISTER_LAYER("SoftmaxWithLoss", SoftmaxWithLossLayer);
}  // namespace demitasse
