// Convolution as products of matrices (im2col), for every case.
#ifndef DEMITASSE_SRC_OPS_REFERENCE_CONVOLUTION_HPP_
#define DEMITASSE_SRC_OPS_REFERENCE_CONVOLUTION_HPP_

#include <memory>

#include "src/ops/convolution.hpp"

namespace demitasse {

std::unique_ptr<Convolution> MakeReferenceConvolution(const ConvolutionDesc& desc);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_REFERENCE_CONVOLUTION_HPP_
