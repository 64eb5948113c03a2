#include "src/ops/channel_map.hpp"

#include <algorithm>
#include <array>

#include "src/core/simd.hpp"
#include "src/ops/channel_runs.hpp"
#include "src/ops/output.hpp"

namespace demitasse {
namespace {

ChannelRuns RunsOf(const ChannelShape& shape, const Buffer& array) {
  if (!ChannelRuns::CanTell(shape, array.layout())) array.plain();
  return ChannelRuns(shape, array.layout());
}

ChannelRuns RunsOf(const ChannelShape& shape, const Buffer& a, const Buffer& b) {
  if (!ChannelRuns::CanTell(shape, a.layout())) a.plain();
  if (!ChannelRuns::CanTell(shape, b.layout())) b.plain();
  BringTogether(a, b);
  return ChannelRuns(shape, a.layout());
}

// Sums for each piece and each channel of its block. Those of a line are taken in float, of some
// dozens of values each, and added up in double.
class PieceSums {
 public:
  explicit PieceSums(const ChannelRuns& runs)
      : runs_(runs), sums_(static_cast<size_t>(runs.count() * runs.block())) {}

  double* Of(const ChannelPiece& piece) { return sums_.data() + piece.index * runs_.block(); }

  void Add(const ChannelPiece& piece, const ChannelLine& line) {
    double* const sums = Of(piece);
    const int64_t used = std::min(piece.line, piece.size());
    for (int64_t start = 0; start < used; start += piece.block) {
      for (int64_t i = 0; i < piece.block; ++i) {
        sums[i] += static_cast<double>(line[static_cast<size_t>(start + i)]);
      }
    }
  }

  std::vector<double> ByChannel() {
    std::vector<double> totals(static_cast<size_t>(runs_.channels()));
    runs_.ForEachByBlock([&](const ChannelPiece& piece) {
      double* const total = totals.data() + piece.channel;
      const double* const sums = Of(piece);
      for (int64_t i = 0; i < piece.channels; ++i) total[i] += sums[i];
    });
    return totals;
  }

 private:
  const ChannelRuns& runs_;
  std::vector<double> sums_;
};

void MapPiece(const ChannelPiece& piece, const ChannelMap& map, const float* x, float* y) {
  ChannelLine center;
  ChannelLine factor;
  ChannelLine offset;
  piece.Fill(map.center, 0, &center);
  piece.Fill(map.factor, 1, &factor);
  piece.Fill(map.offset, 0, &offset);
  piece.ForEachLine([&](int64_t at, int64_t size) {
    DEMITASSE_SIMD
    for (int64_t i = 0; i < size; ++i) {
      const size_t lane = static_cast<size_t>(i);
      y[at + i] = factor[lane] * (x[at + i] - center[lane]) + offset[lane];
    }
  });
}

// Mean and sum of squared differences from it for the channels of one piece, whose elements are
// near enough to be read twice.
void PieceMoments(const ChannelPiece& piece, const float* x, PieceSums* means, PieceSums* squares) {
  const int64_t places = piece.size() / piece.block;
  const double count = static_cast<double>(places);
  double* const mean = means->Of(piece);
  double* const square = squares->Of(piece);
  ChannelLine sums{};
  piece.ForEachLine([&](int64_t at, int64_t size) {
    DEMITASSE_SIMD
    for (int64_t i = 0; i < size; ++i) sums[static_cast<size_t>(i)] += x[at + i];
  });
  means->Add(piece, sums);
  std::array<float, kChannelLine> near{};  // the means, but for rounding
  for (int64_t i = 0; i < piece.block; ++i) {
    near[static_cast<size_t>(i)] = static_cast<float>(mean[i] / count);
    mean[i] = 0;
  }
  ChannelLine center;
  for (int64_t i = 0; i < piece.line; ++i) {
    center[static_cast<size_t>(i)] = near[static_cast<size_t>(i % piece.block)];
  }
  ChannelLine rests{};
  ChannelLine products{};
  piece.ForEachLine([&](int64_t at, int64_t size) {
    DEMITASSE_SIMD
    for (int64_t i = 0; i < size; ++i) {
      const size_t lane = static_cast<size_t>(i);
      const float difference = x[at + i] - center[lane];
      rests[lane] += difference;
      products[lane] += difference * difference;
    }
  });
  means->Add(piece, rests);
  squares->Add(piece, products);
  for (int64_t i = 0; i < piece.block; ++i) {
    square[i] -= mean[i] * mean[i] / count;
    mean[i] = static_cast<double>(near[static_cast<size_t>(i)]) + mean[i] / count;
  }
}

}  // namespace

void ChannelMap::Forward(const ChannelShape& shape, const Buffer& src, Buffer* dst) const {
  const ChannelRuns runs = RunsOf(shape, src);
  const float* const x = src.stored();
  float* const y = OutputInLayoutOf(src, dst);
  runs.ForEach([&](const ChannelPiece& piece) { MapPiece(piece, *this, x, y); });
}

void ChannelBlend::Forward(const ChannelShape& shape, const Buffer& dy, const Buffer& x,
                           Buffer* dst) const {
  const ChannelRuns runs = RunsOf(shape, dy, x);
  const float* const first = dy.stored();
  const float* const second = x.stored();
  float* const out = OutputInLayoutOf(dy, dst);
  runs.ForEach([&](const ChannelPiece& piece) {
    ChannelLine factor;
    ChannelLine slope;
    ChannelLine middle;
    ChannelLine offset;
    piece.Fill(a, 1, &factor);
    piece.Fill(b, 1, &slope);
    piece.Fill(center, 0, &middle);
    piece.Fill(c, 0, &offset);
    piece.ForEachLine([&](int64_t at, int64_t size) {
      DEMITASSE_SIMD
      for (int64_t i = 0; i < size; ++i) {
        const size_t lane = static_cast<size_t>(i);
        out[at + i] = factor[lane] * first[at + i] + slope[lane] * (second[at + i] - middle[lane]) +
                      offset[lane];
      }
    });
  });
}

std::vector<double> ChannelSums(const ChannelShape& shape, const Buffer& dy) {
  const ChannelRuns runs = RunsOf(shape, dy);
  const float* const values = dy.stored();
  PieceSums sums(runs);
  runs.ForEach([&](const ChannelPiece& piece) {
    ChannelLine line{};
    piece.ForEachLine([&](int64_t at, int64_t size) {
      DEMITASSE_SIMD
      for (int64_t i = 0; i < size; ++i) line[static_cast<size_t>(i)] += values[at + i];
    });
    sums.Add(piece, line);
  });
  return sums.ByChannel();
}

ChannelProducts SumChannelProducts(const ChannelShape& shape, const Buffer& dy, const Buffer& x,
                                   const float* center, const ChannelMap& map, Buffer* dx) {
  const ChannelRuns runs = RunsOf(shape, dy, x);
  const float* const first = dy.stored();
  const float* const second = x.stored();
  float* const mapped = dx != nullptr ? OutputInLayoutOf(dy, dx) : nullptr;
  PieceSums sums(runs);
  PieceSums products(runs);
  runs.ForEach([&](const ChannelPiece& piece) {
    ChannelLine middle;
    piece.Fill(center, 0, &middle);
    ChannelLine sum{};
    ChannelLine product{};
    piece.ForEachLine([&](int64_t at, int64_t size) {
      DEMITASSE_SIMD
      for (int64_t i = 0; i < size; ++i) {
        const size_t lane = static_cast<size_t>(i);
        sum[lane] += first[at + i];
        product[lane] += first[at + i] * (second[at + i] - middle[lane]);
      }
    });
    sums.Add(piece, sum);
    products.Add(piece, product);
    if (mapped != nullptr) MapPiece(piece, map, first, mapped);
  });
  return {sums.ByChannel(), products.ByChannel()};
}

ChannelMoments ComputeChannelMoments(const ChannelShape& shape, const Buffer& x) {
  const ChannelRuns runs = RunsOf(shape, x);
  const float* const values = x.stored();
  PieceSums means(runs);
  PieceSums squares(runs);
  runs.ForEach([&](const ChannelPiece& piece) { PieceMoments(piece, values, &means, &squares); });

  // Chan, Golub, LeVeque (1979), "Updating formulae and a pairwise algorithm for computing sample
  // variances".
  ChannelMoments moments;
  moments.mean.resize(static_cast<size_t>(shape.channels));
  moments.variance.resize(static_cast<size_t>(shape.channels));
  std::vector<double> counts(static_cast<size_t>(shape.channels));
  runs.ForEachByBlock([&](const ChannelPiece& piece) {
    const int64_t places = piece.size() / piece.block;
    const double added = static_cast<double>(places);
    for (int64_t i = 0; i < piece.channels; ++i) {
      const size_t c = static_cast<size_t>(piece.channel + i);
      const double delta = means.Of(piece)[i] - moments.mean[c];
      const double total = counts[c] + added;
      moments.mean[c] += delta * added / total;
      moments.variance[c] += squares.Of(piece)[i] + delta * delta * counts[c] * added / total;
      counts[c] = total;
    }
  });
  const double count = static_cast<double>(shape.images * shape.places);
  for (double& variance : moments.variance) variance /= count;
  return moments;
}

}  // namespace demitasse
