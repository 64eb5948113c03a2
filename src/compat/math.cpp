#include <algorithm>
#include <cstdint>
#include <vector>

#include "caffe/util/im2col.hpp"
#include "caffe/util/math_functions.hpp"
#include "demitasse/blob.hpp"
#include "src/ops/blas.hpp"
#include "src/ops/im2col.hpp"

namespace caffe {
namespace compat {
namespace {

// The whole matrix, and the sizes behind the channels as the library has them.
struct Matrix {
  explicit Matrix(const Windows& windows) {
    const auto values = [&](const int* first) {
      return std::vector<int>(first, first + windows.num_spatial_axes);
    };
    geometry = {values(windows.im_shape + 1), values(windows.kernel_shape),
                values(windows.stride),       values(windows.pad),
                values(windows.dilation),     values(windows.col_shape + 1)};
    rows.end = windows.im_shape[0] * demitasse::ShapeSize(geometry.kernel);
    columns.end = demitasse::ShapeSize(geometry.output);
    image_size = windows.im_shape[0] * demitasse::ShapeSize(geometry.input);
  }

  demitasse::WindowGeometry geometry;
  demitasse::Range rows;
  demitasse::Range columns;
  int64_t image_size = 0;
};

}  // namespace

void Gemm(bool trans_a, bool trans_b, int m, int n, int k, float alpha, const float* a,
          const float* b, float beta, float* c) {
  using demitasse::Trans;
  demitasse::Gemm(trans_a ? Trans::kYes : Trans::kNo, trans_b ? Trans::kYes : Trans::kNo, m, n, k,
                  alpha, a, b, beta, c);
}

void Im2col(const Windows& windows, const float* data_im, float* data_col) {
  const Matrix matrix(windows);
  demitasse::Im2col(matrix.geometry, data_im, matrix.rows, matrix.columns, data_col);
}

void Col2im(const Windows& windows, const float* data_col, float* data_im) {
  const Matrix matrix(windows);
  std::fill_n(data_im, matrix.image_size, 0.0F);
  demitasse::Col2im(matrix.geometry, data_col, matrix.rows, matrix.columns, data_im);
}

}  // namespace compat
}  // namespace caffe
