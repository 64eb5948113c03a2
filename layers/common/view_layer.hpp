// ViewLayer: the base of layers whose top is the bottom under another shape. Nothing is copied:
// data and gradient are shared.
#ifndef DEMITASSE_LAYERS_COMMON_VIEW_LAYER_HPP_
#define DEMITASSE_LAYERS_COMMON_VIEW_LAYER_HPP_

#include <vector>

#include "demitasse/layer.hpp"

namespace demitasse {

class ViewLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 1; }
  int ExactNumTopBlobs() const override { return 1; }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    top[0]->Reshape(TopShape(*bottom[0]));
    top[0]->ShareData(*bottom[0]);
    top[0]->ShareDiff(*bottom[0]);
  }

 protected:
  // Must have as many elements as the bottom.
  virtual std::vector<int> TopShape(const Blob& bottom) const = 0;

  void Forward_cpu(const std::vector<Blob*>& /*bottom*/,
                   const std::vector<Blob*>& /*top*/) override {}
  void Backward_cpu(const std::vector<Blob*>& /*top*/, const std::vector<bool>& /*propagate_down*/,
                    const std::vector<Blob*>& /*bottom*/) override {}
};

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_VIEW_LAYER_HPP_
