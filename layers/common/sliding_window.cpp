#include "layers/common/sliding_window.hpp"

#include <google/protobuf/message.h>

#include <algorithm>
#include <limits>

#include "layers/common/count_field.hpp"
#include "layers/common/field_shape.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kConvolution[] = "convolution_param";

const Message& SubMessage(const Message& message, const std::string& name) {
  const FieldDescriptor* const field = message.GetDescriptor()->FindFieldByName(name);
  return message.GetReflection()->GetMessage(message, field);
}

// The values of a field, which may be repeated or unknown to the message; none if it is absent.
std::vector<uint32_t> Values(const Message& message, const std::string& name, bool* repeated) {
  const FieldDescriptor* const field = message.GetDescriptor()->FindFieldByName(name);
  const auto& reflection = *message.GetReflection();
  *repeated = field != nullptr && field->is_repeated();
  std::vector<uint32_t> values;
  if (*repeated) {
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      values.push_back(reflection.GetRepeatedUInt32(message, field, i));
    }
  } else if (field != nullptr && reflection.HasField(message, field)) {
    values.push_back(reflection.GetUInt32(message, field));
  }
  return values;
}

std::optional<uint32_t> Value(const Message& message, const std::string& name) {
  bool repeated = false;
  const std::vector<uint32_t> values = Values(message, name, &repeated);
  return values.empty() ? std::nullopt : std::optional<uint32_t>(values[0]);
}

// Places between the first and the last of a window, these included.
int64_t Extent(const WindowGeometry& window, size_t axis) {
  return int64_t{window.dilation[axis]} * (window.kernel[axis] - 1) + 1;
}

// `size`, of a top on an axis of the blob, as int. Fails at `place` if it is beyond that.
int TopSize(const Layer& layer, const std::string& place, int axis, int64_t size) {
  constexpr int kMost = std::numeric_limits<int>::max();
  if (size > kMost) {
    throw layer.Fail(
        place, Cat("the top would have ", size, " elements on axis ", axis, ", more than ", kMost));
  }
  return static_cast<int>(size);
}

}  // namespace

WindowField::WindowField(const Layer& layer, const std::string& message, const std::string& name)
    : layer_(layer),
      message_(message),
      name_(name),
      stem_(name == "kernel_size" ? "kernel" : name) {
  const Message& param = SubMessage(layer.layer_param(), message);
  values_ = Values(param, name_, &repeated_);
  h_ = Value(param, stem_ + "_h");
  w_ = Value(param, stem_ + "_w");
}

std::string WindowField::Place(int axis) const {
  if (h_ || w_) return Cat(message_, ".", stem_, (axis == 0 && h_) || !w_ ? "_h" : "_w");
  if (!repeated_) return Cat(message_, ".", name_);
  return Cat(message_, ".", name_, "[", values_.size() > 1 ? axis : 0, "]");
}

void WindowField::CheckForm(int axes) const {
  const int count = static_cast<int>(values_.size());
  if (count > 1 && count != axes) {
    throw layer_.Fail(Cat(message_, ".", name_, "[", std::min(count - 1, axes), "]"),
                      Cat(name_, " is given once for all spatial axes or once for each of the ",
                          axes, ", got ", count, " values"));
  }
  if (!h_ && !w_) return;
  const std::string pair = Cat(stem_, "_h and ", stem_, "_w");
  const std::string given = Cat(stem_, h_ ? "_h" : "_w");
  const std::string place = Cat(message_, ".", given);
  if (count > 0) throw layer_.Fail(place, Cat("give either ", name_, " or ", pair, ", not both"));
  if (axes != 2) {
    throw layer_.Fail(place,
                      Cat(pair, " are for 2 spatial axes, here are ", axes, "; use ", name_));
  }
  if (h_.has_value() != w_.has_value() && name_ != "pad") {
    throw layer_.Fail(place, Cat(given, " is given without ", stem_, h_ ? "_w" : "_h",
                                 "; give both, or ", name_));
  }
}

std::vector<int> WindowField::Read(int axes) const {
  CheckForm(axes);
  const int least = name_ == "pad" ? 0 : 1;
  if (!given()) {
    if (name_ == "kernel_size") throw layer_.Fail(message_, "kernel_size must be given");
    return std::vector<int>(static_cast<size_t>(axes), least);
  }
  std::vector<int> read;
  for (int axis = 0; axis < axes; ++axis) {
    const uint32_t value = values_.empty() ? (axis == 0 ? h_ : w_).value_or(0)
                                           : values_[values_.size() > 1 ? axis : 0];
    read.push_back(CountField(layer_, Place(axis), value, least));
  }
  return read;
}

WindowGeometry ReadConvolutionWindow(const Layer& layer, const Blob& bottom, int axis) {
  const int axes = bottom.num_axes() - axis - 1;
  if (axes == 0) {
    throw layer.Fail("bottom[0]", Cat(BottomName(layer, 0), " of ", bottom.shape_string(),
                                      " has no spatial axis behind its channels on axis ", axis));
  }
  WindowGeometry window;
  window.kernel = WindowField(layer, kConvolution, "kernel_size").Read(axes);
  window.stride = WindowField(layer, kConvolution, "stride").Read(axes);
  window.pad = WindowField(layer, kConvolution, "pad").Read(axes);
  window.dilation = WindowField(layer, kConvolution, "dilation").Read(axes);
  return window;
}

void FitConvolutionWindow(const Layer& layer, const std::vector<int>& input, int first_axis,
                          WindowGeometry* window) {
  const auto place = [&](const char* name, int axis) {
    return WindowField(layer, kConvolution, name).Place(axis);
  };
  window->input = input;
  window->output.clear();
  for (size_t i = 0; i < input.size(); ++i) {
    const int axis = static_cast<int>(i);
    const int64_t kernel = window->kernel[i];
    const int64_t padded = input[i] + 2 * int64_t{window->pad[i]};
    const int64_t extent = Extent(*window, i);
    if (kernel > padded) {
      throw layer.Fail(place("kernel_size", axis),
                       Cat("kernel ", kernel, " is larger than the padded input ", padded,
                           " on axis ", first_axis + axis));
    }
    if (extent > padded) {
      throw layer.Fail(
          place("dilation", axis),
          Cat("kernel ", kernel, " with dilation ", window->dilation[i], " spans ", extent,
              " places, more than the padded input ", padded, " on axis ", first_axis + axis));
    }
    window->output.push_back(OutputSize(layer, kConvolution, axis, first_axis,
                                        (padded - extent) / window->stride[i] + 1));
  }
}

void FitDeconvolutionWindow(const Layer& layer, const std::vector<int>& output, int first_axis,
                            WindowGeometry* window) {
  const auto place = [&](const char* name, size_t i) {
    return WindowField(layer, kConvolution, name).Place(static_cast<int>(i));
  };
  window->output = output;
  window->input.clear();
  for (size_t i = 0; i < output.size(); ++i) {
    const int axis = first_axis + static_cast<int>(i);
    const int64_t steps = int64_t{window->stride[i]} * (int64_t{output[i]} - 1);
    const int64_t extent = Extent(*window, i);
    const int64_t size = steps + extent - 2 * int64_t{window->pad[i]};
    if (size < 1) {
      throw layer.Fail(
          place("pad", i),
          Cat("the top would have ", size, " elements on axis ", axis, ": stride ",
              window->stride[i], " * (", output[i], " of the bottom - 1) + ", extent,
              " that the kernel spans - 2 * pad ", window->pad[i], "; it needs at least 1"));
    }
    window->input.push_back(
        TopSize(layer, place(steps > extent ? "stride" : "kernel_size", i), axis, size));
  }
}

int OutputSize(const Layer& layer, const std::string& message, int axis, int first_axis,
               int64_t size) {
  return TopSize(layer, WindowField(layer, message, "pad").Place(axis), first_axis + axis, size);
}

}  // namespace demitasse
