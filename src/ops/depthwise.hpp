// Depthwise convolution, forward: 3x3, each channel by itself. What comes from memory is fetched
// ahead, and threads take rows of all channels, as in the 1x1 convolutions around it.
#ifndef DEMITASSE_SRC_OPS_DEPTHWISE_HPP_
#define DEMITASSE_SRC_OPS_DEPTHWISE_HPP_

#include <cstdint>
#include <vector>

#include "src/core/buffer_state.hpp"
#include "src/ops/convolution.hpp"

namespace demitasse {

// Whether it is faster than engines are: for several images.
bool DepthwisePays(const ConvolutionDesc& desc);

class Depthwise {
 public:
  explicit Depthwise(const ConvolutionDesc& desc);

  // src and dst are in channel blocks of DirectLanes(). `bias` may be null. The bits are the same
  // for any number of threads.
  void Run(const float* src, const Buffer& weights, const float* bias, float* dst);

 private:
  void PackWeights(const Buffer& weights);

  const ConvolutionDesc desc_;
  const int64_t lanes_;
  const int64_t blocks_;
  Buffer packed_;                     // [block][tap][lane]
  std::vector<float> bias_, slopes_;  // whole blocks
  BufferState packed_from_;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_DEPTHWISE_HPP_
