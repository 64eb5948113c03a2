// The gradient of a convolution's weights where there are few input channels. Engines fill those up
// to a vector; here the vectors are of output channels alone.
#ifndef DEMITASSE_SRC_OPS_DIRECT_GRADIENT_HPP_
#define DEMITASSE_SRC_OPS_DIRECT_GRADIENT_HPP_

#include <cstdint>

#include "src/ops/convolution.hpp"

namespace demitasse {

// Whether it is faster than engines are: for two spatial axes, one group, and few input channels.
bool DirectGradientPays(const ConvolutionDesc& desc);

// Floats of a vector: the channel block of outputs.
int64_t DirectLanes();

// Adds to weights_diff, in plain order. src is in channel blocks of `src_block`; 1 is plain order.
// The bits are the same for any number of threads.
void AddDirectGradient(const ConvolutionDesc& desc, const float* src, int64_t src_block,
                       const float* dst_diff, float* weights_diff);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_DIRECT_GRADIENT_HPP_
