#include "layers/common/window_crop.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/io/resize.hpp"

namespace demitasse {
namespace {

// One direction of the window, in columns or rows of the picture; `last` is inclusive.
struct Range {
  int first;
  int last;
};

// Values beyond any picture are brought nearer, so that sizes stay within int.
int Round(float value) {
  constexpr float kFar = 0x1p29f;
  return static_cast<int>(std::clamp(std::round(value), -kFar, kFar));
}

float HalfSize(const Range& range) {
  return static_cast<float>((int64_t{range.last} - range.first + 1) / 2.0);
}

// The range with its surroundings: around the same centre, half as long as `half`.
Range Expanded(const Range& range, float half) {
  const float centre = static_cast<float>(range.first) + HalfSize(range);
  return {Round(centre - half), Round(centre + half)};
}

// One direction of the result.
struct Placed {
  int first;   // in the picture
  int length;  // there
  int before;  // empty pixels of the square in front of it, and behind it
  int after;
  int scaled;  // what `length` becomes
};

// The part of the range inside the picture, which has `length` pixels in that direction, when the
// whole range is scaled to `size`. It may be empty: rounding may bring a window that is very large
// and just touches the picture out of it.
Placed Place(const Range& range, int length, int size) {
  const int outside_before = std::max(0, -range.first);
  const int outside_after = std::max(0, range.last - length + 1);
  const int first = range.first + outside_before;
  const int inside = std::max(0, range.last - outside_after - first + 1);
  const float scale = static_cast<float>(size) / static_cast<float>(range.last - range.first + 1);
  const auto scaled = [scale](int pixels) { return Round(static_cast<float>(pixels) * scale); };
  return {first, inside, scaled(outside_before), scaled(outside_after), scaled(inside)};
}

void CheckWindow(const Window& window, const Picture& picture, bool may_stick_out) {
  const bool is_empty = window.x2 < window.x1 || window.y2 < window.y1;
  const bool is_outside =
      window.x2 < 0 || window.y2 < 0 || window.x1 >= picture.width || window.y1 >= picture.height;
  const bool sticks_out =
      window.x1 < 0 || window.y1 < 0 || window.x2 >= picture.width || window.y2 >= picture.height;
  if (!is_empty && !is_outside && (!sticks_out || may_stick_out)) return;
  throw Error(Cat("the window from (", window.x1, ", ", window.y1, ") to (", window.x2, ", ",
                  window.y2, ") is ", is_empty ? "empty, the picture" : "beyond the picture, which",
                  " has ", picture.width, " columns and ", picture.height, " rows"));
}

}  // namespace

WindowCrop PlaceWindow(const Window& window, const Picture& picture, const CropOptions& options,
                       bool mirror) {
  const bool padded = options.context_pad > 0 || options.square;
  CheckWindow(window, picture, padded);
  Range columns{window.x1, window.x2};
  Range rows{window.y1, window.y2};
  if (!padded) {
    return {columns.first,
            rows.first,
            columns.last - columns.first + 1,
            rows.last - rows.first + 1,
            options.size,
            options.size,
            0,
            0};
  }
  // So much larger that context_pad is left on each side of the window.
  const float larger =
      static_cast<float>(options.size) / static_cast<float>(options.size - 2 * options.context_pad);
  float half_width = HalfSize(columns);
  float half_height = HalfSize(rows);
  if (options.square) half_width = half_height = std::max(half_width, half_height);
  const Placed x = Place(Expanded(columns, half_width * larger), picture.width, options.size);
  const Placed y = Place(Expanded(rows, half_height * larger), picture.height, options.size);
  WindowCrop crop{
      x.first, y.first, x.length, y.length, x.scaled, y.scaled, mirror ? x.after : x.before,
      y.before};
  // Rounding may have made them too long.
  crop.scaled_width = std::max(0, std::min(crop.scaled_width, options.size - crop.left));
  crop.scaled_height = std::max(0, std::min(crop.scaled_height, options.size - crop.top));
  return crop;
}

Picture CutOut(const Picture& picture, const WindowCrop& crop) {
  Picture part{crop.height, crop.width, picture.channels, {}};
  const auto row_size = static_cast<int64_t>(crop.width) * picture.channels;
  part.pixels.reserve(static_cast<size_t>(crop.height * row_size));
  for (int y = 0; y < crop.height; ++y) {
    const int64_t pixel = int64_t{crop.y + y} * picture.width + crop.x;
    const uint8_t* const row = picture.pixels.data() + pixel * picture.channels;
    part.pixels.insert(part.pixels.end(), row, row + row_size);
  }
  return Resized(part, crop.scaled_height, crop.scaled_width);
}

}  // namespace demitasse
