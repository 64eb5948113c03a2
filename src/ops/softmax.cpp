#include "src/ops/softmax.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "src/core/threads.hpp"
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

void ForwardTile(const Softmax& op, const float* x, int64_t width, float* y) {
  const int64_t size = op.channels * op.inner;
  std::array<float, kTile> largest;
  std::array<double, kTile> sums{};
  std::copy_n(x, width, largest.data());
  for (int64_t c = 0; c < size; c += op.inner) {
    for (int64_t j = 0; j < width; ++j) largest[j] = std::max(largest[j], x[c + j]);
  }
  for (int64_t c = 0; c < size; c += op.inner) {
    for (int64_t j = 0; j < width; ++j) {
      const float power = std::exp(x[c + j] - largest[j]);
      y[c + j] = power;
      sums[j] += power;
    }
  }
  for (int64_t c = 0; c < size; c += op.inner) {
    for (int64_t j = 0; j < width; ++j) y[c + j] /= static_cast<float>(sums[j]);
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
  const float* const x = src.plain();
  float* const y = PlainOutput(src, dst);
  ForEachTile(*this, [&](int64_t start, int64_t width) {
    ForwardTile(*this, x + start, width, y + start);
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
