#include "layers/common/softmax_loss_layer.hpp"

#include <algorithm>

#include "layers/common/labels.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

// Places that are worth a core of their own.
int64_t PlaceGrain(const Softmax& softmax) {
  return std::max<int64_t>(1, kElementwiseGrain / std::max<int64_t>(1, softmax.channels));
}

}  // namespace

template <typename Body>
void SoftmaxLossLayer::ForEachPlace(int64_t begin, int64_t end, const Body& body) const {
  const int64_t inner = softmax_.inner;
  for (int64_t place = begin; place < end; ++place) {
    const int64_t first = place / inner * softmax_.channels * inner + place % inner;
    body(labels_[static_cast<size_t>(place)], first);
  }
}

void SoftmaxLossLayer::LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                                  const std::vector<Blob*>& /*top*/) {
  const caffe::LossParameter& param = layer_param_.loss_param();
  if (param.has_ignore_label()) ignore_label_ = param.ignore_label();
}

void SoftmaxLossLayer::ReshapeAlong(int axis, const std::vector<Blob*>& bottom,
                                    const std::vector<Blob*>& top) {
  LossLayer::Reshape(bottom, top);
  CheckLabelCount(*this, *bottom[0], axis, *bottom[1]);
  softmax_ = Softmax::Along(*bottom[0], axis);
  probabilities_.ReshapeLike(*bottom[0]);
  if (top.size() > 1) top[1]->ReshapeLike(*bottom[0]);
}

void SoftmaxLossLayer::Forward_cpu(const std::vector<Blob*>& bottom,
                                   const std::vector<Blob*>& top) {
  labels_ = ReadLabels(*this, *bottom[1], classes(), ignore_label_);
  softmax_.Forward(*bottom[0]->data(), probabilities_.data().get());
  if (top.size() > 1) top[1]->CopyFrom(probabilities_);

  const float* const p = probabilities_.cpu_data();
  const double sum = ParallelSum(Places(), PlaceGrain(softmax_), [&](int64_t begin, int64_t end) {
    double losses = 0;
    ForEachPlace(begin, end, [&](int label, int64_t first) {
      if (label != kIgnoredLabel) losses += PlaceLoss(p + first, label);
    });
    return losses;
  });
  const auto ignored = std::count(labels_.begin(), labels_.end(), kIgnoredLabel);
  divisor_ = Normalizer(Normalization(), softmax_.outer, softmax_.inner, Places() - ignored);
  top[0]->mutable_cpu_data()[0] = static_cast<float>(sum / divisor_);
}

void SoftmaxLossLayer::Backward_cpu(const std::vector<Blob*>& top,
                                    const std::vector<bool>& propagate_down,
                                    const std::vector<Blob*>& bottom) {
  if (!propagate_down[0]) return;
  const float factor = static_cast<float>(top[0]->cpu_diff()[0] / divisor_);
  const float* const p = probabilities_.cpu_data();
  float* const diff = bottom[0]->mutable_cpu_diff();
  ParallelFor(bottom[0]->size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) diff[i] = factor * p[i];
  });
  ParallelFor(Places(), PlaceGrain(softmax_), [&](int64_t begin, int64_t end) {
    ForEachPlace(begin, end, [&](int label, int64_t first) {
      if (label != kIgnoredLabel) {
        CorrectGradient(label, factor, diff + first);
        return;
      }
      for (int64_t k = 0; k < softmax_.channels; ++k) diff[first + k * step()] = 0;
    });
  });
}

}  // namespace demitasse
