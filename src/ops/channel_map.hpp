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
  bool operator==(const ChannelShape& other) const {
    return images == other.images && channels == other.channels && places == other.places;
  }
};

// A value for each channel; null stands for the neutral one.
struct ChannelMap {
  const float* center = nullptr;  // 0
  const float* factor = nullptr;  // 1
  const float* offset = nullptr;  // 0
  // What a rectifier behind multiplies a result that is not above 0 with; not negative.
  float slope = 1;

  // dst = r(factor * (src - center) + offset), where r is the rectifier. The two may be one buffer.
  void Forward(const ChannelShape& shape, const Buffer& src, Buffer* dst) const;
};

// dst = a * dy + b * (x - center) + c, with a value of a, b, c and center for each channel: the
// gradient of a normalization. dst may be dy. Here and below, dy goes through the rectifier of
// `gate` first, if there is one: where gate's result for x is not above 0, slope * dy stands for
// it.
struct ChannelBlend {
  const float* a;
  const float* b;
  const float* center;
  const float* c;
  ChannelMap gate = {};

  void Forward(const ChannelShape& shape, const Buffer& dy, const Buffer& x, Buffer* dst) const;
};

// dst = a * first + b * second, each after its map, which has no rectifier. dst may be either.
void AddChannelMaps(const ChannelShape& shape, float a, const ChannelMap& first_map,
                    const Buffer& first, float b, const ChannelMap& second_map,
                    const Buffer& second, Buffer* dst);

// For each channel the sum over images and places of dy.
std::vector<double> ChannelSums(const ChannelShape& shape, const Buffer& dy);

// For each channel the sums of dy, and those of dy * (x - center); null for a center of 0. In the
// same pass dx, if it is not null, becomes factor * dy; it may be dy.
struct ChannelProducts {
  std::vector<double> sums;
  std::vector<double> products;
};
ChannelProducts SumChannelProducts(const ChannelShape& shape, const Buffer& dy, const Buffer& x,
                                   const float* center, const ChannelMap& gate = {},
                                   const float* factor = nullptr, Buffer* dx = nullptr);

// For each channel mean and variance (the mean of the squared differences from the mean) over
// images and places, neither of which may be 0 in number.
struct ChannelMoments {
  std::vector<double> mean;
  std::vector<double> variance;
};
ChannelMoments ComputeChannelMoments(const ChannelShape& shape, const Buffer& x);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_CHANNEL_MAP_HPP_
