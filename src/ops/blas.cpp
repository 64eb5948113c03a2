#include "src/ops/blas.hpp"

#include <cblas.h>

#include <algorithm>
#include <limits>
#include <mutex>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"

// Of OpenBLAS, which calls it before a fork but has it in no header; not in its serial build.
extern "C" __attribute__((weak)) int blas_thread_shutdown_();

namespace demitasse {
namespace {

// A tile of C. Larger ones spend less on copying A and B into the kernel's order, smaller ones keep
// more cores busy.
constexpr int64_t kTileRows = 256;
constexpr int64_t kTileColumns = 512;

CBLAS_TRANSPOSE Cblas(Trans trans) { return trans == Trans::kYes ? CblasTrans : CblasNoTrans; }

Trans Flip(Trans trans) { return trans == Trans::kYes ? Trans::kNo : Trans::kYes; }

// Leaves OpenBLAS's pthread build no threads of its own.
void UseOneBlasThread() {
  static std::once_flag once;
  std::call_once(once, [] { openblas_set_num_threads(1); });
}

// op(A)'s element (row, column) is at Offset(A, row, column).
int64_t Offset(const GemmFactor& factor, int64_t row, int64_t column) {
  return factor.trans == Trans::kYes ? column * factor.stride + row : row * factor.stride + column;
}

GemmFactor From(const GemmFactor& factor, int64_t row, int64_t column) {
  return {factor.data + Offset(factor, row, column), factor.stride, factor.trans};
}

void Scale(int64_t m, int64_t n, float beta, float* c, int64_t c_stride) {
  for (int64_t row = 0; row < m; ++row) {
    for (int64_t column = 0; column < n; ++column) {
      float& element = c[row * c_stride + column];
      element = beta == 0 ? 0 : element * beta;
    }
  }
}

// y = alpha * op(A) * x + beta * y with op(A) m x k; the vectors' elements lie `step` apart.
void MatrixTimesVector(int64_t m, int64_t k, float alpha, const GemmFactor& a, const float* x,
                       int64_t x_step, float beta, float* y, int64_t y_step) {
  if (beta == 0) Scale(m, 1, 0, y, y_step);  // sgemv would keep a NaN
  const bool transposed = a.trans == Trans::kYes;
  cblas_sgemv(CblasRowMajor, Cblas(a.trans), static_cast<blasint>(transposed ? k : m),
              static_cast<blasint>(transposed ? m : k), alpha, a.data,
              static_cast<blasint>(a.stride), x, static_cast<blasint>(x_step), beta, y,
              static_cast<blasint>(y_step));
}

}  // namespace

void StopBlasThreads() {
  UseOneBlasThread();
  if (blas_thread_shutdown_ != nullptr) blas_thread_shutdown_();
}

void CheckGemmSize(int64_t size) {
  if (size > std::numeric_limits<blasint>::max()) {
    throw Error(Cat("a matrix product over ", size, " elements in a row is beyond BLAS, which has ",
                    "at most ", std::numeric_limits<blasint>::max()));
  }
}

void SerialGemm(int64_t m, int64_t n, int64_t k, float alpha, const GemmFactor& a,
                const GemmFactor& b, float beta, float* c, int64_t c_stride) {
  if (m == 0 || n == 0) return;
  if (k == 0) return Scale(m, n, beta, c, c_stride);
  const ThreadScope one_thread(1);  // OpenBLAS's OpenMP build asks OpenMP
  UseOneBlasThread();
  if (n == 1) {
    const int64_t step = b.trans == Trans::kYes ? 1 : b.stride;
    MatrixTimesVector(m, k, alpha, a, b.data, step, beta, c, c_stride);
  } else if (m == 1) {
    const int64_t step = a.trans == Trans::kYes ? a.stride : 1;
    const GemmFactor transposed_b{b.data, b.stride, Flip(b.trans)};
    MatrixTimesVector(n, k, alpha, transposed_b, a.data, step, beta, c, 1);
  } else {
    cblas_sgemm(CblasRowMajor, Cblas(a.trans), Cblas(b.trans), static_cast<blasint>(m),
                static_cast<blasint>(n), static_cast<blasint>(k), alpha, a.data,
                static_cast<blasint>(a.stride), b.data, static_cast<blasint>(b.stride), beta, c,
                static_cast<blasint>(c_stride));
  }
}

void Gemm(Trans trans_a, Trans trans_b, int64_t m, int64_t n, int64_t k, float alpha,
          const float* a, const float* b, float beta, float* c) {
  const GemmFactor factor_a{a, std::max<int64_t>(1, trans_a == Trans::kYes ? m : k), trans_a};
  const GemmFactor factor_b{b, std::max<int64_t>(1, trans_b == Trans::kYes ? k : n), trans_b};
  for (const int64_t size : {n, k, factor_a.stride, factor_b.stride}) CheckGemmSize(size);

  const int64_t tiles_down = (m + kTileRows - 1) / kTileRows;
  const int64_t tiles_across = (n + kTileColumns - 1) / kTileColumns;
  ParallelFor(tiles_down * tiles_across, 1, [&](int64_t tile, int64_t) {
    const int64_t row = tile / tiles_across * kTileRows;
    const int64_t column = tile % tiles_across * kTileColumns;
    SerialGemm(std::min(kTileRows, m - row), std::min(kTileColumns, n - column), k, alpha,
               From(factor_a, row, 0), From(factor_b, 0, column), beta, c + row * n + column, n);
  });
}

}  // namespace demitasse
