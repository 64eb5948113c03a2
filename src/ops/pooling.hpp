// Pooling: the largest value or the mean of every window of two spatial axes.
//
// There is one implementation, for all engines: the work is bound by memory, and oneDNN's kernels
// know neither Caffe's windows, which end at the padding's edge, nor NaN. It computes in the layout
// the source is in where the channels can be told in it (Layout::ChannelBlock), else in plain
// order.
#ifndef DEMITASSE_SRC_OPS_POOLING_HPP_
#define DEMITASSE_SRC_OPS_POOLING_HPP_

#include "demitasse/buffer.hpp"
#include "src/ops/window.hpp"

namespace demitasse {

// Shapes: src (images, channels, input...), dst (images, channels, output...). A window that sees
// no place of the input gives 0 and takes no gradient.
struct Pooling {
  enum class Method {
    kMax,      // NaN counts as largest; of equals, the first in row-major order takes the gradient
    kAverage,  // over the window cut off at the padding's edge; padding counts as 0
  };

  Method method = Method::kMax;
  int images = 0;
  int channels = 0;
  WindowGeometry window;

  void Forward(const Buffer& src, Buffer* dst) const;
  // kMax, with mask the place h * width + w of each maximum, -1 for an empty window.
  void ForwardWithMask(const Buffer& src, Buffer* dst, Buffer* mask) const;
  // Overwrites src_diff.
  void Backward(const Buffer& src, const Buffer& dst_diff, Buffer* src_diff) const;

 private:
  // The layout of dst in channel blocks as those of src; null if there is none.
  std::shared_ptr<const Layout> OutputLayout(const Buffer& src) const;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_POOLING_HPP_
