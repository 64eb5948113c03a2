// SigmoidCrossEntropyLoss: E = -1/D * sum over elements of t * log(s) + (1 - t) * log(1 - s), with
// s = 1 / (1 + exp(-x)) of the scores x (bottom 0) and targets t from 0 to 1 (bottom 1); the
// gradient of x is (s - t) / D. It is computed without s, as max(x, 0) - x * t + log(1 +
// exp(-|x|)), which no x overflows. D is the number of samples unless loss_param says otherwise;
// targets whose whole part is ignore_label are not counted.
#include <algorithm>
#include <cmath>
#include <optional>

#include "demitasse/layer_registry.hpp"
#include "layers/common/labels.hpp"
#include "layers/common/logistic.hpp"
#include "layers/common/loss_layer.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

class SigmoidCrossEntropyLossLayer : public LossLayer {
 public:
  using LossLayer::LossLayer;

  // Targets may be fractions; there is no gradient for them all the same.
  bool BottomIsIndex(int /*bottom_index*/) const override { return false; }
  bool AllowForceBackward(int bottom_index) const override { return bottom_index == 0; }

  void LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                  const std::vector<Blob*>& /*top*/) override {
    const caffe::LossParameter& param = layer_param_.loss_param();
    if (param.has_ignore_label()) ignore_label_ = param.ignore_label();
  }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    LossLayer::Reshape(bottom, top);
    CheckEqualSizes(bottom);
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    const float* const x = bottom[0]->cpu_data();
    const float* const t = bottom[1]->cpu_data();
    const int64_t size = bottom[0]->size();
    const double sum = ParallelSum(size, kElementwiseGrain, [&](int64_t begin, int64_t end) {
      double losses = 0;
      for (int64_t i = begin; i < end; ++i) {
        if (IsIgnored(t[i])) continue;
        losses += double{std::max(x[i], 0.0F)} - double{x[i]} * t[i];
        losses += std::log1p(std::exp(-std::abs(x[i])));
      }
      return losses;
    });
    const int samples = Samples(*bottom[0]);
    divisor_ = Normalizer(Normalization(caffe::LossParameter::BATCH_SIZE), samples,
                          size / std::max(1, samples), CountValid(*bottom[1]));
    top[0]->mutable_cpu_data()[0] = static_cast<float>(sum / divisor_);
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    const auto factor = static_cast<float>(top[0]->cpu_diff()[0] / divisor_);
    const float* const x = bottom[0]->cpu_data();
    const float* const t = bottom[1]->cpu_data();
    float* const diff = bottom[0]->mutable_cpu_diff();
    ParallelFor(bottom[0]->size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        diff[i] = IsIgnored(t[i]) ? 0 : factor * (Logistic(x[i]) - t[i]);
      }
    });
  }

 private:
  bool IsIgnored(float target) const {
    return ignore_label_.has_value() && WholePart(target) == ignore_label_;
  }

  int64_t CountValid(const Blob& targets) const {
    if (!ignore_label_.has_value()) return targets.size();
    const float* const t = targets.cpu_data();
    return std::count_if(t, t + targets.size(),
                         [this](float target) { return !IsIgnored(target); });
  }

  std::optional<int> ignore_label_;
  double divisor_ = 1;  // of the last Forward
};

}  // namespace
DEMITASSE_REGISTER_LAYER("SigmoidCrossEntropyLoss", SigmoidCrossEntropyLossLayer);
}  // namespace demitasse
