// A matrix product that rounds every element alike.
//
// OpenBLAS computes the columns of a product by several kernels, which round differently: two
// windows of a picture with the same content then differ in the last bit, and which of them a max
// pooling behind takes is left to chance. Here equal columns give equal results.
#ifndef DEMITASSE_SRC_OPS_REFERENCE_UNIFORM_GEMM_HPP_
#define DEMITASSE_SRC_OPS_REFERENCE_UNIFORM_GEMM_HPP_

#include <cstdint>

namespace demitasse {

// Floats of scratch memory that AddUniformProduct needs.
int64_t UniformProductScratch(int64_t k);

// C += A B with A (m x k), B (k x n) and C (m x n), all row-major, their rows as far apart as their
// strides say. Every element is one sum over k in order, then added to C. Runs in one thread.
void AddUniformProduct(int64_t m, int64_t n, int64_t k, const float* a, int64_t a_stride,
                       const float* b, int64_t b_stride, float* c, int64_t c_stride,
                       float* scratch);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_REFERENCE_UNIFORM_GEMM_HPP_
