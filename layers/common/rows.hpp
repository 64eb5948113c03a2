// Arrays as rows of equal length, for layers that pick, reorder or repeat rows.
#ifndef DEMITASSE_LAYERS_COMMON_ROWS_HPP_
#define DEMITASSE_LAYERS_COMMON_ROWS_HPP_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "demitasse/blob.hpp"
#include "src/core/threads.hpp"

namespace demitasse {

// Row r of `to` = row source(r) of `from`, for all r < rows.
template <typename Source>
void GatherRows(int64_t rows, int64_t length, const float* from, const Source& source, float* to) {
  ParallelFor(rows * length, kElementwiseGrain, [&](int64_t begin, int64_t end) {
    int64_t row = begin / length;
    int64_t at = begin % length;
    while (begin < end) {
      const int64_t count = std::min(end - begin, length - at);
      std::copy_n(from + source(row) * length + at, count, to + begin);
      begin += count;
      ++row;
      at = 0;
    }
  });
}

// Row r of `to` = the sum of the rows source(r, 0) to source(r, count(r) - 1) of `from`, for all
// r < rows: the gradient of what GatherRows has repeated.
template <typename Count, typename Source>
void SumRows(int64_t rows, int64_t length, const float* from, const Count& count,
             const Source& source, float* to) {
  constexpr int64_t kPart = 256;  // of a row; its sums, in double, stay in the nearest cache
  ParallelFor(rows * length, kElementwiseGrain, [&](int64_t begin, int64_t end) {
    double sums[kPart];
    int64_t row = begin / length;
    int64_t at = begin % length;
    while (begin < end) {
      const int64_t part = std::min({end - begin, length - at, kPart});
      std::fill_n(sums, part, 0.0);
      const int64_t summands = count(row);
      for (int64_t i = 0; i < summands; ++i) {
        const float* const values = from + source(row, i) * length + at;
        for (int64_t j = 0; j < part; ++j) sums[j] += static_cast<double>(values[j]);
      }
      for (int64_t j = 0; j < part; ++j) to[begin + j] = static_cast<float>(sums[j]);
      begin += part;
      at += part;
      if (at == length) {
        ++row;
        at = 0;
      }
    }
  });
}

// The items of a blob are its parts along axis 0. Item i of the top's data = item items[i] of the
// bottom's.
void PickItems(const Blob& bottom, const std::vector<int>& items, Blob* top);

// The bottom's gradient: each item gets the sum of those of the items it was picked as.
void PickItemsGradient(const Blob& top, const std::vector<int>& items, Blob* bottom);

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_ROWS_HPP_
