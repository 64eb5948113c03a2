#include "layers/common/window_pooling.hpp"

#include <utility>

namespace demitasse {

WindowPooling::WindowPooling(Method method, caffe::Phase phase, int images, int channels,
                             WindowGeometry window)
    : method_(method),
      phase_(phase),
      top_shape_{images, channels, window.output[0], window.output[1]},
      stochastic_{int64_t{images} * channels, window} {
  pooling_.method =
      method == caffe::PoolingParameter::AVE ? Pooling::Method::kAverage : Pooling::Method::kMax;
  pooling_.images = images;
  pooling_.channels = channels;
  pooling_.window = std::move(window);
}

void WindowPooling::Forward(const Buffer& x, Rng* rng, Buffer* y, Buffer* mask) {
  if (method_ == caffe::PoolingParameter::STOCHASTIC) {
    if (phase_ == caffe::TRAIN) {
      stochastic_.Sample(x, rng, y, &chosen_);
    } else {
      stochastic_.Mean(x, y);
    }
  } else if (mask != nullptr) {
    pooling_.ForwardWithMask(x, y, mask);
  } else {
    pooling_.Forward(x, y);
  }
}

void WindowPooling::Backward(const Buffer& x, const Buffer& dy, Buffer* dx) const {
  if (method_ != caffe::PoolingParameter::STOCHASTIC) {
    pooling_.Backward(x, dy, dx);
  } else if (phase_ == caffe::TRAIN) {
    stochastic_.SampleBackward(chosen_, dy, dx);
  } else {
    stochastic_.MeanBackward(x, dy, dx);
  }
}

}  // namespace demitasse
