// Numbers and shapes as tables show them.
#ifndef DEMITASSE_TOOLS_FIGURE_TEXT_HPP_
#define DEMITASSE_TOOLS_FIGURE_TEXT_HPP_

#include <cstdint>
#include <string>
#include <vector>

namespace demitasse {

// In a few digits: "0.0123"; "-" for NaN.
std::string ShortNumber(double value, int digits = 3);
// "12.5%"; "-" for none, "<0.1%" for nearly none.
std::string PercentText(int64_t part, int64_t whole);
// "-" for 0, which is what most counts are and nobody looks for.
std::string CountText(int64_t count);
// "64x3x7x7"; "1 value" without axes.
std::string BlobShapeText(const std::vector<int>& shape);
// The coordinates of an element: "3,0,1,2".
std::string CoordinatesText(int64_t element, const std::vector<int>& shape);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_FIGURE_TEXT_HPP_
