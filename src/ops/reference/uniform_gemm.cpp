#include "src/ops/reference/uniform_gemm.hpp"

#include <algorithm>
#include <cstring>

namespace demitasse {
namespace {

constexpr int kColumns = 16;  // of a panel of B

struct Panel {
  int64_t k;
  const float* a;
  int64_t a_stride;
  const float* b;  // k x kColumns
  float* c;
  int64_t c_stride;
  int64_t columns;  // of C, at most kColumns
};

// The registers of a processor: with `rows` rows of A, the sums of a panel fill them.
struct Avx2 {
  using Vector = float __attribute__((vector_size(32)));
  static constexpr int kRows = 6;
};
struct AnyProcessor {
  using Vector = float __attribute__((vector_size(16)));
  static constexpr int kRows = 2;
};

template <typename Registers, int rows>
__attribute__((always_inline)) inline void MultiplyRows(const Panel& panel, int64_t row) {
  using Vector = typename Registers::Vector;
  constexpr int kVectors = kColumns * sizeof(float) / sizeof(Vector);
  const float* const a = panel.a + row * panel.a_stride;
  constexpr int kLanes = kColumns / kVectors;
  Vector sums[rows][kVectors] = {};
  for (int64_t i = 0; i < panel.k; ++i) {
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) {
      Vector b;
      std::memcpy(&b, panel.b + i * kColumns + v * kLanes, sizeof(b));
#pragma GCC unroll 8
      for (int r = 0; r < rows; ++r) sums[r][v] += a[r * panel.a_stride + i] * b;
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < rows; ++r) {
    float sum[kColumns];
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) {
      std::memcpy(sum + v * kLanes, &sums[r][v], sizeof(sums[r][v]));
    }
    float* const c = panel.c + (row + r) * panel.c_stride;
    for (int64_t j = 0; j < panel.columns; ++j) c[j] += sum[j];
  }
}

template <typename Registers>
__attribute__((always_inline)) inline void MultiplyPanel(const Panel& panel, int64_t m) {
  constexpr int kRows = Registers::kRows;
  int64_t row = 0;
  for (; row + kRows <= m; row += kRows) MultiplyRows<Registers, kRows>(panel, row);
  for (; row < m; ++row) MultiplyRows<Registers, 1>(panel, row);
}

using PanelFunction = void (*)(const Panel&, int64_t);

void MultiplyPanelAnywhere(const Panel& panel, int64_t m) { MultiplyPanel<AnyProcessor>(panel, m); }

#ifdef __x86_64__
__attribute__((target("avx2,fma"))) void MultiplyPanelAvx2(const Panel& panel, int64_t m) {
  MultiplyPanel<Avx2>(panel, m);
}

PanelFunction FastestPanelFunction() {
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return has_avx2 ? MultiplyPanelAvx2 : MultiplyPanelAnywhere;
}
#else
PanelFunction FastestPanelFunction() { return MultiplyPanelAnywhere; }
#endif

}  // namespace

int64_t UniformProductScratch(int64_t k) { return k * kColumns; }

void AddUniformProduct(int64_t m, int64_t n, int64_t k, const float* a, int64_t a_stride,
                       const float* b, int64_t b_stride, float* c, int64_t c_stride,
                       float* scratch) {
  static const PanelFunction multiply_panel = FastestPanelFunction();
  for (int64_t column = 0; column < n; column += kColumns) {
    const int64_t columns = std::min<int64_t>(kColumns, n - column);
    for (int64_t i = 0; i < k; ++i) {
      float* const row = scratch + i * kColumns;
      std::copy_n(b + i * b_stride + column, columns, row);
      std::fill(row + columns, row + kColumns, 0.0f);
    }
    multiply_panel({k, a, a_stride, scratch, c + column, c_stride, columns}, m);
  }
}

}  // namespace demitasse
