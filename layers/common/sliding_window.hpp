// The windows of convolution, pooling and their kin as a prototxt describes them.
#ifndef DEMITASSE_LAYERS_COMMON_SLIDING_WINDOW_HPP_
#define DEMITASSE_LAYERS_COMMON_SLIDING_WINDOW_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "demitasse/layer.hpp"
#include "src/ops/window.hpp"

namespace demitasse {

// One property of a layer's windows: kernel_size, stride, pad or dilation. A prototxt gives it once
// for all spatial axes, or once per axis if the field is repeated, or, for two axes, in a field for
// each ("kernel_h" and "kernel_w"). Left out, pad is 0, stride and dilation are 1, and a
// kernel_size is missing; of pad_h and pad_w, one may be left out.
class WindowField {
 public:
  // `message` is the field of the layer that holds the property: "convolution_param".
  WindowField(const Layer& layer, const std::string& message, const std::string& name);

  bool given() const { return h_ || w_ || !values_.empty(); }
  // Where the value for a spatial axis stands, as a field of the layer.
  std::string Place(int axis) const;
  // The values, one per axis. Fails at the field that is to blame.
  std::vector<int> Read(int axes) const;

 private:
  void CheckForm(int axes) const;

  const Layer& layer_;
  const std::string message_;
  const std::string name_;
  const std::string stem_;  // of the fields for one axis: "kernel"
  bool repeated_ = false;
  std::vector<uint32_t> values_;
  std::optional<uint32_t> h_, w_;
};

// Kernel, stride, pad and dilation of the layer's convolution_param for the spatial axes of a
// bottom, which are those behind its channels on `axis`. Fails if there are none.
WindowGeometry ReadConvolutionWindow(const Layer& layer, const Blob& bottom, int axis);

// Sets the input, and the output that convolution_param's windows have on it. `first_axis` is the
// blob's axis that is the first spatial one. Fails where a window does not fit into the padded
// input, and for an output beyond int.
void FitConvolutionWindow(const Layer& layer, const std::vector<int>& input, int first_axis,
                          WindowGeometry* window);

// The same with the roles of the two swapped, for Deconvolution: there is a window for every place
// of `output`, and the input is as large as these need.
void FitDeconvolutionWindow(const Layer& layer, const std::vector<int>& output, int first_axis,
                            WindowGeometry* window);

// `size`, the number of windows on a spatial axis, as int. Fails at the padding in `message`, which
// must have caused it, if it is beyond that.
int OutputSize(const Layer& layer, const std::string& message, int axis, int first_axis,
               int64_t size);

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_SLIDING_WINDOW_HPP_
