#include "src/ops/softmax.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <numeric>

#include "src/core/threads.hpp"
#include "src/core/vectorize.hpp"
#include "src/ops/output.hpp"

namespace demitasse {
namespace {

// Places that are worked on together, so that memory is read in rows.
constexpr int64_t kTile = 64;

// Calls body(start, width) for all tiles of at most kTile places side by side, in parallel: channel
// c of place j of a tile is element start + c * inner + j.
template <typename Body>
void ForEachTile(const Softmax& op, const Body& body) {
  if (op.channels == 0 || op.inner == 0) return;
  const int64_t width = std::min(kTile, op.inner);
  const int64_t tiles = (op.inner + width - 1) / width;
  const int64_t grain = std::max(kElementwiseGrain / (width * op.channels), int64_t{1});
  ParallelFor(op.outer * tiles, grain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t place = i % tiles * width;
      body(i / tiles * op.channels * op.inner + place, std::min(width, op.inner - place));
    }
  });
}

int32_t BitsOf(float x) {
  int32_t bits;
  std::memcpy(&bits, &x, sizeof(bits));
  return bits;
}

// 2^n for the n of normal numbers.
float PowerOfTwo(int32_t n) {
  const uint32_t bits = (static_cast<uint32_t>(n) + 127) << 23;
  float power;
  std::memcpy(&power, &bits, sizeof(power));
  return power;
}

// e^x for x <= 0, within 2 units in the last place, in instructions that work on vectors; NaN
// stays. x = n ln 2 + r with |r| <= ln 2 / 2 (Cody and Waite's reduction), and e^r is the
// polynomial of Moshier's Cephes library.
float ExpOfNegative(float x) {
  constexpr float kRounding = 12582912;  // 1.5 * 2^23, which leaves no bits for fractions
  x = x < -104 ? -104 : x;               // which gives 0
  const float shifted = x * 1.44269504f + kRounding;
  const float n = shifted - kRounding;
  const float r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1;
  // 2^n in two factors, for what is less than the least normal number.
  const int32_t exponent = BitsOf(shifted) - BitsOf(kRounding);
  const int32_t half = exponent / 2;
  return p * PowerOfTwo(half) * PowerOfTwo(exponent - half);
}

// The elements of a tile: runs that lie side by side, `step` apart from each other. A run is a
// channel of all its places, or, if it is one place, kTile of its channels.
struct Runs {
  int64_t count, step, width, last_width;

  Runs(const Softmax& op, int64_t places)
      : count(op.channels), step(op.inner), width(places), last_width(places) {
    if (op.inner > 1) return;
    count = (op.channels + kTile - 1) / kTile;
    step = width = kTile;
    last_width = op.channels - (count - 1) * kTile;
  }

  // Calls body(index of the element, place or other column of the tile) for all.
  template <typename Body>
  void ForEach(const Body& body) const {
    for (int64_t run = 0; run < count; ++run) {
      const int64_t size = run + 1 < count ? width : last_width;
      DEMITASSE_INDEPENDENT
      for (int64_t j = 0; j < size; ++j) body(run * step + j, static_cast<size_t>(j));
    }
  }
};

void ForwardTile(const Softmax& op, int64_t places, const float* x, float* y) {
  const Runs runs(op, places);
  std::array<float, kTile> largest;
  std::array<double, kTile> sums{};
  largest.fill(-std::numeric_limits<float>::infinity());
  runs.ForEach([&](int64_t i, size_t j) { largest[j] = x[i] > largest[j] ? x[i] : largest[j]; });
  if (op.inner == 1) largest.fill(*std::max_element(largest.begin(), largest.end()));
  runs.ForEach([&](int64_t i, size_t j) {
    const float power = ExpOfNegative(x[i] - largest[j]);
    y[i] = power;
    sums[j] += power;
  });
  if (op.inner == 1) sums.fill(std::accumulate(sums.begin(), sums.end(), 0.0));
  runs.ForEach([&](int64_t i, size_t j) { y[i] /= static_cast<float>(sums[j]); });
}

// Copies a tile that begins at element `start` from an array in channel blocks.
void LoadTile(const Softmax& op, int64_t block, const float* stored, int64_t start, int64_t places,
              float* to) {
  const int64_t blocks = (op.channels + block - 1) / block;
  const int64_t image = start / (op.channels * op.inner);
  const int64_t place = start % (op.channels * op.inner);
  for (int64_t c = 0; c < op.channels; ++c) {
    const float* const from =
        stored + ((image * blocks + c / block) * op.inner + place) * block + c % block;
    for (int64_t j = 0; j < places; ++j) to[c * op.inner + j] = from[j * block];
  }
}

void BackwardTile(const Softmax& op, const float* y, const float* dy, int64_t width, float* dx) {
  const int64_t size = op.channels * op.inner;
  std::array<double, kTile> sums{};
  for (int64_t c = 0; c < size; c += op.inner) {
    for (int64_t j = 0; j < width; ++j) sums[j] += double{y[c + j]} * dy[c + j];
  }
  for (int64_t c = 0; c < size; c += op.inner) {
    for (int64_t j = 0; j < width; ++j) {
      dx[c + j] = y[c + j] * (dy[c + j] - static_cast<float>(sums[j]));
    }
  }
}

}  // namespace

Softmax Softmax::Along(const Blob& blob, int axis) {
  return {blob.size(0, axis), blob.shape(axis), blob.size(axis + 1, blob.num_axes())};
}

void Softmax::Forward(const Buffer& src, Buffer* dst) const {
  const Layout* const layout = src.layout();
  const int64_t block =
      layout == nullptr || dst == &src ? 0 : layout->ChannelBlock(outer, channels, inner);
  const float* const x = block > 0 ? src.stored() : src.plain();
  float* const y = PlainOutput(src, dst);
  ForEachTile(*this, [&](int64_t start, int64_t width) {
    if (block > 0) LoadTile(*this, block, x, start, width, y + start);
    const float* const in = block > 0 ? y : x;
    Vectorized([&] { ForwardTile(*this, width, in + start, y + start); });
  });
}

void Softmax::Backward(const Buffer& dst, const Buffer& dst_diff, Buffer* src_diff) const {
  const float* const y = dst.plain();
  const float* const dy = dst_diff.plain();
  float* const dx = PlainOutput(dst_diff, src_diff);
  ForEachTile(*this, [&](int64_t start, int64_t width) {
    BackwardTile(*this, y + start, dy + start, width, dx + start);
  });
}

}  // namespace demitasse
