// ContrastiveLoss: E = 1 / (2 N) * sum over N pairs of d^2 for similar ones and of
// max(margin - d, 0)^2 for the others, with d the Euclidean distance of the samples of a (bottom 0)
// and b (bottom 1), and a pair similar if the whole part of its label (bottom 2) is not 0. With
// legacy_version, pairs that are not similar cost max(margin - d^2, 0). Both a and b have
// gradients; as in Caffe, that of a pair that is not similar is divided by d + 0.0001 instead of d.
// Hadsell, Chopra, LeCun (2006), "Dimensionality reduction by learning an invariant mapping".
#include <algorithm>
#include <cmath>

#include "demitasse/layer_registry.hpp"
#include "layers/common/loss_layer.hpp"
#include "layers/common/sum.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

class ContrastiveLossLayer : public LossLayer {
 public:
  using LossLayer::LossLayer;

  int ExactNumBottomBlobs() const override { return 3; }
  bool BottomIsIndex(int bottom_index) const override { return bottom_index == 2; }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

 private:
  bool legacy() const { return layer_param_.contrastive_loss_param().legacy_version(); }
  // Pairs that are worth a core of their own.
  int64_t Grain() const {
    return std::max<int64_t>(1, kElementwiseGrain / std::max<int64_t>(1, length_));
  }
  // Twice the loss of a pair at this squared distance, and the factor on a - b in its gradient.
  double PairLoss(bool similar, double square) const;
  double GradientFactor(bool similar, double square) const;

  double margin_ = 1;
  int64_t length_ = 0;           // of a sample
  std::vector<double> squares_;  // of the distances in the last Forward
};

// What has no whole part, NaN, counts as similar.
bool IsSimilar(float label) { return !(std::abs(label) < 1); }

void ContrastiveLossLayer::LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                                      const std::vector<Blob*>& /*top*/) {
  const float margin = layer_param_.contrastive_loss_param().margin();
  if (margin < 0) {
    throw Fail("contrastive_loss_param.margin", Cat("margin must not be negative, got ", margin));
  }
  margin_ = margin;
}

void ContrastiveLossLayer::Reshape(const std::vector<Blob*>& bottom,
                                   const std::vector<Blob*>& top) {
  LossLayer::Reshape(bottom, top);
  CheckEqualSizes(bottom);
  const int pairs = Samples(*bottom[0]);
  if (bottom[2]->size() != pairs) {
    throw Fail("bottom[2]", Cat("needs one label for each of the ", pairs, " pairs, got ",
                                bottom[2]->shape_string()));
  }
  length_ = bottom[0]->size() / std::max(1, pairs);
}

double ContrastiveLossLayer::PairLoss(bool similar, double square) const {
  if (similar) return square;
  // In this order std::max lets NaN through.
  if (legacy()) return std::max(margin_ - square, 0.0);
  const double missing = std::max(margin_ - std::sqrt(square), 0.0);
  return missing * missing;
}

double ContrastiveLossLayer::GradientFactor(bool similar, double square) const {
  if (similar) return 1;
  if (legacy()) return margin_ > square ? -1 : 0;
  const double distance = std::sqrt(square);
  return margin_ > distance ? -(margin_ - distance) / (distance + 1e-4) : 0;
}

void ContrastiveLossLayer::Forward_cpu(const std::vector<Blob*>& bottom,
                                       const std::vector<Blob*>& top) {
  const float* const a = bottom[0]->cpu_data();
  const float* const b = bottom[1]->cpu_data();
  const float* const labels = bottom[2]->cpu_data();
  squares_.resize(static_cast<size_t>(bottom[2]->size()));
  const double sum = ParallelSum(bottom[2]->size(), Grain(), [&](int64_t begin, int64_t end) {
    double losses = 0;
    for (int64_t pair = begin; pair < end; ++pair) {
      const double square = Sum(length_, [&](int64_t i) {
        const double difference = double{a[pair * length_ + i]} - b[pair * length_ + i];
        return difference * difference;
      });
      squares_[static_cast<size_t>(pair)] = square;
      losses += PairLoss(IsSimilar(labels[pair]), square);
    }
    return losses;
  });
  top[0]->mutable_cpu_data()[0] = static_cast<float>(sum / (2 * SampleDivisor(*bottom[0])));
}

void ContrastiveLossLayer::Backward_cpu(const std::vector<Blob*>& top,
                                        const std::vector<bool>& propagate_down,
                                        const std::vector<Blob*>& bottom) {
  const float* const a = bottom[0]->cpu_data();
  const float* const b = bottom[1]->cpu_data();
  const float* const labels = bottom[2]->cpu_data();
  for (size_t side = 0; side < 2; ++side) {
    if (!propagate_down[side]) continue;
    const double sign = side == 0 ? 1 : -1;
    const double weight = sign * top[0]->cpu_diff()[0] / SampleDivisor(*bottom[0]);
    float* const diff = bottom[side]->mutable_cpu_diff();
    ParallelFor(bottom[2]->size(), Grain(), [&](int64_t begin, int64_t end) {
      for (int64_t pair = begin; pair < end; ++pair) {
        const double square = squares_[static_cast<size_t>(pair)];
        const double factor = GradientFactor(IsSimilar(labels[pair]), square);
        const auto scale = static_cast<float>(weight * factor);
        for (int64_t i = pair * length_; i < (pair + 1) * length_; ++i) {
          diff[i] = scale == 0 ? 0 : scale * (a[i] - b[i]);
        }
      }
    });
  }
}

}  // namespace
DEMITASSE_REGISTER_LAYER("ContrastiveLoss", ContrastiveLossLayer);
}  // namespace demitasse
