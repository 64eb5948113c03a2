// Deconvolution: a convolution with its source and its destination swapped. What it computes
// forward is the convolution's gradient with respect to the source, plus a bias.
#ifndef DEMITASSE_SRC_OPS_DECONVOLUTION_HPP_
#define DEMITASSE_SRC_OPS_DECONVOLUTION_HPP_

#include <memory>

#include "src/ops/convolution.hpp"

namespace demitasse {

// `desc` describes the convolution, whose destination is this op's src, and whose source is its
// dst. The weights are the convolution's; the bias, if the descriptor has one, is this op's
// (in_channels).
std::unique_ptr<Convolution> MakeDeconvolution(const ConvolutionDesc& desc, Engine engine);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_DECONVOLUTION_HPP_
