// .binaryproto files: one array, such as a mean image, as a BlobProto message.
#ifndef DEMITASSE_SRC_IO_BINARY_PROTO_HPP_
#define DEMITASSE_SRC_IO_BINARY_PROTO_HPP_

#include <string>

#include "src/io/ndarray.hpp"

namespace demitasse {

// Reads the array; values in double precision are rounded. A shape in the old form has four axes.
// Throws Error if the file is missing, damaged or of another kind, or if the values are not as many
// as the shape needs.
NdArray ReadBinaryProto(const std::string& path);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_BINARY_PROTO_HPP_
