// Maps and sums over arrays of images x channels x places with coefficients for each channel: what
// BatchNorm, Scale and Bias compute. They take plain order and layouts of channel blocks as they
// are; an array in another layout is brought into plain order.
#ifndef DEMITASSE_SRC_OPS_CHANNEL_MAP_HPP_
#define DEMITASSE_SRC_OPS_CHANNEL_MAP_HPP_

#include <cstdint>
#include <vector>

#include "demitasse/buffer.hpp"

namespace demitasse {

struct ChannelShape {
  int64_t images = 1;
  int64_t channels = 1;
  int64_t places = 1;

  int64_t size() const { return images * channels * places; }
};

// A value for each channel; null stands for the neutral one.
struct ChannelMap {
  const float* center = nullptr;  // 0
  const float* factor = nullptr;  // 1
  const float* offset = nullptr;  // 0

  // dst = factor * (src - center) + offset. The two may be one buffer.
  void Forward(const ChannelShape& shape, const Buffer& src, Buffer* dst) const;
};

// dst = a * dy + b * (x - center) + c, with a value of a, b, c and center for each channel: the
// gradient of a normalization. dst may be dy.
struct ChannelBlend {
  const float* a;
  const float* b;
  const float* center;
  const float* c;

  void Forward(const ChannelShape& shape, const Buffer& dy, const Buffer& x, Buffer* dst) const;
};

// For each channel the sum over images and places of dy.
std::vector<double> ChannelSums(const ChannelShape& shape, const Buffer& dy);

// For each channel the sums of dy, and those of dy * (x - center); null for a center of 0. In the
// same pass dx, if it is not null, becomes map(dy); it may be dy.
struct ChannelProducts {
  std::vector<double> sums;
  std::vector<double> products;
};
ChannelProducts SumChannelProducts(const ChannelShape& shape, const Buffer& dy, const Buffer& x,
                                   const float* center, const ChannelMap& map = {},
                                   Buffer* dx = nullptr);

// For each channel mean and variance (the mean of the squared differences from the mean) over
// images and places, neither of which may be 0 in number.
struct ChannelMoments {
  std::vector<double> mean;
  std::vector<double> variance;
};
ChannelMoments ComputeChannelMoments(const ChannelShape& shape, const Buffer& x);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_CHANNEL_MAP_HPP_
