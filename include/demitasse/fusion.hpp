// What Net::Optimize() moves from a layer to the one in front of it: arithmetic so simple that the
// other can do it on its way out, without another walk through memory.
#ifndef DEMITASSE_FUSION_HPP_
#define DEMITASSE_FUSION_HPP_

#include <vector>

namespace demitasse {

// y = scale[c] * x + shift[c] for the elements of channel c (axis 1).
struct ChannelAffine {
  std::vector<float> scale;  // one value for each channel
  std::vector<float> shift;  // the same
};

// y = x for x > 0, slope * x otherwise, with a slope for each channel (axis 1) or one for all.
struct LeakyRectifier {
  std::vector<float> slopes;  // one, or as many as there are channels
};

}  // namespace demitasse

#endif  // DEMITASSE_FUSION_HPP_
