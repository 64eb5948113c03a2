// NeuronLayer: the base of layers that turn each element of one bottom into the same element of one
// top: y = f(x). They work in place.
#ifndef DEMITASSE_LAYERS_COMMON_NEURON_LAYER_HPP_
#define DEMITASSE_LAYERS_COMMON_NEURON_LAYER_HPP_

#include <memory>
#include <vector>

#include "demitasse/layer.hpp"

namespace demitasse {

class NeuronLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 1; }
  int ExactNumTopBlobs() const override { return 1; }
  bool SupportsInPlace(int /*index*/) const override { return true; }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    top[0]->ReshapeLike(*bottom[0]);
  }

 protected:
  // For a layer whose gradient needs x where y does not tell it: to be called in Forward_cpu,
  // before the top is written. If the top is about to take the bottom's place, the memory with x is
  // put aside for the top to take other: x is then in Input() only.
  void KeepInput(const Blob& bottom, const Blob& top);
  // x, if KeepInput was called in the last Forward.
  const Buffer& Input(const Blob& bottom) const { return *SharedInput(bottom); }
  const std::shared_ptr<Buffer>& SharedInput(const Blob& bottom) const {
    return input_ ? input_ : bottom.data();
  }

 private:
  std::shared_ptr<Buffer> input_;  // null unless in place
};

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_NEURON_LAYER_HPP_
