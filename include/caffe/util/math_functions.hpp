// Caffe's functions on arrays. Those that BLAS has are computed as the library's own layers compute
// them: with the same bits for any number of threads. Random numbers come from the net whose layer
// this thread runs (compat::CurrentRng).
#ifndef DEMITASSE_CAFFE_UTIL_MATH_FUNCTIONS_HPP_
#define DEMITASSE_CAFFE_UTIL_MATH_FUNCTIONS_HPP_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include "caffe/common.hpp"
#include "caffe/util/device_alternate.hpp"
#include "caffe/util/mkl_alternate.hpp"
#include "demitasse/export.hpp"
#include "demitasse/random.hpp"

namespace caffe {
namespace compat {

DEMITASSE_API void Gemm(bool trans_a, bool trans_b, int m, int n, int k, float alpha,
                        const float* a, const float* b, float beta, float* c);
// For types other than float.
template <typename Dtype>
void Gemm(bool trans_a, bool trans_b, int m, int n, int k, Dtype alpha, const Dtype* a,
          const Dtype* b, Dtype beta, Dtype* c) {
  for (int64_t i = 0; i < m; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      Dtype sum = 0;
      for (int64_t l = 0; l < k; ++l) {
        sum += a[trans_a ? l * m + i : i * k + l] * b[trans_b ? j * k + l : l * n + j];
      }
      Dtype& to = c[i * n + j];
      to = alpha * sum + (beta == 0 ? 0 : beta * to);
    }
  }
}

// The sum of term(i) over [0, n), in several parts so that the compiler can vectorize it.
template <typename Term>
double Sum(int n, const Term& term) {
  constexpr int kParts = 8;
  double parts[kParts] = {};
  int i = 0;
  for (; i + kParts <= n; i += kParts) {
    for (int j = 0; j < kParts; ++j) parts[j] += term(i + j);
  }
  double sum = 0;
  for (; i < n; ++i) sum += term(i);
  for (const double part : parts) sum += part;
  return sum;
}

}  // namespace compat

// C = alpha * op(A) * op(B) + beta * C, row-major: op(A) is M x K, op(B) is K x N.
template <typename Dtype>
void caffe_cpu_gemm(const CBLAS_TRANSPOSE TransA, const CBLAS_TRANSPOSE TransB, const int M,
                    const int N, const int K, const Dtype alpha, const Dtype* A, const Dtype* B,
                    const Dtype beta, Dtype* C) {
  compat::Gemm(TransA != CblasNoTrans, TransB != CblasNoTrans, M, N, K, alpha, A, B, beta, C);
}

// y = alpha * op(A) * x + beta * y, A being M x N.
template <typename Dtype>
void caffe_cpu_gemv(const CBLAS_TRANSPOSE TransA, const int M, const int N, const Dtype alpha,
                    const Dtype* A, const Dtype* x, const Dtype beta, Dtype* y) {
  const bool trans = TransA != CblasNoTrans;
  compat::Gemm(trans, false, trans ? N : M, 1, trans ? M : N, alpha, A, x, beta, y);
}

// Y = alpha * X + Y
template <typename Dtype>
void caffe_axpy(const int N, const Dtype alpha, const Dtype* X, Dtype* Y) {
  for (int i = 0; i < N; ++i) Y[i] += alpha * X[i];
}

// Y = alpha * X
template <typename Dtype>
void caffe_cpu_scale(const int n, const Dtype alpha, const Dtype* x, Dtype* y) {
  for (int i = 0; i < n; ++i) y[i] = alpha * x[i];
}

// Y = alpha * X + beta * Y; with beta 0 whatever Y held.
template <typename Dtype>
void caffe_cpu_axpby(const int N, const Dtype alpha, const Dtype* X, const Dtype beta, Dtype* Y) {
  if (beta == 0) return caffe_cpu_scale(N, alpha, X, Y);
  for (int i = 0; i < N; ++i) Y[i] = alpha * X[i] + beta * Y[i];
}

template <typename Dtype>
void caffe_copy(const int N, const Dtype* X, Dtype* Y) {
  if (X != Y && N > 0) std::memmove(Y, X, sizeof(Dtype) * static_cast<size_t>(N));
}

template <typename Dtype>
void caffe_set(const int N, const Dtype alpha, Dtype* X) {
  std::fill_n(X, std::max(0, N), alpha);
}

inline void caffe_memset(const size_t N, const int alpha, void* X) { std::memset(X, alpha, N); }

template <typename Dtype>
void caffe_add_scalar(const int N, const Dtype alpha, Dtype* X) {
  for (int i = 0; i < N; ++i) X[i] += alpha;
}

template <typename Dtype>
void caffe_scal(const int N, const Dtype alpha, Dtype* X) {
  for (int i = 0; i < N; ++i) X[i] *= alpha;
}

#define DEMITASSE_CAFFE_UNARY_FUNCTION(name, value)               \
  template <typename Dtype>                                       \
  void caffe_##name(const int N, const Dtype* a, Dtype* y) {      \
    for (int i = 0; i < N; ++i) y[i] = static_cast<Dtype>(value); \
  }
DEMITASSE_CAFFE_UNARY_FUNCTION(sqr, a[i] * a[i])
DEMITASSE_CAFFE_UNARY_FUNCTION(sqrt, std::sqrt(a[i]))
DEMITASSE_CAFFE_UNARY_FUNCTION(exp, std::exp(a[i]))
DEMITASSE_CAFFE_UNARY_FUNCTION(log, std::log(a[i]))
DEMITASSE_CAFFE_UNARY_FUNCTION(abs, std::abs(a[i]))
#undef DEMITASSE_CAFFE_UNARY_FUNCTION

#define DEMITASSE_CAFFE_BINARY_FUNCTION(name, op)                            \
  template <typename Dtype>                                                  \
  void caffe_##name(const int N, const Dtype* a, const Dtype* b, Dtype* y) { \
    for (int i = 0; i < N; ++i) y[i] = a[i] op b[i];                         \
  }
DEMITASSE_CAFFE_BINARY_FUNCTION(add, +)
DEMITASSE_CAFFE_BINARY_FUNCTION(sub, -)
DEMITASSE_CAFFE_BINARY_FUNCTION(mul, *)
DEMITASSE_CAFFE_BINARY_FUNCTION(div, /)
#undef DEMITASSE_CAFFE_BINARY_FUNCTION

template <typename Dtype>
void caffe_powx(const int n, const Dtype* a, const Dtype b, Dtype* y) {
  for (int i = 0; i < n; ++i) y[i] = std::pow(a[i], b);
}

template <typename Dtype>
Dtype caffe_cpu_dot(const int n, const Dtype* x, const Dtype* y) {
  return static_cast<Dtype>(
      compat::Sum(n, [=](int i) { return static_cast<double>(x[i]) * static_cast<double>(y[i]); }));
}

template <typename Dtype>
Dtype caffe_cpu_strided_dot(const int n, const Dtype* x, const int incx, const Dtype* y,
                            const int incy) {
  return static_cast<Dtype>(compat::Sum(n, [=](int i) {
    return static_cast<double>(x[ptrdiff_t{i} * incx]) *
           static_cast<double>(y[ptrdiff_t{i} * incy]);
  }));
}

// The sum of the absolute values.
template <typename Dtype>
Dtype caffe_cpu_asum(const int n, const Dtype* x) {
  return static_cast<Dtype>(
      compat::Sum(n, [=](int i) { return std::abs(static_cast<double>(x[i])); }));
}

// 1, 0 or -1.
template <typename Dtype>
inline int8_t caffe_sign(Dtype val) {
  return static_cast<int8_t>((Dtype(0) < val) - (val < Dtype(0)));
}

#define DEFINE_CAFFE_CPU_UNARY_FUNC(name, operation)             \
  template <typename Dtype>                                      \
  void caffe_cpu_##name(const int n, const Dtype* x, Dtype* y) { \
    for (int i = 0; i < n; ++i) {                                \
      operation;                                                 \
    }                                                            \
  }
DEFINE_CAFFE_CPU_UNARY_FUNC(sign, y[i] = caffe_sign<Dtype>(x[i]))
DEFINE_CAFFE_CPU_UNARY_FUNC(sgnbit, y[i] = static_cast<bool>(std::signbit(x[i])))
DEFINE_CAFFE_CPU_UNARY_FUNC(fabs, y[i] = std::fabs(x[i]))

// Any 32 bits.
inline unsigned int caffe_rng_rand() {
  return static_cast<unsigned int>(compat::CurrentRng()->Next() >> 32);
}

// The number next to b in the direction of the largest.
template <typename Dtype>
Dtype caffe_nextafter(const Dtype b) {
  return std::nextafter(b, std::numeric_limits<Dtype>::max());
}

// n numbers uniform in [a, b].
template <typename Dtype>
void caffe_rng_uniform(const int n, const Dtype a, const Dtype b, Dtype* r) {
  CHECK_GE(n, 0);
  CHECK(r);
  CHECK_LE(a, b);
  demitasse::Rng* const rng = compat::CurrentRng();
  for (int i = 0; i < n; ++i) {
    r[i] = static_cast<Dtype>(rng->Uniform(static_cast<float>(a), static_cast<float>(b)));
  }
}

// n normal ones, of mean mu and standard deviation sigma.
template <typename Dtype>
void caffe_rng_gaussian(const int n, const Dtype mu, const Dtype sigma, Dtype* r) {
  CHECK_GE(n, 0);
  CHECK(r);
  CHECK_GT(sigma, 0);
  demitasse::Rng* const rng = compat::CurrentRng();
  for (int i = 0; i < n; ++i) {
    r[i] = static_cast<Dtype>(rng->Gaussian(static_cast<float>(mu), static_cast<float>(sigma)));
  }
}

namespace compat {

template <typename Dtype, typename Flag>
void Bernoulli(const int n, const Dtype p, Flag* r) {
  CHECK_GE(n, 0);
  CHECK(r);
  CHECK_GE(p, 0);
  CHECK_LE(p, 1);
  demitasse::Rng* const rng = compat::CurrentRng();
  for (int i = 0; i < n; ++i) r[i] = rng->Bernoulli(static_cast<float>(p)) ? 1 : 0;
}

}  // namespace compat

// n numbers that are 1 with probability p and else 0.
template <typename Dtype>
void caffe_rng_bernoulli(const int n, const Dtype p, int* r) {
  compat::Bernoulli(n, p, r);
}

template <typename Dtype>
void caffe_rng_bernoulli(const int n, const Dtype p, unsigned int* r) {
  compat::Bernoulli(n, p, r);
}

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_UTIL_MATH_FUNCTIONS_HPP_
