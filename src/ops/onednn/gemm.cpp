#include "src/ops/onednn/gemm.hpp"

#include <dnnl.hpp>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"

namespace demitasse {

void DnnlGemm(Trans trans_a, Trans trans_b, int64_t m, int64_t n, int64_t k, float alpha,
              const float* a, const float* b, float beta, float* c) {
  if (m == 0 || n == 0) return;
  if (k == 0) return Gemm(trans_a, trans_b, m, n, k, alpha, a, b, beta, c);
  const bool a_transposed = trans_a == Trans::kYes;
  const bool b_transposed = trans_b == Trans::kYes;
  const auto status =
      dnnl::sgemm(a_transposed ? 'T' : 'N', b_transposed ? 'T' : 'N', m, n, k, alpha, a,
                  a_transposed ? m : k, b, b_transposed ? k : n, beta, c, n);
  if (status != dnnl::status::success) {
    throw Error(Cat("oneDNN could not multiply matrices of ", m, " x ", k, " and ", k, " x ", n,
                    ": status ", static_cast<int>(status)),
                ErrorKind::kRun);
  }
}

}  // namespace demitasse
