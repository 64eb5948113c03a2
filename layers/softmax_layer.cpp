// Softmax: y_k = exp(x_k) / (sum over j of exp(x_j)) along `axis`. No x, however large, overflows.
// In-place safe.
#include <optional>
#include <vector>

#include "demitasse/layer_registry.hpp"
#include "src/ops/softmax.hpp"

namespace demitasse {
namespace {

class SoftmaxLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 1; }
  int ExactNumTopBlobs() const override { return 1; }
  bool SupportsInPlace(int /*index*/) const override { return true; }
  bool BackwardReadsTops() const override { return true; }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    if (!op_ || bottom[0]->shape() != shape_) {
      const int axis = layer_param_.softmax_param().axis();
      op_ = Softmax::Along(*bottom[0], CanonicalAxis(*bottom[0], axis, "softmax_param.axis"));
      shape_ = bottom[0]->shape();
    }
    top[0]->ReshapeLike(*bottom[0]);
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    op_->Forward(*bottom[0]->data(), top[0]->data().get());
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    op_->Backward(*top[0]->data(), *top[0]->diff(), bottom[0]->diff().get());
  }

 private:
  std::vector<int> shape_;  // that op_ is for
  std::optional<Softmax> op_;
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Softmax", SoftmaxLayer);
}  // namespace demitasse
