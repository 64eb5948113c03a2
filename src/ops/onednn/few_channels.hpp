// Convolution with few input channels by our own loops (src/ops/direct_forward.hpp and
// direct_gradient.hpp) in oneDNN's layouts.
#ifndef DEMITASSE_SRC_OPS_ONEDNN_FEW_CHANNELS_HPP_
#define DEMITASSE_SRC_OPS_ONEDNN_FEW_CHANNELS_HPP_

#include <memory>

#include "src/ops/convolution.hpp"

namespace demitasse {

// Null where it does not apply or does not pay.
std::unique_ptr<Convolution> MakeFewChannelsConvolution(const ConvolutionDesc& desc);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_ONEDNN_FEW_CHANNELS_HPP_
