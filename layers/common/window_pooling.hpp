// WindowPooling: what the layers that pool take of each window: the largest value, the mean or a
// random value.
#ifndef DEMITASSE_LAYERS_COMMON_WINDOW_POOLING_HPP_
#define DEMITASSE_LAYERS_COMMON_WINDOW_POOLING_HPP_

#include <cstdint>
#include <vector>

#include "demitasse/caffe.pb.h"
#include "demitasse/random.hpp"
#include "src/ops/pooling.hpp"
#include "src/ops/stochastic_pooling.hpp"

namespace demitasse {

class WindowPooling {
 public:
  using Method = caffe::PoolingParameter::PoolMethod;

  WindowPooling() = default;
  // For arrays of (images, channels, window.input...) and (images, channels, window.output...).
  // STOCHASTIC draws a value in TRAIN, and takes the mean weighted by the values in TEST.
  WindowPooling(Method method, caffe::Phase phase, int images, int channels, WindowGeometry window);

  // The shape of the tops.
  const std::vector<int>& TopShape() const { return top_shape_; }

  // The mask, which may be null, is that of MAX: see Pooling::ForwardWithMask.
  void Forward(const Buffer& x, Rng* rng, Buffer* y, Buffer* mask = nullptr);
  // Overwrites dx. STOCHASTIC needs the Forward on the same data before.
  void Backward(const Buffer& x, const Buffer& dy, Buffer* dx) const;

 private:
  Method method_ = caffe::PoolingParameter::MAX;
  caffe::Phase phase_ = caffe::TRAIN;
  Pooling pooling_;
  std::vector<int> top_shape_;
  StochasticPooling stochastic_;
  std::vector<int64_t> chosen_;  // by STOCHASTIC in TRAIN
};

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_WINDOW_POOLING_HPP_
