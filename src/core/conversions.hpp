// Counts how often an array is brought from one layout into another: what a net loses between
// layers that do not speak the same one.
#ifndef DEMITASSE_SRC_CORE_CONVERSIONS_HPP_
#define DEMITASSE_SRC_CORE_CONVERSIONS_HPP_

#include <cstdint>

namespace demitasse {

// The number of conversions that this thread has made so far.
int64_t Conversions();
void CountConversion();

}  // namespace demitasse

#endif  // DEMITASSE_SRC_CORE_CONVERSIONS_HPP_
