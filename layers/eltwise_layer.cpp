// Eltwise: y = x0 * x1 * ... (PROD), coeff0 * x0 + coeff1 * x1 + ... (SUM) or max(x0, x1, ...)
// (MAX), element by element of bottoms of one shape. Of equal largest values the second bottom's
// gets the gradient of MAX before the first's, and both before later ones. SUM is in-place safe
// over the first bottom, PROD and MAX are not.
#include <algorithm>

#include "demitasse/layer_registry.hpp"
#include "layers/common/field_shape.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"
#include "src/ops/add.hpp"

namespace demitasse {
namespace {

using caffe::EltwiseParameter;

class EltwiseLayer : public Layer {
 public:
  using Layer::Layer;

  int MinBottomBlobs() const override { return 2; }
  int ExactNumTopBlobs() const override { return 1; }
  // Gradients of the product and the maximum need all bottoms as they were.
  bool SupportsInPlace(int index) const override {
    return index == 0 && operation() == EltwiseParameter::SUM;
  }

  bool BackwardReadsTops() const override { return DividesProduct(); }

  bool IsSum() const override {
    const auto& coeffs = layer_param_.eltwise_param().coeff();
    return operation() == EltwiseParameter::SUM && layer_param_.bottom_size() == 2 &&
           std::all_of(coeffs.begin(), coeffs.end(), [](float coeff) { return coeff == 1; });
  }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

 private:
  using Inputs = std::vector<const float*>;

  EltwiseParameter::EltwiseOp operation() const { return layer_param_.eltwise_param().operation(); }
  // Whether the gradient of the product is computed from it.
  bool DividesProduct() const {
    return operation() == EltwiseParameter::PROD &&
           !layer_param_.eltwise_param().stable_prod_grad();
  }
  void SumGradients(const Blob& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) const;

  // These compute y, or the gradient dx of one input from the output's gradient dy, for the
  // elements [begin, end).
  static void Multiply(const Inputs& x, int64_t begin, int64_t end, float* y);
  void Maximize(const Inputs& x, int64_t begin, int64_t end, float* y);
  void ProductGradient(const Inputs& x, const float* y, size_t index, const float* dy,
                       int64_t begin, int64_t end, float* dx) const;
  void Gradient(const Inputs& x, const float* y, size_t index, const float* dy, int64_t begin,
                int64_t end, float* dx) const;

  std::vector<float> coeffs_;         // SUM: one for each bottom, none if all are 1
  std::vector<const Buffer*> terms_;  // SUM: the bottoms
  std::vector<int> winners_;          // MAX: which bottom each element of the top came from
};

void EltwiseLayer::LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& /*top*/) {
  const int coeffs = layer_param_.eltwise_param().coeff_size();
  if (coeffs == 0) return;
  if (operation() == EltwiseParameter::PROD) {
    throw Fail("eltwise_param.coeff[0]", "coeff is for operation SUM, not for PROD");
  }
  const int bottoms = static_cast<int>(bottom.size());
  if (coeffs != bottoms) {
    throw Fail(Cat("eltwise_param.coeff[", std::min(coeffs - 1, bottoms), "]"),
               Cat("coeff must be given once for each bottom or not at all, got ", coeffs, " for ",
                   bottoms, " bottoms"));
  }
  const auto& given = layer_param_.eltwise_param().coeff();
  coeffs_.assign(given.begin(), given.end());
}

void EltwiseLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  for (size_t i = 1; i < bottom.size(); ++i) {
    if (bottom[i]->shape() == bottom[0]->shape()) continue;
    const int index = static_cast<int>(i);
    throw Fail(Cat("bottom[", i, "]"),
               Cat(BottomName(*this, index), " is ", bottom[i]->shape_string(), ", but ",
                   BottomName(*this, 0), " is ", bottom[0]->shape_string(),
                   "; all bottoms must have one shape"));
  }
  top[0]->ReshapeLike(*bottom[0]);
}

void EltwiseLayer::Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  if (operation() == EltwiseParameter::SUM) {
    terms_.clear();
    for (const Blob* blob : bottom) terms_.push_back(blob->data().get());
    return AddBuffers(terms_, coeffs_, top[0]->size(), top[0]->data().get());
  }
  Inputs x;
  for (const Blob* blob : bottom) x.push_back(blob->cpu_data());
  float* const y = top[0]->data()->Overwrite(nullptr);
  if (operation() == EltwiseParameter::MAX) winners_.resize(static_cast<size_t>(top[0]->size()));
  ParallelFor(top[0]->size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
    if (operation() == EltwiseParameter::PROD) return Multiply(x, begin, end, y);
    Maximize(x, begin, end, y);
  });
}

void EltwiseLayer::Multiply(const Inputs& x, int64_t begin, int64_t end, float* y) {
  for (int64_t i = begin; i < end; ++i) y[i] = x[0][i] * x[1][i];
  for (size_t k = 2; k < x.size(); ++k) {
    for (int64_t i = begin; i < end; ++i) y[i] *= x[k][i];
  }
}

void EltwiseLayer::Maximize(const Inputs& x, int64_t begin, int64_t end, float* y) {
  int* const winners = winners_.data();
  // Between equal values the second bottom wins over the first, but no later one: as in Caffe.
  for (int64_t i = begin; i < end; ++i) {
    const bool first = x[0][i] > x[1][i];
    y[i] = first ? x[0][i] : x[1][i];
    winners[i] = first ? 0 : 1;
  }
  for (size_t k = 2; k < x.size(); ++k) {
    for (int64_t i = begin; i < end; ++i) {
      if (!(x[k][i] > y[i])) continue;
      y[i] = x[k][i];
      winners[i] = static_cast<int>(k);
    }
  }
}

void EltwiseLayer::Backward_cpu(const std::vector<Blob*>& top,
                                const std::vector<bool>& propagate_down,
                                const std::vector<Blob*>& bottom) {
  if (operation() == EltwiseParameter::SUM) return SumGradients(*top[0], propagate_down, bottom);
  Inputs x;
  if (operation() == EltwiseParameter::PROD) {
    for (const Blob* blob : bottom) x.push_back(blob->cpu_data());
  }
  const float* const y = DividesProduct() ? top[0]->cpu_data() : nullptr;
  const float* const dy = top[0]->cpu_diff();
  for (size_t k = 0; k < bottom.size(); ++k) {
    if (!propagate_down[k]) continue;
    float* const dx = bottom[k]->diff()->Overwrite(nullptr);
    ParallelFor(top[0]->size(), kElementwiseGrain,
                [&](int64_t begin, int64_t end) { Gradient(x, y, k, dy, begin, end, dx); });
  }
}

void EltwiseLayer::SumGradients(const Blob& top, const std::vector<bool>& propagate_down,
                                const std::vector<Blob*>& bottom) const {
  // The first bottom last: in place, its gradient takes the place of the top's.
  for (size_t k = bottom.size(); k-- > 0;) {
    const float coeff = coeffs_.empty() ? 1 : coeffs_[k];
    if (!propagate_down[k] || (coeff == 1 && bottom[k]->diff() == top.diff())) continue;
    AddBuffers({top.diff().get()}, {coeff}, top.size(), bottom[k]->diff().get());
  }
}

void EltwiseLayer::Gradient(const Inputs& x, const float* y, size_t index, const float* dy,
                            int64_t begin, int64_t end, float* dx) const {
  if (operation() == EltwiseParameter::PROD) {
    ProductGradient(x, y, index, dy, begin, end, dx);
    return;
  }
  const int* const winners = winners_.data();
  const int own = static_cast<int>(index);
  for (int64_t i = begin; i < end; ++i) dx[i] = winners[i] == own ? dy[i] : 0;
}

void EltwiseLayer::ProductGradient(const Inputs& x, const float* y, size_t index, const float* dy,
                                   int64_t begin, int64_t end, float* dx) const {
  if (DividesProduct()) {
    for (int64_t i = begin; i < end; ++i) dx[i] = y[i] / x[index][i] * dy[i];
    return;
  }
  std::copy(dy + begin, dy + end, dx + begin);
  for (size_t k = 0; k < x.size(); ++k) {
    if (k == index) continue;
    for (int64_t i = begin; i < end; ++i) dx[i] *= x[k][i];
  }
}

}  // namespace
DEMITASSE_REGISTER_LAYER("Eltwise", EltwiseLayer);
}  // namespace demitasse
