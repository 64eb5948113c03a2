// The logistic function, which several activations are made of.
#ifndef DEMITASSE_LAYERS_COMMON_LOGISTIC_HPP_
#define DEMITASSE_LAYERS_COMMON_LOGISTIC_HPP_

#include <cmath>

namespace demitasse {

// 1 / (1 + exp(-x)). Where exp overflows, 1 / infinity is the right answer.
inline float Logistic(float x) { return 1 / (1 + std::exp(-x)); }

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_LOGISTIC_HPP_
