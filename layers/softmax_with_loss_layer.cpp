// SoftmaxWithLoss: E = -1/D * sum over places of log(p_label), with p the softmax of the scores
// (bottom 0) along one axis and a label (bottom 1) for each place; the gradient of the scores is
// (p_k - [k = label]) / D. loss_param says what D is and which label is not counted. A second top,
// if named, gets p. A p of 0 counts as the smallest normal float, so that the loss stays finite.
#include <algorithm>
#include <cfloat>
#include <cmath>

#include "demitasse/layer_registry.hpp"
#include "layers/common/softmax_loss_layer.hpp"

namespace demitasse {
namespace {

class SoftmaxWithLossLayer : public SoftmaxLossLayer {
 public:
  using SoftmaxLossLayer::SoftmaxLossLayer;

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    const int axis = layer_param_.softmax_param().axis();
    ReshapeAlong(CanonicalAxis(*bottom[0], axis, "softmax_param.axis"), bottom, top);
  }

 protected:
  double PlaceLoss(const float* p, int label) const override {
    // In this order std::max lets NaN through.
    return -std::log(std::max(p[label * step()], FLT_MIN));
  }

  void CorrectGradient(int label, float factor, float* diff) const override {
    diff[label * step()] -= factor;
  }
};

}  // namespace
DEMITASSE_REGISTER_LAYER("SoftmaxWithLoss", SoftmaxWithLossLayer);
}  // namespace demitasse
