// The transforms of F(4x4, 3x3) along one axis, for one instruction set. Included once per set.
//
// With A, B, G of Cook and Toom's algorithm for the points 0, a, -a, b, -b and infinity,
//   y = A' ((G g) * (B' d))
// is the correlation of 6 places d with 3 weights g. The points are a = sqrt(1/2), b = sqrt(2):
// their rounding errors are less than half of those of the usual a = 1, b = 2.
#if defined(DEMITASSE_SRC_OPS_WINOGRAD_TRANSFORMS_INL_HPP_) == defined(HWY_TARGET_TOGGLE)
#ifdef DEMITASSE_SRC_OPS_WINOGRAD_TRANSFORMS_INL_HPP_
#undef DEMITASSE_SRC_OPS_WINOGRAD_TRANSFORMS_INL_HPP_
#else
#define DEMITASSE_SRC_OPS_WINOGRAD_TRANSFORMS_INL_HPP_
#endif

#include <hwy/highway.h>

#include "src/ops/vectors-inl.hpp"
#include "src/ops/winograd_kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace demitasse {
namespace HWY_NAMESPACE {

constexpr int kWindow = kWinogradWindow;
constexpr int kTile = kWinogradTile;

inline int64_t Blocks(int64_t channels) { return (channels + kLanes - 1) / kLanes; }

// Where a tile is: its image, and the place of its first result.
struct Position {
  int64_t image, y, x;

  Position(const WinogradShape& shape, int64_t tile) {
    const int64_t row = tile / shape.tiles_across();
    image = row / shape.tiles_down();
    y = row % shape.tiles_down() * kTile;
    x = tile % shape.tiles_across() * kTile;
  }
};

// Copies kSize x kSize places of one block of channels, beginning with (y, x); those outside are 0.
template <int kSize>
HWY_INLINE void CopyWindow(const float* HWY_RESTRICT src, int64_t height, int64_t width, int64_t y,
                           int64_t x, float* HWY_RESTRICT window) {
  const D d;
  for (int64_t i = 0; i < kSize; ++i) {
    for (int64_t j = 0; j < kSize; ++j) {
      const bool inside = y + i >= 0 && y + i < height && x + j >= 0 && x + j < width;
      const V value = inside ? hn::Load(d, src + ((y + i) * width + x + j) * kLanes) : hn::Zero(d);
      hn::Store(value, d, window + (i * kSize + j) * kLanes);
    }
  }
}

constexpr float kA = 0.70710678118654752f;  // sqrt(1/2)
constexpr float kB = 1.41421356237309505f;  // sqrt(2)

// B' d.
HWY_INLINE void InputTransform(const V (&x)[6], V (&y)[6]) {
  const D d;
  const V a = hn::Set(d, kA), b = hn::Set(d, kB);
  const V half = hn::Set(d, 0.5f), two = hn::Set(d, 2.0f), sum = hn::Set(d, 2.5f);
  y[0] = hn::NegMulAdd(sum, x[2], hn::Add(x[0], x[4]));
  const V even_a = hn::NegMulAdd(two, x[2], x[4]);
  const V odd_a = hn::NegMulAdd(two, x[1], x[3]);
  y[1] = hn::MulAdd(a, odd_a, even_a);
  y[2] = hn::NegMulAdd(a, odd_a, even_a);
  const V even_b = hn::NegMulAdd(half, x[2], x[4]);
  const V odd_b = hn::NegMulAdd(half, x[1], x[3]);
  y[3] = hn::MulAdd(b, odd_b, even_b);
  y[4] = hn::NegMulAdd(b, odd_b, even_b);
  y[5] = hn::NegMulAdd(sum, x[3], hn::Add(x[1], x[5]));
}

// A' m.
HWY_INLINE void OutputTransform(const V (&x)[6], V (&y)[4]) {
  const D d;
  const V sum_a = hn::Add(x[1], x[2]), difference_a = hn::Sub(x[1], x[2]);
  const V sum_b = hn::Add(x[3], x[4]), difference_b = hn::Sub(x[3], x[4]);
  const V odd_a = hn::Mul(hn::Set(d, kA), difference_a);
  const V odd_b = hn::Mul(hn::Set(d, kB), difference_b);
  const V half = hn::Set(d, 0.5f), two = hn::Set(d, 2.0f);
  y[0] = hn::Add(x[0], hn::Add(sum_a, sum_b));
  y[1] = hn::Add(odd_a, odd_b);
  y[2] = hn::MulAdd(half, sum_a, hn::Mul(two, sum_b));
  y[3] = hn::MulAdd(half, odd_a, hn::MulAdd(two, odd_b, x[5]));
}

// G g.
HWY_INLINE void WeightsTransform(const V (&x)[3], V (&y)[6]) {
  const D d;
  const V even_a = hn::Mul(hn::Set(d, -2.0f / 3), hn::MulAdd(hn::Set(d, 0.5f), x[2], x[0]));
  const V odd_a = hn::Mul(hn::Set(d, -2.0f / 3 * kA), x[1]);
  const V even_b = hn::Mul(hn::Set(d, 1.0f / 6), hn::MulAdd(hn::Set(d, 2.0f), x[2], x[0]));
  const V odd_b = hn::Mul(hn::Set(d, kB / 6), x[1]);
  y[0] = x[0];
  y[1] = hn::Add(even_a, odd_a);
  y[2] = hn::Sub(even_a, odd_a);
  y[3] = hn::Add(even_b, odd_b);
  y[4] = hn::Sub(even_b, odd_b);
  y[5] = x[2];
}

// A y, the gradient of what A' is applied to.
HWY_INLINE void OutputGradientTransform(const V (&x)[4], V (&y)[6]) {
  const D d;
  const V a = hn::Set(d, kA), b = hn::Set(d, kB);
  const V half = hn::Set(d, 0.5f), two = hn::Set(d, 2.0f);
  const V even_a = hn::MulAdd(half, x[2], x[0]), odd_a = hn::MulAdd(half, x[3], x[1]);
  const V even_b = hn::MulAdd(two, x[2], x[0]), odd_b = hn::MulAdd(two, x[3], x[1]);
  y[0] = x[0];
  y[1] = hn::MulAdd(a, odd_a, even_a);
  y[2] = hn::NegMulAdd(a, odd_a, even_a);
  y[3] = hn::MulAdd(b, odd_b, even_b);
  y[4] = hn::NegMulAdd(b, odd_b, even_b);
  y[5] = x[3];
}

// G' u, the gradient of what G is applied to.
HWY_INLINE void WeightsGradientTransform(const V (&x)[6], V (&y)[3]) {
  const D d;
  const V even_a = hn::Mul(hn::Set(d, -2.0f / 3), hn::Add(x[1], x[2]));
  const V odd_a = hn::Mul(hn::Set(d, -2.0f / 3 * kA), hn::Sub(x[1], x[2]));
  const V even_b = hn::Mul(hn::Set(d, 1.0f / 6), hn::Add(x[3], x[4]));
  y[0] = hn::Add(x[0], hn::Add(even_a, even_b));
  y[1] = hn::MulAdd(hn::Set(d, kB / 6), hn::Sub(x[3], x[4]), odd_a);
  y[2] = hn::MulAdd(hn::Set(d, 0.5f), even_a, hn::MulAdd(hn::Set(d, 2.0f), even_b, x[5]));
}

}  // namespace HWY_NAMESPACE
}  // namespace demitasse
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
