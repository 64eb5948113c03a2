// The header of a .npy file: a Python dict that says how the bytes behind it are to be read.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#ifndef DEMITASSE_SRC_IO_NPY_HEADER_HPP_
#define DEMITASSE_SRC_IO_NPY_HEADER_HPP_

#include <string>
#include <vector>

namespace demitasse {

struct NpyHeader {
  std::string descr;  // the type of the elements, "<f4"
  bool fortran_order = false;
  std::vector<int> shape;
};

// Reads "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }". Throws Error at `path` if
// it is anything else.
NpyHeader ParseNpyHeader(const std::string& text, const std::string& path);

// The start of a file of float values in row-major order, byte for byte as numpy writes it.
std::string NpyPrefix(const std::vector<int>& shape);

// The Error for elements of a type that cannot be read; `dtype` is as the file writes it.
[[noreturn]] void ThrowUnsupportedDtype(const std::string& dtype, const std::string& path);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_NPY_HEADER_HPP_
