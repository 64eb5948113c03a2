// The engine a layer's ops are made for.
#ifndef DEMITASSE_LAYERS_COMMON_ENGINE_CHOICE_HPP_
#define DEMITASSE_LAYERS_COMMON_ENGINE_CHOICE_HPP_

#include "demitasse/layer.hpp"

namespace demitasse {

// The net's choice; where it leaves the choice open, a layer that says `engine: CAFFE` gets the
// reference.
inline Engine EngineFor(const LayerContext& context, bool layer_asks_for_caffe) {
  if (context.engine == Engine::kAuto && layer_asks_for_caffe) return Engine::kReference;
  return context.engine;
}

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_ENGINE_CHOICE_HPP_
