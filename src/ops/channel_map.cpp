#include "src/ops/channel_map.hpp"

#include <algorithm>
#include <array>

#include "src/core/vectorize.hpp"
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

// body(piece) for all, compiled for what this processor has; it may write by `store`.
template <typename Body>
void ForEachPiece(const ChannelRuns& runs, Store store, const Body& body) {
  runs.ForEach([&](const ChannelPiece& piece) {
    Vectorized([&] { body(piece); });
    FinishStores(store);
  });
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

// A map's coefficients for the elements of a line.
struct LineMap {
  ChannelLine center;
  ChannelLine factor;
  ChannelLine offset;

  LineMap(const ChannelPiece& piece, const ChannelMap& map) {
    piece.Fill(map.center, 0, &center);
    piece.Fill(map.factor, 1, &factor);
    piece.Fill(map.offset, 0, &offset);
  }
  float operator()(size_t lane, float x) const {
    return factor[lane] * (x - center[lane]) + offset[lane];
  }
};

// y[i] = function(i, i's lane in its line) for the elements of a piece.
template <typename Function>
void MapLanes(const ChannelPiece& piece, float* y, Store store, const Function& function) {
  piece.ForEachLine([&](int64_t at, int64_t size) {
    MapRange(at, at + size, y, store,
             [&](int64_t i) { return function(i, static_cast<size_t>(i - at)); });
  });
}

void MapPiece(const ChannelPiece& piece, const ChannelMap& map, const float* x, Store store,
              float* y) {
  const LineMap line(piece, map);
  const float slope = map.slope;
  if (slope == 1) {
    MapLanes(piece, y, store, [&](int64_t i, size_t lane) { return line(lane, x[i]); });
  } else if (slope == 0) {  // not by a product, which would be NaN for -infinity
    MapLanes(piece, y, store,
             [&](int64_t i, size_t lane) { return std::max(line(lane, x[i]), 0.0f); });
  } else {
    MapLanes(piece, y, store, [&](int64_t i, size_t lane) {
      const float value = line(lane, x[i]);
      const float below = slope * value;
      return value < 0 ? below : value;
    });
  }
}

// Calls body(function) with the function of an element and its lane that is dy behind the gate.
template <typename Body>
void BehindGate(const ChannelPiece& piece, const ChannelMap& gate, const float* dy, const float* x,
                const Body& body) {
  if (gate.slope == 1) return body([&](int64_t i, size_t /*lane*/) { return dy[i]; });
  const LineMap line(piece, gate);
  const float slope = gate.slope;
  body([&](int64_t i, size_t lane) {
    const float scaled = slope * dy[i];
    return line(lane, x[i]) > 0 ? dy[i] : scaled;
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
    DEMITASSE_INDEPENDENT
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
    DEMITASSE_INDEPENDENT
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
  const Store store = StoreFor(x, y, shape.size());
  ForEachPiece(runs, store,
               [&](const ChannelPiece& piece) { MapPiece(piece, *this, x, store, y); });
}

void ChannelBlend::Forward(const ChannelShape& shape, const Buffer& dy, const Buffer& x,
                           Buffer* dst) const {
  const ChannelRuns runs = RunsOf(shape, dy, x);
  const float* const first = dy.stored();
  const float* const second = x.stored();
  float* const out = OutputInLayoutOf(dy, dst);
  const Store store = StoreFor(first, out, shape.size());
  ForEachPiece(runs, store, [&](const ChannelPiece& piece) {
    ChannelLine factor;
    piece.Fill(a, 1, &factor);
    const LineMap line(piece, {center, b, c});
    BehindGate(piece, gate, first, second, [&](const auto& value) {
      MapLanes(piece, out, store, [&](int64_t i, size_t lane) {
        return factor[lane] * value(i, lane) + line(lane, second[i]);
      });
    });
  });
}

void AddChannelMaps(const ChannelShape& shape, float a, const ChannelMap& first_map,
                    const Buffer& first, float b, const ChannelMap& second_map,
                    const Buffer& second, Buffer* dst) {
  const ChannelRuns runs = RunsOf(shape, first, second);
  const float* const x = first.stored();
  const float* const z = second.stored();
  float* const out = OutputInLayoutOf(first, dst);
  const Store store = StoreFor(x, out, shape.size());
  ForEachPiece(runs, store, [&](const ChannelPiece& piece) {
    const LineMap one(piece, first_map);
    const LineMap other(piece, second_map);
    MapLanes(piece, out, store,
             [&](int64_t i, size_t lane) { return a * one(lane, x[i]) + b * other(lane, z[i]); });
  });
}

std::vector<double> ChannelSums(const ChannelShape& shape, const Buffer& dy) {
  const ChannelRuns runs = RunsOf(shape, dy);
  const float* const values = dy.stored();
  PieceSums sums(runs);
  ForEachPiece(runs, Store::kCached, [&](const ChannelPiece& piece) {
    ChannelLine line{};
    piece.ForEachLine([&](int64_t at, int64_t size) {
      DEMITASSE_INDEPENDENT
      for (int64_t i = 0; i < size; ++i) line[static_cast<size_t>(i)] += values[at + i];
    });
    sums.Add(piece, line);
  });
  return sums.ByChannel();
}

ChannelProducts SumChannelProducts(const ChannelShape& shape, const Buffer& dy, const Buffer& x,
                                   const float* center, const ChannelMap& gate, const float* factor,
                                   Buffer* dx) {
  const ChannelRuns runs = RunsOf(shape, dy, x);
  const float* const first = dy.stored();
  const float* const second = x.stored();
  float* const scaled = dx != nullptr ? OutputInLayoutOf(dy, dx) : nullptr;
  const Store store = StoreFor(first, scaled, shape.size());
  PieceSums sums(runs);
  PieceSums products(runs);
  ForEachPiece(runs, store, [&](const ChannelPiece& piece) {
    ChannelLine middle;
    piece.Fill(center, 0, &middle);
    ChannelLine factors;
    piece.Fill(factor, 1, &factors);
    ChannelLine sum{};
    ChannelLine product{};
    BehindGate(piece, gate, first, second, [&](const auto& value) {
      piece.ForEachLine([&](int64_t at, int64_t size) {
        DEMITASSE_INDEPENDENT
        for (int64_t i = 0; i < size; ++i) {
          const size_t lane = static_cast<size_t>(i);
          const float y = value(at + i, lane);
          sum[lane] += y;
          product[lane] += y * (second[at + i] - middle[lane]);
        }
        if (scaled == nullptr) return;
        MapRange(at, at + size, scaled, store, [&](int64_t i) {
          const size_t lane = static_cast<size_t>(i - at);
          return factors[lane] * value(i, lane);
        });
      });
    });
    sums.Add(piece, sum);
    products.Add(piece, product);
  });
  return {sums.ByChannel(), products.ByChannel()};
}

ChannelMoments ComputeChannelMoments(const ChannelShape& shape, const Buffer& x) {
  const ChannelRuns runs = RunsOf(shape, x);
  const float* const values = x.stored();
  PieceSums means(runs);
  PieceSums squares(runs);
  ForEachPiece(runs, Store::kCached,
               [&](const ChannelPiece& piece) { PieceMoments(piece, values, &means, &squares); });

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
