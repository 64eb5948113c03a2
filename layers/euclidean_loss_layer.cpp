// EuclideanLoss: E = 1 / (2 N) * sum of (a - b)^2, with a and b the two bottoms and N the number of
// samples; the gradients are (a - b) / N and (b - a) / N.
#include "demitasse/layer_registry.hpp"
#include "layers/common/loss_layer.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

class EuclideanLossLayer : public LossLayer {
 public:
  using LossLayer::LossLayer;

  // Both bottoms are numbers, and have gradients.
  bool BottomIsIndex(int /*bottom_index*/) const override { return false; }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    LossLayer::Reshape(bottom, top);
    CheckEqualSizes(bottom);
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    const float* const a = bottom[0]->cpu_data();
    const float* const b = bottom[1]->cpu_data();
    const auto square_sum = [&](int64_t begin, int64_t end) {
      double sum = 0;
      for (int64_t i = begin; i < end; ++i) {
        const double difference = double{a[i]} - b[i];
        sum += difference * difference;
      }
      return sum;
    };
    const double sum = ParallelSum(bottom[0]->size(), kElementwiseGrain, square_sum);
    top[0]->mutable_cpu_data()[0] = static_cast<float>(sum / (2 * SampleDivisor(*bottom[0])));
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    const float* const a = bottom[0]->cpu_data();
    const float* const b = bottom[1]->cpu_data();
    for (size_t side = 0; side < 2; ++side) {
      if (!propagate_down[side]) continue;
      const double sign = side == 0 ? 1 : -1;
      const float factor =
          static_cast<float>(sign * top[0]->cpu_diff()[0] / SampleDivisor(*bottom[0]));
      float* const diff = bottom[side]->mutable_cpu_diff();
      ParallelFor(bottom[0]->size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) diff[i] = factor * (a[i] - b[i]);
      });
    }
  }
};

}  // namespace
DEMITASSE_REGISTER_LAYER("EuclideanLoss", EuclideanLossLayer);
}  // namespace demitasse
