// Scaling pictures, value for value as OpenCV's resize with INTER_LINEAR does.
#ifndef DEMITASSE_SRC_IO_RESIZE_HPP_
#define DEMITASSE_SRC_IO_RESIZE_HPP_

#include "src/io/picture.hpp"

namespace demitasse {

// The picture at height x width (both at least 1), each pixel bilinear between the four whose
// centres are around its own centre; beyond the edge the edge pixels go on. Weights are fixed-point
// numbers of 11 bits, which keeps every value within 1 of the exact one. Halving both sides takes
// the mean of 2 x 2 pixels, rounded up at .5.
Picture Resized(const Picture& picture, int height, int width);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_RESIZE_HPP_
