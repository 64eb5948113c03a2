// Local response normalization: y = x * (k + alpha * mean of the squares around x)^-beta.
// Krizhevsky, Sutskever, Hinton (2012), "ImageNet classification with deep convolutional neural
// networks".
//
// There is one implementation, for all engines: it computes in the layout the source is in where
// the channels can be told in it (Layout::ChannelBlock), else in plain order. In the blocked layout
// that its convolutions give, oneDNN 2.6 took half as long again (AVX2).
#ifndef DEMITASSE_SRC_OPS_LRN_HPP_
#define DEMITASSE_SRC_OPS_LRN_HPP_

#include "demitasse/buffer.hpp"

namespace demitasse {

// All arrays have the shape (images, channels, height, width).
struct Lrn {
  enum class Region {
    kAcrossChannels,  // around x are `size` channels at its place
    kWithinChannel,   // around x are size x size places in its channel
  };

  Region region = Region::kAcrossChannels;
  int size = 5;  // odd; x is in the middle, and what lies outside of the array counts as 0
  float alpha = 1;
  float beta = 0.75f;
  float k = 1;  // kWithinChannel computes with 1 whatever this is
  int images = 0;
  int channels = 0;
  int height = 0;
  int width = 0;

  // The two are different buffers.
  void Forward(const Buffer& src, Buffer* dst) const;
  // Overwrites src_diff, which is a buffer of its own. With s the sum that is raised to -beta:
  //   dx = dy * s^-beta - 2 * alpha * beta * x * (mean of dy * x * s^(-beta - 1) around x)
  void Backward(const Buffer& src, const Buffer& dst_diff, Buffer* src_diff) const;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_LRN_HPP_
