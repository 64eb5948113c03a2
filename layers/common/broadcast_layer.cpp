#include "layers/common/broadcast_layer.hpp"

#include <algorithm>

#include "src/core/text.hpp"

namespace demitasse {

std::vector<int> BroadcastLayer::LearnedShape(const Blob& x, int axis, int num_axes,
                                              const std::string& param) const {
  if (num_axes < -1) {
    throw Fail(param + ".num_axes",
               Cat("num_axes must be 0 or more, or -1 for all axes from axis on, got ", num_axes));
  }
  if (num_axes == 0) return {};
  const int first = CanonicalAxis(x, axis, param + ".axis");
  if (num_axes == -1) num_axes = x.num_axes() - first;
  if (num_axes > x.num_axes() - first) {
    throw Fail(param + ".num_axes", Cat("num_axes must be at most ", x.num_axes() - first,
                                        " from axis ", first, " of the bottom's ", x.num_axes(),
                                        " axes (", x.shape_string(), "), got ", num_axes));
  }
  const auto begin = x.shape().begin() + first;
  return std::vector<int>(begin, begin + num_axes);
}

ChannelShape BroadcastLayer::Fit(const std::vector<Blob*>& bottom, const Blob& array, int axis,
                                 const std::string& param) const {
  const Blob& x = *bottom[0];
  // A single value lies on every axis.
  const int first = array.num_axes() == 0 ? 0 : CanonicalAxis(x, axis, param + ".axis");
  const int end = first + array.num_axes();
  if (end > x.num_axes() ||
      !std::equal(array.shape().begin(), array.shape().end(), x.shape().begin() + first)) {
    const std::string what = bottom.size() > 1 ? "bottom[1]" : "the learned parameter";
    throw Fail(bottom.size() > 1 ? "bottom[1]" : "bottom[0]",
               Cat(what, " of ", array.shape_string(), " does not fit bottom[0] of ",
                   x.shape_string(), " from axis ", first, " on; the sizes must be equal there"));
  }
  return {x.size(0, first), array.size(), x.size(end, x.num_axes())};
}

bool BroadcastLayer::LiesOnChannels(const Blob& x, int axis, const Blob& array) {
  return x.num_axes() >= 2 && array.num_axes() == 1 && x.CanonicalAxisIndex(axis) == 1;
}

}  // namespace demitasse
