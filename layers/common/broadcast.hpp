// How a small array lies on a larger one that it is repeated over: a value per channel on a batch
// of images, for example.
#ifndef DEMITASSE_LAYERS_COMMON_BROADCAST_HPP_
#define DEMITASSE_LAYERS_COMMON_BROADCAST_HPP_

#include <algorithm>
#include <cstdint>

#include "layers/common/sum.hpp"
#include "src/core/threads.hpp"

namespace demitasse {

// The large array, seen as (outer, middle, inner); value m of the small one belongs to all its
// elements (o, m, i).
struct Broadcast {
  int64_t outer = 1;
  int64_t middle = 1;
  int64_t inner = 1;

  int64_t size() const { return outer * middle * inner; }

  // Calls body(m, begin, end), in parallel, for ranges of elements of the large array that belong
  // to value m; they cover all of it.
  template <typename Body>
  void ForEachRun(const Body& body) const {
    ParallelFor(size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
      int64_t run = begin / inner;
      int64_t m = run % middle;
      while (begin < end) {
        ++run;
        const int64_t run_end = std::min(end, run * inner);
        body(m, begin, run_end);
        begin = run_end;
        if (++m == middle) m = 0;
      }
    });
  }

  // Calls body(m), in parallel, for every value of the small array.
  template <typename Body>
  void ForEachValue(const Body& body) const {
    const int64_t elements_per_value = std::max<int64_t>(1, outer * inner);
    const int64_t grain = std::max<int64_t>(1, kElementwiseGrain / elements_per_value);
    ParallelFor(middle, grain, [&](int64_t begin, int64_t end) {
      for (int64_t m = begin; m < end; ++m) body(m);
    });
  }

  // The sum of term(element) over the elements of the large array that belong to value m.
  template <typename Term>
  double SumFor(int64_t m, const Term& term) const {
    if (inner == 1) return Sum(outer, [&](int64_t o) { return term(o * middle + m); });
    double total = 0;
    for (int64_t o = 0; o < outer; ++o) {
      const int64_t begin = (o * middle + m) * inner;
      total += Sum(inner, [&](int64_t i) { return term(begin + i); });
    }
    return total;
  }
};

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_BROADCAST_HPP_
