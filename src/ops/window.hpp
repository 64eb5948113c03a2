// Windows that slide over the spatial axes of an array, as convolution and pooling see it.
#ifndef DEMITASSE_SRC_OPS_WINDOW_HPP_
#define DEMITASSE_SRC_OPS_WINDOW_HPP_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace demitasse {

// One entry per spatial axis: on each, window o in [0, output) covers the places
// o * stride - pad + k * dilation for k in [0, kernel); those outside [0, input) are padding.
struct WindowGeometry {
  std::vector<int> input;
  std::vector<int> kernel;
  std::vector<int> stride;
  std::vector<int> pad;
  std::vector<int> dilation;
  std::vector<int> output;
};

inline bool operator==(const WindowGeometry& a, const WindowGeometry& b) {
  return a.input == b.input && a.kernel == b.kernel && a.stride == b.stride && a.pad == b.pad &&
         a.dilation == b.dilation && a.output == b.output;
}

// The part of an axis that a window without dilation sees.
struct WindowSpan {
  int64_t begin, end;
  int64_t padded;  // places of the window up to the padding's edge

  bool empty() const { return begin >= end; }
};

inline WindowSpan SpanOf(const WindowGeometry& window, size_t axis, int64_t o) {
  const int64_t start = o * window.stride[axis] - window.pad[axis];
  const int64_t edge = int64_t{window.input[axis]} + window.pad[axis];
  const int64_t end = std::min(start + window.kernel[axis], edge);
  return {std::max<int64_t>(0, start), std::min<int64_t>(end, window.input[axis]), end - start};
}

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_WINDOW_HPP_
