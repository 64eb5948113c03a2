// The parametric rectifier: y = x for x > 0, slope * x otherwise, with a slope for each channel.
// He, Zhang, Ren, Sun (2015), "Delving deep into rectifiers".
//
// There is one implementation, for all engines, which computes in the layout that the source is in
// if the channels can be told in it (Layout::ChannelBlock). oneDNN 2.6 falls to its reference
// kernel where a channel block does not fit the vector registers, and takes many times as long
// then.
#ifndef DEMITASSE_SRC_OPS_PRELU_HPP_
#define DEMITASSE_SRC_OPS_PRELU_HPP_

#include <cstdint>
#include <vector>

#include "demitasse/buffer.hpp"

namespace demitasse {

// Arrays of images x channels x places; with one slope for all, that is 1 x 1 x size.
struct PRelu {
  int64_t images = 0;
  int64_t channels = 0;
  int64_t places = 0;

  // dst = y(src); they may be one buffer. There is a slope for each channel.
  void Forward(const Buffer& src, const float* slopes, Buffer* dst) const;

  // src_diff = y' * dst_diff, where y' is the slope at x = 0; these two may be one buffer, and
  // src_diff null. Returns the gradient of each slope: the sum of x * dst_diff over the x <= 0 of
  // its channel, with the same bits for any number of threads.
  std::vector<double> Backward(const Buffer& src, const Buffer& dst_diff, const float* slopes,
                               Buffer* src_diff) const;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_PRELU_HPP_
