#include "src/ops/stochastic_pooling.hpp"

#include <algorithm>

#include "src/core/threads.hpp"

namespace demitasse {
namespace {

int64_t InputSize(const WindowGeometry& window) {
  return int64_t{window.input[0]} * window.input[1];
}

int64_t OutputSize(const WindowGeometry& window) {
  return int64_t{window.output[0]} * window.output[1];
}

// One window of one plane.
struct Place {
  WindowSpan rows, columns;
  int64_t plane;  // offset of its first element
  int64_t width;

  // Calls visit(index in src) for the places the window sees, in row-major order, until it returns
  // true.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    for (int64_t h = rows.begin; h < rows.end; ++h) {
      for (int64_t w = columns.begin; w < columns.end; ++w) {
        if (visit(plane + h * width + w)) return;
      }
    }
  }
};

// Calls visit(place, index in dst) for every window, plane by plane in parallel.
template <typename Visit>
void ForEachWindow(const StochasticPooling& op, const Visit& visit) {
  const WindowGeometry& window = op.window;
  ParallelFor(op.planes, 1, [&](int64_t plane, int64_t) {
    int64_t index = plane * OutputSize(window);
    for (int64_t oh = 0; oh < window.output[0]; ++oh) {
      for (int64_t ow = 0; ow < window.output[1]; ++ow) {
        visit(Place{SpanOf(window, 0, oh), SpanOf(window, 1, ow), plane * InputSize(window),
                    window.input[1]},
              index++);
      }
    }
  });
}

// The first place where the running sum reaches that share of the whole.
int64_t Choose(const Place& place, const float* src, float share) {
  double sum = 0;
  place.ForEach([&](int64_t i) {
    sum += src[i];
    return false;
  });
  int64_t chosen = -1;
  double running = 0;
  place.ForEach([&](int64_t i) {
    chosen = i;
    running += src[i];
    return running >= double{share} * sum;
  });
  return chosen;
}

struct Moments {
  double sum = 0;
  double squares = 0;

  float Mean() const { return sum > 0 ? static_cast<float>(squares / sum) : 0; }
};

Moments MomentsOf(const Place& place, const float* src) {
  Moments moments;
  place.ForEach([&](int64_t i) {
    moments.sum += src[i];
    moments.squares += double{src[i]} * src[i];
    return false;
  });
  return moments;
}

float* Zeros(const StochasticPooling& op, Buffer* buffer) {
  float* const values = buffer->Overwrite(nullptr);
  std::fill_n(values, op.planes * InputSize(op.window), 0.0f);
  return values;
}

}  // namespace

void StochasticPooling::Sample(const Buffer& src, Rng* rng, Buffer* dst,
                               std::vector<int64_t>* chosen) const {
  const float* const in = src.plain();
  float* const out = dst->Overwrite(nullptr);
  const int64_t outputs = planes * OutputSize(window);
  chosen->resize(static_cast<size_t>(outputs));
  // One after the other, so that they do not depend on the threads.
  for (int64_t i = 0; i < outputs; ++i) out[i] = rng->Uniform();
  ForEachWindow(*this, [&](const Place& place, int64_t o) {
    const int64_t choice = Choose(place, in, out[o]);
    (*chosen)[static_cast<size_t>(o)] = choice;
    out[o] = choice < 0 ? 0 : in[choice];
  });
}

void StochasticPooling::SampleBackward(const std::vector<int64_t>& chosen, const Buffer& dst_diff,
                                       Buffer* src_diff) const {
  const float* const diff = dst_diff.plain();
  float* const out = Zeros(*this, src_diff);
  ForEachWindow(*this, [&](const Place&, int64_t o) {
    const int64_t choice = chosen[static_cast<size_t>(o)];
    if (choice >= 0) out[choice] += diff[o];
  });
}

void StochasticPooling::Mean(const Buffer& src, Buffer* dst) const {
  const float* const in = src.plain();
  float* const out = dst->Overwrite(nullptr);
  ForEachWindow(*this,
                [&](const Place& place, int64_t o) { out[o] = MomentsOf(place, in).Mean(); });
}

void StochasticPooling::MeanBackward(const Buffer& src, const Buffer& dst_diff,
                                     Buffer* src_diff) const {
  const float* const in = src.plain();
  const float* const diff = dst_diff.plain();
  float* const out = Zeros(*this, src_diff);
  ForEachWindow(*this, [&](const Place& place, int64_t o) {
    const Moments moments = MomentsOf(place, in);
    if (!(moments.sum > 0)) return;
    const double factor = diff[o] / moments.sum;
    place.ForEach([&](int64_t i) {
      out[i] += static_cast<float>((2.0 * in[i] - double{moments.Mean()}) * factor);
      return false;
    });
  });
}

}  // namespace demitasse
