// Convolution with few input channels, forward. Engines fill those up to a vector; here
// the vectors are of output channels alone.
#ifndef DEMITASSE_SRC_OPS_DIRECT_FORWARD_HPP_
#define DEMITASSE_SRC_OPS_DIRECT_FORWARD_HPP_

#include <cstdint>
#include <vector>

#include "src/core/buffer_state.hpp"
#include "src/ops/convolution.hpp"

namespace demitasse {

// Whether it is faster than engines are: for two spatial axes, one group, nothing added to dst, and
// input channels that engines would fill up.
bool DirectForwardPays(const ConvolutionDesc& desc);

class DirectForward {
 public:
  explicit DirectForward(const ConvolutionDesc& desc);

  // src is in channel blocks of `src_block`, 1 for plain order; dst is written in blocks of
  // DirectLanes(). `bias` may be null. The bits are the same for any number of threads.
  void Run(const float* src, int64_t src_block, const Buffer& weights, const float* bias,
           float* dst);

 private:
  void PackWeights(const Buffer& weights);
  // src with its padding, in plain order, in memory of the op.
  const float* Pad(const float* src, int64_t src_block);
  void SetOffsets(int64_t src_block);

  const ConvolutionDesc desc_;
  const int64_t lanes_;
  const int64_t out_blocks_;
  const int64_t taps_;  // weights of an output channel
  const bool pads_;
  const int64_t height_, width_;      // of the input, with padding
  Buffer packed_;                     // [group of blocks][tap][block of the group][lane]
  std::vector<float> bias_, slopes_;  // whole blocks
  std::vector<int64_t> offsets_;      // of what a window's taps see from its first place
  int64_t offsets_block_ = 0;         // for which they are
  Buffer padded_;
  BufferState packed_from_;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_DIRECT_FORWARD_HPP_
