// The names of BLAS, and those vector functions of Intel's library that Caffe defines where that
// library is missing.
#ifndef DEMITASSE_CAFFE_UTIL_MKL_ALTERNATE_HPP_
#define DEMITASSE_CAFFE_UTIL_MKL_ALTERNATE_HPP_

#include <cmath>

#if __has_include(<cblas.h>)
extern "C" {
#include <cblas.h>  // IWYU pragma: export
}
#else
enum CBLAS_ORDER { CblasRowMajor = 101, CblasColMajor = 102 };
enum CBLAS_TRANSPOSE { CblasNoTrans = 111, CblasTrans = 112, CblasConjTrans = 113 };
#endif

#define DEFINE_VSL_UNARY_FUNC(name, operation)                                             \
  template <typename Dtype>                                                                \
  void v##name(const int n, const Dtype* a, Dtype* y) {                                    \
    for (int i = 0; i < n; ++i) {                                                          \
      operation;                                                                           \
    }                                                                                      \
  }                                                                                        \
  inline void vs##name(const int n, const float* a, float* y) { v##name<float>(n, a, y); } \
  inline void vd##name(const int n, const double* a, double* y) { v##name<double>(n, a, y); }

#define DEFINE_VSL_UNARY_FUNC_WITH_PARAM(name, operation)                        \
  template <typename Dtype>                                                      \
  void v##name(const int n, const Dtype* a, const Dtype b, Dtype* y) {           \
    for (int i = 0; i < n; ++i) {                                                \
      operation;                                                                 \
    }                                                                            \
  }                                                                              \
  inline void vs##name(const int n, const float* a, const float b, float* y) {   \
    v##name<float>(n, a, b, y);                                                  \
  }                                                                              \
  inline void vd##name(const int n, const double* a, const float b, double* y) { \
    v##name<double>(n, a, b, y);                                                 \
  }

#define DEFINE_VSL_BINARY_FUNC(name, operation)                                    \
  template <typename Dtype>                                                        \
  void v##name(const int n, const Dtype* a, const Dtype* b, Dtype* y) {            \
    for (int i = 0; i < n; ++i) {                                                  \
      operation;                                                                   \
    }                                                                              \
  }                                                                                \
  inline void vs##name(const int n, const float* a, const float* b, float* y) {    \
    v##name<float>(n, a, b, y);                                                    \
  }                                                                                \
  inline void vd##name(const int n, const double* a, const double* b, double* y) { \
    v##name<double>(n, a, b, y);                                                   \
  }

DEFINE_VSL_UNARY_FUNC(Sqr, y[i] = a[i] * a[i])
DEFINE_VSL_UNARY_FUNC(Sqrt, y[i] = std::sqrt(a[i]))
DEFINE_VSL_UNARY_FUNC(Exp, y[i] = std::exp(a[i]))
DEFINE_VSL_UNARY_FUNC(Ln, y[i] = std::log(a[i]))
DEFINE_VSL_UNARY_FUNC(Abs, y[i] = std::fabs(a[i]))
DEFINE_VSL_UNARY_FUNC_WITH_PARAM(Powx, y[i] = std::pow(a[i], b))
DEFINE_VSL_BINARY_FUNC(Add, y[i] = a[i] + b[i])
DEFINE_VSL_BINARY_FUNC(Sub, y[i] = a[i] - b[i])
DEFINE_VSL_BINARY_FUNC(Mul, y[i] = a[i] * b[i])
DEFINE_VSL_BINARY_FUNC(Div, y[i] = a[i] / b[i])

#endif  // DEMITASSE_CAFFE_UTIL_MKL_ALTERNATE_HPP_
