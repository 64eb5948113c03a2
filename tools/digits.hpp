// Digits drawn as if by hand, white on black: something to train on where there are no data.
//
// A digit has a few ways to write it, strokes through some points. One of these is bent smoothly
// (after Simard, Steinkraus, Platt (2003), "Best practices for convolutional neural networks"),
// slanted, turned and scaled, and drawn with a pen of some width and softness; noise comes on top.
#ifndef DEMITASSE_TOOLS_DIGITS_HPP_
#define DEMITASSE_TOOLS_DIGITS_HPP_

#include <cstdint>
#include <vector>

namespace demitasse {

constexpr int kDigitSide = 28;  // pixels

struct DrawnDigit {
  int label = 0;                // 0 to 9
  std::vector<uint8_t> pixels;  // kDigitSide rows of as many, 255 is white
};

// Number `index` of the endless sequence that belongs to the seed; it goes through the ten digits
// in turn. Depends on the two numbers alone, on any machine.
DrawnDigit DrawDigit(uint64_t seed, uint64_t index);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_DIGITS_HPP_
