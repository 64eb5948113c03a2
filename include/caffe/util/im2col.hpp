// The matrix of windows of a convolution: row (channel, place in the kernel), column window.
#ifndef DEMITASSE_CAFFE_UTIL_IM2COL_HPP_
#define DEMITASSE_CAFFE_UTIL_IM2COL_HPP_

#include "demitasse/export.hpp"

namespace caffe {

namespace compat {

// Arrays of one number for each spatial axis; im_shape and col_shape begin with the channels.
struct Windows {
  int num_spatial_axes;
  const int* im_shape;
  const int* col_shape;
  const int* kernel_shape;
  const int* pad;
  const int* stride;
  const int* dilation;
};

DEMITASSE_API void Im2col(const Windows& windows, const float* data_im, float* data_col);
DEMITASSE_API void Col2im(const Windows& windows, const float* data_col, float* data_im);

// Calls run(windows) for two spatial axes.
template <typename Run>
void With2dWindows(int channels, int height, int width, int kernel_h, int kernel_w, int pad_h,
                   int pad_w, int stride_h, int stride_w, int dilation_h, int dilation_w,
                   const Run& run) {
  const int im_shape[] = {channels, height, width};
  const int col_shape[] = {channels * kernel_h * kernel_w,
                           (height + 2 * pad_h - (dilation_h * (kernel_h - 1) + 1)) / stride_h + 1,
                           (width + 2 * pad_w - (dilation_w * (kernel_w - 1) + 1)) / stride_w + 1};
  const int kernel_shape[] = {kernel_h, kernel_w};
  const int pad[] = {pad_h, pad_w};
  const int stride[] = {stride_h, stride_w};
  const int dilation[] = {dilation_h, dilation_w};
  run(Windows{2, im_shape, col_shape, kernel_shape, pad, stride, dilation});
}

}  // namespace compat

template <typename Dtype>
void im2col_nd_cpu(const Dtype* data_im, const int num_spatial_axes, const int* im_shape,
                   const int* col_shape, const int* kernel_shape, const int* pad, const int* stride,
                   const int* dilation, Dtype* data_col) {
  compat::Im2col({num_spatial_axes, im_shape, col_shape, kernel_shape, pad, stride, dilation},
                 data_im, data_col);
}

// Overwrites the image with the sums of the elements of the matrix that were copied from a place.
template <typename Dtype>
void col2im_nd_cpu(const Dtype* data_col, const int num_spatial_axes, const int* im_shape,
                   const int* col_shape, const int* kernel_shape, const int* pad, const int* stride,
                   const int* dilation, Dtype* data_im) {
  compat::Col2im({num_spatial_axes, im_shape, col_shape, kernel_shape, pad, stride, dilation},
                 data_col, data_im);
}

template <typename Dtype>
void im2col_cpu(const Dtype* data_im, const int channels, const int height, const int width,
                const int kernel_h, const int kernel_w, const int pad_h, const int pad_w,
                const int stride_h, const int stride_w, const int dilation_h, const int dilation_w,
                Dtype* data_col) {
  compat::With2dWindows(channels, height, width, kernel_h, kernel_w, pad_h, pad_w, stride_h,
                        stride_w, dilation_h, dilation_w,
                        [&](const compat::Windows& w) { compat::Im2col(w, data_im, data_col); });
}

template <typename Dtype>
void col2im_cpu(const Dtype* data_col, const int channels, const int height, const int width,
                const int kernel_h, const int kernel_w, const int pad_h, const int pad_w,
                const int stride_h, const int stride_w, const int dilation_h, const int dilation_w,
                Dtype* data_im) {
  compat::With2dWindows(channels, height, width, kernel_h, kernel_w, pad_h, pad_w, stride_h,
                        stride_w, dilation_h, dilation_w,
                        [&](const compat::Windows& w) { compat::Col2im(w, data_col, data_im); });
}

// As before there was dilation.
template <typename Dtype>
void im2col_cpu(const Dtype* data_im, const int channels, const int height, const int width,
                const int kernel_h, const int kernel_w, const int pad_h, const int pad_w,
                const int stride_h, const int stride_w, Dtype* data_col) {
  im2col_cpu(data_im, channels, height, width, kernel_h, kernel_w, pad_h, pad_w, stride_h, stride_w,
             1, 1, data_col);
}

template <typename Dtype>
void col2im_cpu(const Dtype* data_col, const int channels, const int height, const int width,
                const int kernel_h, const int kernel_w, const int pad_h, const int pad_w,
                const int stride_h, const int stride_w, Dtype* data_im) {
  col2im_cpu(data_col, channels, height, width, kernel_h, kernel_w, pad_h, pad_w, stride_h,
             stride_w, 1, 1, data_im);
}

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_UTIL_IM2COL_HPP_
