// Weighted sums of arrays of one shape, in the layout most of them are in.
#ifndef DEMITASSE_SRC_OPS_ADD_HPP_
#define DEMITASSE_SRC_OPS_ADD_HPP_

#include <cstdint>
#include <vector>

#include "demitasse/buffer.hpp"

namespace demitasse {

// sum = coeffs[0] * terms[0] + coeffs[1] * terms[1] + ..., for `size` elements, in one pass. All
// factors are 1 if `coeffs` is empty; no terms make 0. `sum` may be the first term.
void AddBuffers(const std::vector<const Buffer*>& terms, const std::vector<float>& coeffs,
                int64_t size, Buffer* sum);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_ADD_HPP_
