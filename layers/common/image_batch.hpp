// Bottoms that must be batches of pictures.
#ifndef DEMITASSE_LAYERS_COMMON_IMAGE_BATCH_HPP_
#define DEMITASSE_LAYERS_COMMON_IMAGE_BATCH_HPP_

#include "demitasse/layer.hpp"

namespace demitasse {

// Fails at bottom[0] unless it has the four axes num, channels, height, width.
void CheckImageBatch(const Layer& layer, const Blob& bottom);

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_IMAGE_BATCH_HPP_
