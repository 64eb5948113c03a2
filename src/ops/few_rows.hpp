// The product of a few rows with a matrix of weights that are read once, at nearly the memory's
// speed: general products are made for many rows, and copy the weights first.
#ifndef DEMITASSE_SRC_OPS_FEW_ROWS_HPP_
#define DEMITASSE_SRC_OPS_FEW_ROWS_HPP_

#include <cstdint>

namespace demitasse {

struct InnerProductShape {
  int64_t rows, inputs, outputs;
};

// The numbers of rows for which this is faster than oneDNN's general product.
constexpr int64_t kFewestRows = 2;
constexpr int64_t kMostRows = 48;

// dst += src x weights^T, with src (rows, inputs), weights (outputs, inputs), dst (rows, outputs).
// The bits are the same for any number of threads.
void AddFewRows(const InnerProductShape& shape, const float* src, const float* weights, float* dst);

// Whether there is fast code for this processor.
bool HasFastFewRows();

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_FEW_ROWS_HPP_
