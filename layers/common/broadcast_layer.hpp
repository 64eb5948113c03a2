// BroadcastLayer: the base of layers that join x (bottom 0), element by element, with a smaller
// array that is repeated over the axes of x it lacks: bottom 1, or a learned parameter if there is
// no second bottom. They work in place.
#ifndef DEMITASSE_LAYERS_COMMON_BROADCAST_LAYER_HPP_
#define DEMITASSE_LAYERS_COMMON_BROADCAST_LAYER_HPP_

#include <string>
#include <vector>

#include "layers/common/neuron_layer.hpp"
#include "src/ops/channel_map.hpp"

namespace demitasse {

class BroadcastLayer : public NeuronLayer {
 public:
  using NeuronLayer::NeuronLayer;

  int ExactNumBottomBlobs() const override { return -1; }
  int MinBottomBlobs() const override { return 1; }
  int MaxBottomBlobs() const override { return 2; }

 protected:
  // The shape of a learned array: `num_axes` axes of x from `axis` on, all of them for -1, none (a
  // single value) for 0. Fails at the fields axis and num_axes of `param` ("scale_param").
  std::vector<int> LearnedShape(const Blob& x, int axis, int num_axes,
                                const std::string& param) const;

  // How `array`, bottom 1 or learned, lies on bottom 0 when its first axis lies on `axis`.
  ChannelShape Fit(const std::vector<Blob*>& bottom, const Blob& array, int axis,
                   const std::string& param) const;

  // Whether a learned array that lies on x from `axis` on has a value for each channel (axis 1).
  static bool LiesOnChannels(const Blob& x, int axis, const Blob& array);
  static std::vector<float> Values(const Blob& array) {
    return {array.cpu_data(), array.cpu_data() + array.size()};
  }
};

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_BROADCAST_LAYER_HPP_
