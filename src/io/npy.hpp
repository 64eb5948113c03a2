// Arrays in numpy's .npy files.
#ifndef DEMITASSE_SRC_IO_NPY_HPP_
#define DEMITASSE_SRC_IO_NPY_HPP_

#include <string>
#include <vector>

#include "src/io/ndarray.hpp"

namespace demitasse {

// Reads an array of numbers of any real or integer type up to 8 bytes, in either byte order, as
// floats in row-major order. Values beyond a float's precision are rounded, beyond its range they
// become infinite. Throws Error if the file is missing, damaged, or holds something else. Bytes
// behind the array are ignored with a warning. Never takes more memory than the file justifies.
NdArray ReadNpy(const std::string& path);

// Writes `values`, row-major, as float32, byte for byte as numpy would. Throws Error if the file
// cannot be written; then whatever stood there before is untouched.
void WriteNpy(const std::string& path, const std::vector<int>& shape, const float* values);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_NPY_HPP_
