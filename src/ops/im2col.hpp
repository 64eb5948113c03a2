// The matrix of windows: one column per window, one row per channel and place in the kernel.
// Row (c * kernel volume + k), column p holds channel c's value under place k of window p, 0 where
// that is padding. Chellapilla, Puri, Simard (2006), "High performance convolutional neural
// networks for document processing". Any block of the matrix can be had on its own.
#ifndef DEMITASSE_SRC_OPS_IM2COL_HPP_
#define DEMITASSE_SRC_OPS_IM2COL_HPP_

#include <cstdint>

#include "src/ops/window.hpp"

namespace demitasse {

struct Range {
  int64_t begin = 0;
  int64_t end = 0;

  int64_t size() const { return end - begin; }
};

// Writes the block of these rows and columns, row-major without gaps, to `block`. `image` holds the
// channels one after the other.
void Im2col(const WindowGeometry& window, const float* image, Range rows, Range columns,
            float* block);

// Adds each element of the block to the place in the image it was copied from.
void Col2im(const WindowGeometry& window, const float* block, Range rows, Range columns,
            float* image);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_IM2COL_HPP_
