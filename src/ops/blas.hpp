// Matrix products on all cores, with the same bits for any number of threads and any build of
// OpenBLAS: it is called from one thread each for tiles whose size depends on the product alone.
#ifndef DEMITASSE_SRC_OPS_BLAS_HPP_
#define DEMITASSE_SRC_OPS_BLAS_HPP_

#include <cstdint>

namespace demitasse {

enum class Trans { kNo, kYes };

// C = alpha * op(A) * op(B) + beta * C, all row-major and without gaps between rows: op(A) is
// m x k, op(B) is k x n, C is m x n. With beta 0, C need not hold numbers before. Throws Error for
// a k or a length of a row beyond int, which BLAS counts with.
void Gemm(Trans trans_a, Trans trans_b, int64_t m, int64_t n, int64_t k, float alpha,
          const float* a, const float* b, float beta, float* c);

// A factor of a product, stored row-major with `stride` elements from one row to the next.
struct GemmFactor {
  const float* data;
  int64_t stride;
  Trans trans = Trans::kNo;
};

// The same in the calling thread, for use inside parallel loops: C has `c_stride` elements from one
// row to the next. All sizes and strides must have passed CheckGemmSize().
void SerialGemm(int64_t m, int64_t n, int64_t k, float alpha, const GemmFactor& a,
                const GemmFactor& b, float beta, float* c, int64_t c_stride);

// Ends the threads that OpenBLAS's pthread build starts when it is loaded: nothing here needs them,
// and for their first 26 ms they would keep a core busy with waiting. For a program that has just
// started.
void StopBlasThreads();

// Throws Error for a size that BLAS cannot count.
void CheckGemmSize(int64_t size);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_BLAS_HPP_
