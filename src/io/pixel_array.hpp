// A sample of a data set, before it is made ready for a net.
#ifndef DEMITASSE_SRC_IO_PIXEL_ARRAY_HPP_
#define DEMITASSE_SRC_IO_PIXEL_ARRAY_HPP_

#include <cstdint>
#include <vector>

namespace demitasse {

// channels x height x width values in row-major order: bytes, as most data sets have them, or
// floats. One of the two vectors is empty.
struct PixelArray {
  int channels = 0;
  int height = 0;
  int width = 0;
  std::vector<uint8_t> bytes;
  std::vector<float> floats;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_PIXEL_ARRAY_HPP_
