// Convolution by oneDNN, over one to three spatial axes.
#ifndef DEMITASSE_SRC_OPS_ONEDNN_CONVOLUTION_HPP_
#define DEMITASSE_SRC_OPS_ONEDNN_CONVOLUTION_HPP_

#include <memory>

#include "src/ops/convolution.hpp"

namespace demitasse {

// Null where oneDNN has no fast implementation.
std::unique_ptr<Convolution> MakeOneDnnConvolution(const ConvolutionDesc& desc);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_ONEDNN_CONVOLUTION_HPP_
