// HingeLoss: E = 1 / N * sum over N samples and classes k of max(0, 1 - t_k * x_k)^p, with x_k the
// elements of a sample (bottom 0), t_k = 1 for the class that its label (bottom 1) names and -1 for
// the others, and p = 1 or 2 for the norm L1 or L2. The gradient is -t_k * p * max(0, 1 - t_k *
// x_k)^(p - 1) / N where the hinge is above 0. NaN stays NaN.
#include <algorithm>

#include "demitasse/layer_registry.hpp"
#include "layers/common/labels.hpp"
#include "layers/common/loss_layer.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

// In this order std::max lets NaN through.
float Hinge(float x, float t) { return std::max(1 - t * x, 0.0F); }

class HingeLossLayer : public LossLayer {
 public:
  using LossLayer::LossLayer;

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    LossLayer::Reshape(bottom, top);
    classes_ = SampleClasses(bottom);
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    labels_ = ReadLabels(*this, *bottom[1], classes_);
    const float* const x = bottom[0]->cpu_data();
    const double sum =
        ParallelSum(bottom[0]->size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
          double losses = 0;
          ForEachScore(begin, end, [&](int64_t i, float t) {
            const double hinge = Hinge(x[i], t);
            losses += squared() ? hinge * hinge : hinge;
          });
          return losses;
        });
    top[0]->mutable_cpu_data()[0] = static_cast<float>(sum / SampleDivisor(*bottom[0]));
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    const auto factor = static_cast<float>(top[0]->cpu_diff()[0] / SampleDivisor(*bottom[0]));
    const float* const x = bottom[0]->cpu_data();
    float* const diff = bottom[0]->mutable_cpu_diff();
    ParallelFor(bottom[0]->size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
      ForEachScore(begin, end, [&](int64_t i, float t) {
        const float hinge = Hinge(x[i], t);
        const float slope = squared() ? 2 * hinge : (hinge > 0 ? 1.0F : hinge);
        diff[i] = -t * factor * slope;
      });
    });
  }

 private:
  bool squared() const {
    return layer_param_.hinge_loss_param().norm() == caffe::HingeLossParameter::L2;
  }

  // Calls body(i, t) for the scores [begin, end).
  template <typename Body>
  void ForEachScore(int64_t begin, int64_t end, const Body& body) const {
    for (int64_t sample = begin / classes_; begin < end; ++sample) {
      const int64_t first = sample * classes_;
      const int64_t labelled = first + labels_[static_cast<size_t>(sample)];
      for (const int64_t stop = std::min(end, first + classes_); begin < stop; ++begin) {
        body(begin, begin == labelled ? 1.0F : -1.0F);
      }
    }
  }

  int classes_ = 0;
  std::vector<int> labels_;  // of the last Forward
};

}  // namespace
DEMITASSE_REGISTER_LAYER("HingeLoss", HingeLossLayer);
}  // namespace demitasse
