// A layer on its way from the prototxt into a net. The stages before the net (filter, wiring,
// splits) hand a list of these on.
#ifndef DEMITASSE_SRC_NET_PLANNED_LAYER_HPP_
#define DEMITASSE_SRC_NET_PLANNED_LAYER_HPP_

#include <string>
#include <vector>

#include "demitasse/caffe.pb.h"

namespace demitasse {

struct PlannedLayer {
  caffe::LayerParameter param;
  std::string path;       // in the source map: "layer[3]"
  bool is_split = false;  // made by InsertSplits, not written by a user
};

// The path of a net's layer in the source map.
inline std::string LayerPath(int index) { return "layer[" + std::to_string(index) + "]"; }

// The weight in the loss that the prototxt gives a top; 0 if it gives none.
inline float LossWeight(const caffe::LayerParameter& param, int top) {
  return top < param.loss_weight_size() ? param.loss_weight(top) : 0;
}

}  // namespace demitasse

#endif  // DEMITASSE_SRC_NET_PLANNED_LAYER_HPP_
