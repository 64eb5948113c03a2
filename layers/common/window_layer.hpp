// WindowLayer: what Convolution, Pooling and their kin tell of the windows they slide.
#ifndef DEMITASSE_LAYERS_COMMON_WINDOW_LAYER_HPP_
#define DEMITASSE_LAYERS_COMMON_WINDOW_LAYER_HPP_

#include "demitasse/layer.hpp"
#include "src/ops/window.hpp"

namespace demitasse {

class WindowLayer {
 public:
  virtual ~WindowLayer() = default;
  // The windows slide over the bottom, or over the top if they are those of Deconvolution: then
  // the top is `input`. Empty before the layer is set up.
  virtual const WindowGeometry& window() const = 0;
};

// The windows of a layer that slides some; null for any other.
inline const WindowGeometry* WindowOf(const Layer& layer) {
  const auto* const sliding = dynamic_cast<const WindowLayer*>(&layer);
  return sliding == nullptr ? nullptr : &sliding->window();
}

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_WINDOW_LAYER_HPP_
