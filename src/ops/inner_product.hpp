// The product of every row of an array with a matrix of weights, plus a bias.
//
//   dst = src x weights^T + bias
#ifndef DEMITASSE_SRC_OPS_INNER_PRODUCT_HPP_
#define DEMITASSE_SRC_OPS_INNER_PRODUCT_HPP_

#include <cstdint>
#include <string>

#include "src/ops/blas.hpp"
#include "src/ops/op.hpp"

namespace demitasse {

// Shapes: src (rows, inputs), weights (outputs, inputs), or (inputs, outputs) if `transposed`,
// bias (outputs), dst (rows, outputs).
struct InnerProductDesc {
  int64_t rows = 0;
  int64_t inputs = 0;
  int64_t outputs = 0;
  bool transposed = false;
};

// All arrays are in plain order: to reorder the weights, by far the largest of them, would cost as
// much as the product itself, and a second copy of them.
class InnerProduct : public Op {
 public:
  InnerProduct(const InnerProductDesc& desc, Engine engine);

  std::string name() const override;

  // `bias` may be null.
  void Forward(const Buffer& src, const Buffer& weights, const Buffer* bias, Buffer* dst) const;
  // Overwrites src_diff.
  void BackwardData(const Buffer& dst_diff, const Buffer& weights, Buffer* src_diff) const;
  // Adds to weights_diff and bias_diff; a gradient that is not wanted is null.
  void BackwardWeights(const Buffer& src, const Buffer& dst_diff, Buffer* weights_diff,
                       Buffer* bias_diff) const;

 private:
  const InnerProductDesc desc_;
  const decltype(&Gemm) gemm_;
  const bool few_rows_;  // forward
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_INNER_PRODUCT_HPP_
