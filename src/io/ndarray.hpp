// An array as files outside of any net hold it: shape and values in row-major order.
#ifndef DEMITASSE_SRC_IO_NDARRAY_HPP_
#define DEMITASSE_SRC_IO_NDARRAY_HPP_

#include <vector>

namespace demitasse {

struct NdArray {
  std::vector<int> shape;  // no axes: one value
  std::vector<float> values;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_NDARRAY_HPP_
