// SoftmaxLossLayer: the base of losses that turn scores (bottom 0) into probabilities p by a
// softmax along one axis and compare those of each place with its label (bottom 1). The loss is the
// sum over the places, without those of the label to be ignored, divided as loss_param says; a
// second top, if named, gets p.
#ifndef DEMITASSE_LAYERS_COMMON_SOFTMAX_LOSS_LAYER_HPP_
#define DEMITASSE_LAYERS_COMMON_SOFTMAX_LOSS_LAYER_HPP_

#include <optional>
#include <vector>

#include "layers/common/loss_layer.hpp"
#include "src/ops/softmax.hpp"

namespace demitasse {

class SoftmaxLossLayer : public LossLayer {
 public:
  using LossLayer::LossLayer;

  int ExactNumTopBlobs() const override { return -1; }
  int MinTopBlobs() const override { return 1; }
  int MaxTopBlobs() const override { return 2; }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 protected:
  // To be called by Reshape, with the axis of the classes.
  void ReshapeAlong(int axis, const std::vector<Blob*>& bottom, const std::vector<Blob*>& top);

  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

  int classes() const { return static_cast<int>(softmax_.channels); }
  // The distance of a class from the next one of its place.
  int64_t step() const { return softmax_.inner; }

  // The loss of one place with the probabilities p[k * step()].
  virtual double PlaceLoss(const float* p, int label) const = 0;
  // Turns factor * p_k, in diff[k * step()], into factor times the gradient of the place's loss
  // with respect to its scores.
  virtual void CorrectGradient(int label, float factor, float* diff) const = 0;

 private:
  int64_t Places() const { return static_cast<int64_t>(labels_.size()); }
  // Calls body(label, index of the place's first class) for the places [begin, end).
  template <typename Body>
  void ForEachPlace(int64_t begin, int64_t end, const Body& body) const;

  std::optional<int> ignore_label_;
  Softmax softmax_;
  Blob probabilities_;
  // Of the last Forward.
  std::vector<int> labels_;
  double divisor_ = 1;
};

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_SOFTMAX_LOSS_LAYER_HPP_
