// Im2col: y[c * K + k, p] = x[c, k's place under window p], with K the number of places in the
// kernel: each window, over any number of spatial axes, becomes a column of num channels * K
// values, 0 where it lies on padding. The windows are those of Convolution (kernel_size, stride,
// pad, dilation and axis of convolution_param; its other fields are not used). The gradient of x is
// the sum over the windows that saw it. Not in place.
// Chellapilla, Puri, Simard (2006), "High performance convolutional neural networks for document
// processing".
#include <algorithm>
#include <limits>

#include "demitasse/layer_registry.hpp"
#include "layers/common/sliding_window.hpp"
#include "layers/common/window_layer.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"
#include "src/ops/im2col.hpp"

namespace demitasse {
namespace {

class Im2colLayer : public Layer, public WindowLayer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 1; }
  int ExactNumTopBlobs() const override { return 1; }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  const WindowGeometry& window() const override { return window_; }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

 private:
  int TopChannels(int channels) const;

  std::vector<int> shape_;  // of the bottom that the rest is for
  std::vector<int> top_shape_;
  WindowGeometry window_;
  int64_t images_ = 0;
  int64_t channels_ = 0;
  int64_t places_ = 0;   // of a channel of x
  int64_t kernel_ = 0;   // places in it
  int64_t windows_ = 0;  // on a channel of x
};

int Im2colLayer::TopChannels(int channels) const {
  constexpr int kMost = std::numeric_limits<int>::max();
  int64_t product = channels;
  for (const int kernel : window_.kernel) {
    product *= kernel;
    if (product > kMost) {
      throw Fail(WindowField(*this, "convolution_param", "kernel_size").Place(0),
                 Cat("the top would have more than ", kMost, " channels, one for each of the ",
                     channels, " of the bottom and each place in the kernel"));
    }
  }
  return static_cast<int>(product);
}

void Im2colLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const std::vector<int>& shape = bottom[0]->shape();
  const int axis =
      CanonicalAxis(*bottom[0], layer_param_.convolution_param().axis(), "convolution_param.axis");
  if (shape != shape_) {
    const auto spatial = shape.begin() + axis + 1;
    window_ = ReadConvolutionWindow(*this, *bottom[0], axis);
    FitConvolutionWindow(*this, {spatial, shape.end()}, axis + 1, &window_);
    top_shape_.assign(shape.begin(), spatial);
    top_shape_.back() = TopChannels(shape[static_cast<size_t>(axis)]);
    top_shape_.insert(top_shape_.end(), window_.output.begin(), window_.output.end());
    images_ = bottom[0]->size(0, axis);
    channels_ = bottom[0]->shape(axis);
    places_ = ShapeSize(window_.input);
    kernel_ = ShapeSize(window_.kernel);
    windows_ = ShapeSize(window_.output);
    shape_ = shape;
  }
  top[0]->Reshape(top_shape_);
}

void Im2colLayer::Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const float* const x = bottom[0]->cpu_data();
  float* const y = top[0]->data()->Overwrite(nullptr);
  const int64_t grain = std::max<int64_t>(1, kElementwiseGrain / (kernel_ * windows_));
  ParallelFor(images_ * channels_, grain, [&](int64_t begin, int64_t end) {
    for (int64_t c = begin; c < end; ++c) {
      Im2col(window_, x + c * places_, {0, kernel_}, {0, windows_}, y + c * kernel_ * windows_);
    }
  });
}

void Im2colLayer::Backward_cpu(const std::vector<Blob*>& top,
                               const std::vector<bool>& propagate_down,
                               const std::vector<Blob*>& bottom) {
  if (!propagate_down[0]) return;
  const float* const dy = top[0]->cpu_diff();
  float* const dx = bottom[0]->diff()->Overwrite(nullptr);
  const int64_t grain = std::max<int64_t>(1, kElementwiseGrain / (kernel_ * windows_));
  ParallelFor(images_ * channels_, grain, [&](int64_t begin, int64_t end) {
    std::fill(dx + begin * places_, dx + end * places_, 0.0f);
    for (int64_t c = begin; c < end; ++c) {
      Col2im(window_, dy + c * kernel_ * windows_, {0, kernel_}, {0, windows_}, dx + c * places_);
    }
  });
}

}  // namespace
DEMITASSE_REGISTER_LAYER("Im2col", Im2colLayer);
}  // namespace demitasse
