// Convolution by Winograd's algorithm (src/ops/winograd.hpp) in oneDNN's layouts.
#ifndef DEMITASSE_SRC_OPS_ONEDNN_WINOGRAD_HPP_
#define DEMITASSE_SRC_OPS_ONEDNN_WINOGRAD_HPP_

#include <memory>

#include "src/ops/convolution.hpp"

namespace demitasse {

// Null where the algorithm does not apply or does not pay: by the rule (WinogradPays) or, if this
// thread has a tuning (src/ops/tuning.hpp), by what that says.
std::unique_ptr<Convolution> MakeWinogradConvolution(const ConvolutionDesc& desc);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_ONEDNN_WINOGRAD_HPP_
