// Matrix products by oneDNN.
#ifndef DEMITASSE_SRC_OPS_ONEDNN_GEMM_HPP_
#define DEMITASSE_SRC_OPS_ONEDNN_GEMM_HPP_

#include <cstdint>

#include "src/ops/blas.hpp"

namespace demitasse {

// As Gemm() in blas.hpp, but faster on processors OpenBLAS does not know; the last bits may depend
// on the number of threads.
void DnnlGemm(Trans trans_a, Trans trans_b, int64_t m, int64_t n, int64_t k, float alpha,
              const float* a, const float* b, float beta, float* c);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_ONEDNN_GEMM_HPP_
