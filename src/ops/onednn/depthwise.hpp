// Depthwise convolution by our own loops (src/ops/depthwise.hpp) in oneDNN's layouts.
#ifndef DEMITASSE_SRC_OPS_ONEDNN_DEPTHWISE_HPP_
#define DEMITASSE_SRC_OPS_ONEDNN_DEPTHWISE_HPP_

#include <memory>

#include "src/ops/convolution.hpp"

namespace demitasse {

// Null where it does not apply or does not pay.
std::unique_ptr<Convolution> MakeDepthwiseConvolution(const ConvolutionDesc& desc);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_ONEDNN_DEPTHWISE_HPP_
