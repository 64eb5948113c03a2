#include "layers/common/axis_parts.hpp"

#include <algorithm>

#include "src/core/text.hpp"
#include "src/core/threads.hpp"

namespace demitasse {

void CopyRuns(int64_t runs, int64_t length, const float* from, int64_t from_step, float* to,
              int64_t to_step) {
  ParallelFor(runs * length, kElementwiseGrain, [=](int64_t begin, int64_t end) {
    while (begin < end) {
      const int64_t run = begin / length;
      const int64_t at = begin % length;
      const int64_t count = std::min(end - begin, length - at);
      std::copy_n(from + run * from_step + at, count, to + run * to_step + at);
      begin += count;
    }
  });
}

int OldAxis(const Layer& layer, const Blob& blob, uint32_t axis, const std::string& field) {
  if (axis >= static_cast<uint32_t>(blob.num_axes())) {
    throw layer.Fail(field, Cat("axis ", axis, " is outside the bottom's ", blob.num_axes(),
                                " axes (", blob.shape_string(), ")"));
  }
  return static_cast<int>(axis);
}

}  // namespace demitasse
