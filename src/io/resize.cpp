#include "src/io/resize.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace demitasse {
namespace {

constexpr int kOne = 1 << 11;  // 1 as a weight

// An output coordinate's two neighbours in the input, `first` and the one after it, and weights.
struct Tap {
  int first = 0;
  int weights[2] = {kOne, 0};
};

// Neighbours may lie outside of the input. Computed in float, and rounded to even at .5, because
// OpenCV does so.
std::vector<Tap> MakeTaps(int input_size, int output_size) {
  const double inverse_scale = static_cast<double>(output_size) / input_size;
  const double scale = 1.0 / inverse_scale;
  std::vector<Tap> taps(static_cast<size_t>(output_size));
  for (int i = 0; i < output_size; ++i) {
    const auto position = static_cast<float>((i + 0.5) * scale - 0.5);
    const float first = std::floor(position);
    const float fraction = position - first;
    taps[i].first = static_cast<int>(first);
    taps[i].weights[0] = static_cast<int>(std::lrint((1.0F - fraction) * kOne));
    taps[i].weights[1] = static_cast<int>(std::lrint(fraction * kOne));
  }
  return taps;
}

// One input row scaled in width; the values carry a factor of kOne. The taps are inside the row.
void ScaleRow(const uint8_t* row, const std::vector<Tap>& taps, int channels, int* scaled) {
  for (const Tap& tap : taps) {
    const uint8_t* first = row + static_cast<size_t>(tap.first) * channels;
    const uint8_t* second = tap.weights[1] == 0 ? first : first + channels;
    for (int c = 0; c < channels; ++c) {
      *scaled++ = first[c] * tap.weights[0] + second[c] * tap.weights[1];
    }
  }
}

// Between two scaled rows. The shifts drop bits where OpenCV drops them: 16-bit multiplications
// that keep the upper half of the product.
void BlendRows(const std::vector<int>& first, const std::vector<int>& second, const Tap& tap,
               uint8_t* row) {
  for (size_t i = 0; i < first.size(); ++i) {
    const int sum =
        ((tap.weights[0] * (first[i] >> 4)) >> 16) + ((tap.weights[1] * (second[i] >> 4)) >> 16);
    row[i] = static_cast<uint8_t>((sum + 2) >> 2);
  }
}

Picture Empty(int height, int width, int channels) {
  Picture picture;
  picture.height = height;
  picture.width = width;
  picture.channels = channels;
  picture.pixels.resize(static_cast<size_t>(height) * width * channels);
  return picture;
}

Picture Bilinear(const Picture& picture, int height, int width) {
  std::vector<Tap> columns = MakeTaps(picture.width, width);
  for (Tap& tap : columns) {
    const int inside = std::clamp(tap.first, 0, picture.width - 1);
    if (inside != tap.first || inside == picture.width - 1) tap = Tap{inside};
  }
  Picture scaled = Empty(height, width, picture.channels);
  const size_t input_row_size = static_cast<size_t>(picture.width) * picture.channels;
  const size_t row_size = static_cast<size_t>(width) * picture.channels;
  // The two input rows around the current output row, scaled in width, and which ones they are.
  std::vector<int> rows[2] = {std::vector<int>(row_size), std::vector<int>(row_size)};
  int held[2] = {-1, -1};
  uint8_t* to = scaled.pixels.data();
  for (const Tap& tap : MakeTaps(picture.height, height)) {
    if (std::clamp(tap.first, 0, picture.height - 1) == held[1]) {
      std::swap(rows[0], rows[1]);
      std::swap(held[0], held[1]);
    }
    for (int i = 0; i < 2; ++i) {
      const int wanted = std::clamp(tap.first + i, 0, picture.height - 1);
      if (held[i] == wanted) continue;
      ScaleRow(&picture.pixels[wanted * input_row_size], columns, picture.channels, rows[i].data());
      held[i] = wanted;
    }
    BlendRows(rows[0], rows[1], tap, to);
    to += row_size;
  }
  return scaled;
}

Picture Halved(const Picture& picture) {
  Picture half = Empty(picture.height / 2, picture.width / 2, picture.channels);
  const auto channels = static_cast<size_t>(picture.channels);
  const size_t row_size = picture.width * channels;
  uint8_t* to = half.pixels.data();
  for (int y = 0; y < half.height; ++y) {
    const uint8_t* from = &picture.pixels[2 * y * row_size];
    for (int x = 0; x < half.width; ++x, from += 2 * channels) {
      for (size_t c = 0; c < channels; ++c) {
        const uint8_t* pixel = from + c;
        const int sum = pixel[0] + pixel[channels] + pixel[row_size] + pixel[row_size + channels];
        *to++ = static_cast<uint8_t>((sum + 2) >> 2);
      }
    }
  }
  return half;
}

}  // namespace

Picture Resized(const Picture& picture, int height, int width) {
  if (height == picture.height && width == picture.width) return picture;
  const bool halves = picture.height == int64_t{2} * height && picture.width == int64_t{2} * width;
  return halves ? Halved(picture) : Bilinear(picture, height, width);
}

}  // namespace demitasse
