// MVN: y = (x - mean) / (deviation + eps), mean and deviation being those of the channel of one
// sample that x is in, or of all channels of the sample with across_channels; the deviation is
// sqrt(mean of (x - mean)^2). With normalize_variance false, y = x - mean. Where a channel is
// constant and eps is 0, y and the gradient are 0. In-place safe.
//
// The gradient is Caffe's, with means over the channel (or sample) of x:
//   dx = (dy - mean(dy) - y * mean(y * dy)) / (deviation + eps)
// which takes eps for small beside the deviation. With normalize_variance false, dx = dy -
// mean(dy). The bottom has at most four axes; the top always has four, those that are missing being
// 1.

#include <cmath>

#include "demitasse/layer_registry.hpp"
#include "layers/common/field_shape.hpp"
#include "layers/common/sum.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"
#include "src/ops/output.hpp"

namespace demitasse {
namespace {

class MVNLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 1; }
  int ExactNumTopBlobs() const override { return 1; }
  bool SupportsInPlace(int /*index*/) const override { return true; }
  bool BackwardReadsTops() const override { return Param().normalize_variance(); }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

 private:
  const caffe::MVNParameter& Param() const { return layer_param_.mvn_param(); }
  template <typename Body>
  void ForEachGroup(const Body& body) const;
  template <typename Term>
  double MeanOf(int64_t group, const Term& term) const;
  template <typename Function>
  void Write(int64_t group, float* values, const Function& function) const;

  // Elements that are normalized together lie side by side: channels or samples.
  int64_t groups_ = 0;
  int64_t size_ = 0;            // elements in a group
  std::vector<double> factor_;  // 1 / (deviation + eps) of each group in the last Forward
};

void MVNLayer::LayerSetUp(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& /*top*/) {
  if (Param().eps() < 0) {
    throw Fail("mvn_param.eps", Cat("eps must not be negative, got ", Param().eps()));
  }
}

void MVNLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const Blob& x = *bottom[0];
  if (x.num_axes() > 4) {
    throw Fail("bottom[0]", Cat(BottomName(*this, 0), " of ", x.shape_string(),
                                " must have at most 4 axes: num, channels, height, width"));
  }
  // Without elements there may be more groups than memory.
  if (x.size() == 0) {
    groups_ = 0;
  } else {
    groups_ = Param().across_channels() ? x.num() : int64_t{x.num()} * x.channels();
  }
  size_ = groups_ == 0 ? 0 : x.size() / groups_;
  top[0]->Reshape(x.num(), x.channels(), x.height(), x.width());
}

// Calls body(group) for all: several at once, unless each is worth all cores.
template <typename Body>
void MVNLayer::ForEachGroup(const Body& body) const {
  if (size_ == 0) return;
  if (size_ > kElementwiseGrain) {
    for (int64_t group = 0; group < groups_; ++group) body(group);
    return;
  }
  ParallelFor(groups_, kElementwiseGrain / size_, [&](int64_t begin, int64_t end) {
    for (int64_t group = begin; group < end; ++group) body(group);
  });
}

// The mean of term(i) over the elements i of a group.
template <typename Term>
double MVNLayer::MeanOf(int64_t group, const Term& term) const {
  const int64_t first = group * size_;
  const auto sum = [&](int64_t begin, int64_t end) {
    return Sum(end - begin, [&](int64_t i) { return term(first + begin + i); });
  };
  const double total =
      size_ > kElementwiseGrain ? ParallelSum(size_, kElementwiseGrain, sum) : sum(0, size_);
  return total / static_cast<double>(size_);
}

// values[i] = function(i) for the elements i of a group.
template <typename Function>
void MVNLayer::Write(int64_t group, float* values, const Function& function) const {
  ParallelFor(size_, kElementwiseGrain, [&](int64_t begin, int64_t end) {
    for (int64_t i = group * size_ + begin; i < group * size_ + end; ++i) {
      values[i] = static_cast<float>(function(i));
    }
  });
}

// In double, lest a large mean take the digits of what varies around it.
void MVNLayer::Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const float* const x = bottom[0]->cpu_data();
  float* const y = PlainOutput(*bottom[0]->data(), top[0]->data().get());
  factor_.assign(static_cast<size_t>(groups_), 1);
  ForEachGroup([&](int64_t group) {
    const double mean = MeanOf(group, [x](int64_t i) { return x[i]; });
    double& factor = factor_[static_cast<size_t>(group)];
    if (Param().normalize_variance()) {
      const double variance = MeanOf(group, [x, mean](int64_t i) {
        const double difference = x[i] - mean;
        return difference * difference;
      });
      const double divisor = std::sqrt(variance) + double{Param().eps()};
      factor = divisor == 0 ? 0 : 1 / divisor;
    }
    Write(group, y, [=](int64_t i) { return (x[i] - mean) * factor; });
  });
}

void MVNLayer::Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                            const std::vector<Blob*>& bottom) {
  if (!propagate_down[0]) return;
  const bool normalize = Param().normalize_variance();
  const float* const y = normalize ? top[0]->cpu_data() : nullptr;
  const float* const dy = top[0]->cpu_diff();
  float* const dx = PlainOutput(*top[0]->diff(), bottom[0]->diff().get());
  ForEachGroup([&](int64_t group) {
    const double mean = MeanOf(group, [dy](int64_t i) { return dy[i]; });
    if (!normalize) {
      Write(group, dx, [=](int64_t i) { return dy[i] - mean; });
      return;
    }
    const double slope = MeanOf(group, [y, dy](int64_t i) { return double{y[i]} * dy[i]; });
    const double factor = factor_[static_cast<size_t>(group)];
    Write(group, dx, [=](int64_t i) { return (dy[i] - mean - y[i] * slope) * factor; });
  });
}

}  // namespace
DEMITASSE_REGISTER_LAYER("MVN", MVNLayer);
}  // namespace demitasse
