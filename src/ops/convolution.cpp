#include "src/ops/convolution.hpp"

#ifdef DEMITASSE_WITH_ONEDNN
#include "src/ops/onednn/convolution.hpp"
#include "src/ops/onednn/winograd.hpp"
#endif
#include "src/ops/reference/convolution.hpp"

namespace demitasse {

bool operator==(const ConvolutionDesc& a, const ConvolutionDesc& b) {
  return a.num == b.num && a.in_channels == b.in_channels && a.out_channels == b.out_channels &&
         a.group == b.group && a.bias == b.bias && a.window == b.window;
}

std::unique_ptr<Convolution> MakeConvolution(const ConvolutionDesc& desc, Engine engine) {
  return MakeOp<Convolution, ConvolutionDesc>(desc, engine,
                                              {
#ifdef DEMITASSE_WITH_ONEDNN
                                                  MakeWinogradConvolution,
                                                  MakeOneDnnConvolution,
#endif
                                              },
                                              MakeReferenceConvolution);
}

}  // namespace demitasse
