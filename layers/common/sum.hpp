// Sums in double, cut into lanes so that the compiler can add with vector instructions.
#ifndef DEMITASSE_LAYERS_COMMON_SUM_HPP_
#define DEMITASSE_LAYERS_COMMON_SUM_HPP_

#include <cstdint>

namespace demitasse {

// The sum of term(i) for i in [0, count).
template <typename Term>
double Sum(int64_t count, const Term& term) {
  constexpr int kLanes = 8;
  double total = 0;
  int64_t i = 0;
  if (count >= kLanes) {
    double lanes[kLanes] = {};
    for (; i + kLanes <= count; i += kLanes) {
      for (int lane = 0; lane < kLanes; ++lane) lanes[lane] += static_cast<double>(term(i + lane));
    }
    for (const double lane : lanes) total += lane;
  }
  for (; i < count; ++i) total += static_cast<double>(term(i));
  return total;
}

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_SUM_HPP_
