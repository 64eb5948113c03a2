#include "src/ops/relu.hpp"

#include <algorithm>
#include <cmath>

#include "src/core/vectorize.hpp"
#include "src/ops/output.hpp"

namespace demitasse {

void Relu::Forward(const Buffer& src, int64_t size, Buffer* dst) const {
  const float slope = negative_slope;
  const float low = threshold;
  const float high = max_value;
  // A layout's padding must stay 0.
  const bool zero_stays = (low <= 0 && high >= 0) || (slope == 0 && low > 0);
  if (!zero_stays) src.plain();
  const int64_t count = StoredSize(src, size);
  const float* const x = src.stored();
  float* const y = OutputInLayoutOf(src, dst);
  const Store store = StoreFor(x, y, count);
  if (slope == 0 && low == 0 && high == std::numeric_limits<float>::infinity()) {
    ParallelMap(count, y, store, [=](int64_t i) { return std::max(x[i], 0.0f); });
  } else if (slope == 0) {  // not by a product, which would be NaN for -infinity
    ParallelMap(count, y, store, [=](int64_t i) {
      const float capped = x[i] > high ? high : x[i];
      return x[i] < low ? 0.0f : capped;
    });
  } else {
    ParallelMap(count, y, store, [=](int64_t i) {
      const float capped = x[i] > high ? high : x[i];
      const float below = slope * (x[i] - low);
      return x[i] < low ? below : capped;
    });
  }
}

void Relu::Backward(const Buffer& known, const Buffer& dst_diff, int64_t size,
                    Buffer* src_diff) const {
  const float slope = negative_slope;
  const float low = threshold;
  // NaN, which nothing reaches, for no ceiling: infinity would.
  const float high = std::isinf(max_value) ? std::numeric_limits<float>::quiet_NaN() : max_value;
  BringTogether(known, dst_diff);
  const float* const values = known.stored();
  const float* const dy = dst_diff.stored();
  const int64_t count = StoredSize(dst_diff, size);
  float* const dx = OutputInLayoutOf(dst_diff, src_diff);
  ParallelMap(count, dx, StoreFor(dy, dx, count), [=](int64_t i) {
    const float scaled = slope * dy[i];
    const float rising = values[i] > low ? dy[i] : scaled;
    return values[i] >= high ? 0 : rising;
  });
}

}  // namespace demitasse
