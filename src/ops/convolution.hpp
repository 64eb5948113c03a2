// Convolution over any number of spatial axes, in groups of channels.
//
//   dst[n, o, p] = bias[o] + sum over i, k of weights[o, i, k] * src[n, group(o) + i, window(p)[k]]
//
// with the channels i of o's group only; places outside src count as 0.
#ifndef DEMITASSE_SRC_OPS_CONVOLUTION_HPP_
#define DEMITASSE_SRC_OPS_CONVOLUTION_HPP_

#include <memory>
#include <vector>

#include "src/ops/op.hpp"
#include "src/ops/window.hpp"

namespace demitasse {

// Shapes: src (num, in_channels, input...), weights (out_channels, in_channels / group, kernel...),
// bias (out_channels), dst (num, out_channels, output...). `group` divides both channel numbers.
struct ConvolutionDesc {
  int num = 0;
  int in_channels = 0;
  int out_channels = 0;
  int group = 1;
  bool bias = false;
  WindowGeometry window;

  // What Forward does with the result on its way out, for inference only. First, dst keeps what it
  // holds and the result is added to it.
  bool add_to_dst = false;
  // Then x becomes slope * x where it is not above 0: no slopes, one for all channels, or one each.
  std::vector<float> slopes = {};
};

bool operator==(const ConvolutionDesc& a, const ConvolutionDesc& b);

class Convolution : public Op {
 public:
  // `bias` is null if, and only if, the descriptor has none. dst must not be src.
  virtual void Forward(const Buffer& src, const Buffer& weights, const Buffer* bias,
                       Buffer* dst) = 0;
  // Overwrites src_diff.
  virtual void BackwardData(const Buffer& dst_diff, const Buffer& weights, Buffer* src_diff) = 0;
  // Adds to weights_diff and bias_diff; a gradient that is not wanted is null.
  virtual void BackwardWeights(const Buffer& src, const Buffer& dst_diff, Buffer* weights_diff,
                               Buffer* bias_diff) = 0;
};

std::unique_ptr<Convolution> MakeConvolution(const ConvolutionDesc& desc, Engine engine);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_CONVOLUTION_HPP_
