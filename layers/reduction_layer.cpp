// Reduction: y = coeff * s over all axes from `axis` on, with s the sum of x (SUM), of |x| (ASUM),
// of x^2 (SUMSQ), or the mean of x (MEAN). y has the axes before `axis`. The gradient of |x| is 0
// at 0.

#include <algorithm>
#include <cmath>

#include "demitasse/layer_registry.hpp"
#include "layers/common/sum.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

using caffe::ReductionParameter;

class ReductionLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 1; }
  int ExactNumTopBlobs() const override { return 1; }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

 private:
  ReductionParameter::ReductionOp operation() const {
    return layer_param_.reduction_param().operation();
  }
  // The factor on the sum.
  float Factor() const;
  double SumOf(const float* x, int64_t count) const;

  // The bottom, seen as rows of which each becomes one value.
  int64_t rows_ = 0;
  int64_t row_size_ = 0;
};

void ReductionLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const int axis =
      CanonicalAxis(*bottom[0], layer_param_.reduction_param().axis(), "reduction_param.axis");
  rows_ = bottom[0]->size(0, axis);
  row_size_ = bottom[0]->size(axis, bottom[0]->num_axes());
  const std::vector<int>& shape = bottom[0]->shape();
  top[0]->Reshape(std::vector<int>(shape.begin(), shape.begin() + axis));
}

float ReductionLayer::Factor() const {
  const float coeff = layer_param_.reduction_param().coeff();
  if (operation() != ReductionParameter::MEAN || row_size_ == 0) return coeff;
  return coeff / static_cast<float>(row_size_);
}

double ReductionLayer::SumOf(const float* x, int64_t count) const {
  switch (operation()) {
    case ReductionParameter::ASUM:
      return Sum(count, [x](int64_t i) { return std::abs(x[i]); });
    case ReductionParameter::SUMSQ:
      return Sum(count, [x](int64_t i) { return static_cast<double>(x[i]) * x[i]; });
    default:
      return Sum(count, [x](int64_t i) { return x[i]; });
  }
}

void ReductionLayer::Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const float* const x = bottom[0]->cpu_data();
  float* const y = top[0]->data()->Overwrite(nullptr);
  const float factor = Factor();
  if (rows_ == 1) {
    const double sum = ParallelSum(row_size_, kElementwiseGrain, [&](int64_t begin, int64_t end) {
      return SumOf(x + begin, end - begin);
    });
    y[0] = static_cast<float>(factor * sum);
    return;
  }
  const int64_t grain = std::max<int64_t>(1, kElementwiseGrain / std::max<int64_t>(1, row_size_));
  ParallelFor(rows_, grain, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      y[row] = static_cast<float>(factor * SumOf(x + row * row_size_, row_size_));
    }
  });
}

void ReductionLayer::Backward_cpu(const std::vector<Blob*>& top,
                                  const std::vector<bool>& propagate_down,
                                  const std::vector<Blob*>& bottom) {
  if (!propagate_down[0]) return;
  const float* const x = bottom[0]->cpu_data();
  const float* const dy = top[0]->cpu_diff();
  float* const dx = bottom[0]->diff()->Overwrite(nullptr);
  const float factor = Factor();
  const ReductionParameter::ReductionOp reduced_by = operation();
  ParallelFor(bottom[0]->size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const float gradient = factor * dy[i / row_size_];
      if (reduced_by == ReductionParameter::ASUM) {
        dx[i] = x[i] > 0 ? gradient : x[i] < 0 ? -gradient : 0;
      } else if (reduced_by == ReductionParameter::SUMSQ) {
        dx[i] = 2 * x[i] * gradient;
      } else {
        dx[i] = gradient;
      }
    }
  });
}

}  // namespace
DEMITASSE_REGISTER_LAYER("Reduction", ReductionLayer);
}  // namespace demitasse
