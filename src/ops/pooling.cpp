#include "src/ops/pooling.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

#include "src/core/simd.hpp"
#include "src/core/threads.hpp"
#include "src/ops/loop_scratch.hpp"

namespace demitasse {
namespace {

struct Larger {
  float operator()(float a, float b) const { return ((b > a) | (b != b)) ? b : a; }
};
struct Sum {
  float operator()(float a, float b) const { return a + b; }
};

// All arrays below hold planes of height x width places with kBlock channels each, as in a layout
// whose channel block that is; kBlock = 1 is plain order.
// Place is a type for the number of a place in a plane: the width of a float lets the compiler
// choose places and values by the same masks.
template <int kBlock, typename Place>
class Planes {
 public:
  explicit Planes(const Pooling& op)
      : op_(op),
        window_(op.window),
        planes_(int64_t{op.images} * ((op.channels + kBlock - 1) / kBlock)),
        row_(int64_t{window_.input[1]} * kBlock),
        in_size_(window_.input[0] * row_),
        out_row_(int64_t{window_.output[1]} * kBlock),
        out_size_(window_.output[0] * out_row_) {}

  // Reduces the rows of a window first, all columns at once, then the columns of the result.
  template <typename Reduce>
  void Forward(const float* src, float* dst, const Reduce& reduce) const {
    const bool average = op_.method == Pooling::Method::kAverage;
    LoopScratch scratch(row_);
    const int64_t rows_out = planes_ * window_.output[0];
    const int64_t grain = 1 + kElementwiseGrain / std::max<int64_t>(1, row_ * window_.kernel[0]);
    ParallelFor(rows_out, grain, [&](int64_t begin, int64_t end) {
      float* const row = scratch.Get();
      if (row == nullptr) return;
      for (int64_t i = begin; i < end; ++i) {
        const WindowSpan rows = SpanOf(window_, 0, i % window_.output[0]);
        const float* const plane = src + i / window_.output[0] * in_size_;
        if (!rows.empty()) ReduceRows(plane, rows, row, reduce);
        ReduceColumns(row, rows, average, dst + i * out_row_, reduce);
      }
    });
    scratch.ThrowIfRefused();
  }

  void ForwardWithMask(const float* src, float* dst, float* mask) const {
    ParallelFor(planes_, 1, [&](int64_t plane, int64_t) {
      float* value = dst + plane * out_size_;
      float* place = mask + plane * out_size_;
      ForEachWindow([&](const WindowSpan& rows, const WindowSpan& columns, int64_t) {
        const float* const in = src + plane * in_size_;
        Place at[kBlock];
        const bool empty = rows.empty() || columns.empty();
        if (!empty) FindLargest(in, rows, columns, at);
        for (int64_t lane = 0; lane < kBlock; ++lane) {
          *value++ = empty ? 0 : in[at[lane] * int64_t{kBlock} + lane];
          *place++ = empty ? -1 : static_cast<float>(at[lane]);
        }
      });
    });
  }

  void BackwardMax(const float* src, const float* dst_diff, float* src_diff) const {
    ParallelFor(planes_, 1, [&](int64_t plane, int64_t) {
      float* const diff = src_diff + plane * in_size_;
      std::fill_n(diff, in_size_, 0.0f);
      ForEachWindow([&](const WindowSpan& rows, const WindowSpan& columns, int64_t o) {
        if (rows.empty() || columns.empty()) return;
        Place at[kBlock];
        FindLargest(src + plane * in_size_, rows, columns, at);
        const float* const top = dst_diff + plane * out_size_ + o * kBlock;
        for (int64_t lane = 0; lane < kBlock; ++lane) {
          diff[at[lane] * int64_t{kBlock} + lane] += top[lane];
        }
      });
    });
  }

  // The transpose of Forward: spreads a row of windows over its columns, then over its rows.
  void BackwardAverage(const float* dst_diff, float* src_diff) const {
    LoopScratch scratch(row_);
    ParallelFor(planes_, 1, [&](int64_t plane, int64_t) {
      float* const row = scratch.Get();
      if (row == nullptr) return;
      float* const diff = src_diff + plane * in_size_;
      std::fill_n(diff, in_size_, 0.0f);
      for (int64_t oh = 0; oh < window_.output[0]; ++oh) {
        const WindowSpan rows = SpanOf(window_, 0, oh);
        if (rows.empty()) continue;
        SpreadColumns(dst_diff + plane * out_size_ + oh * out_row_, rows, row);
        for (int64_t h = rows.begin; h < rows.end; ++h) {
          for (int64_t i = 0; i < row_; ++i) diff[h * row_ + i] += row[i];
        }
      }
    });
    scratch.ThrowIfRefused();
  }

 private:
  template <typename Visit>
  void ForEachWindow(const Visit& visit) const {
    for (int64_t oh = 0; oh < window_.output[0]; ++oh) {
      const WindowSpan rows = SpanOf(window_, 0, oh);
      for (int64_t ow = 0; ow < window_.output[1]; ++ow) {
        visit(rows, SpanOf(window_, 1, ow), oh * window_.output[1] + ow);
      }
    }
  }

  template <typename Reduce>
  void ReduceRows(const float* plane, const WindowSpan& rows, float* row,
                  const Reduce& reduce) const {
    std::copy_n(plane + rows.begin * row_, row_, row);
    for (int64_t h = rows.begin + 1; h < rows.end; ++h) {
      const float* const in = plane + h * row_;
      DEMITASSE_SIMD
      for (int64_t i = 0; i < row_; ++i) row[i] = reduce(row[i], in[i]);
    }
  }

  template <typename Reduce>
  void ReduceColumns(const float* row, const WindowSpan& rows, bool average, float* dst,
                     const Reduce& reduce) const {
    for (int64_t ow = 0; ow < window_.output[1]; ++ow, dst += kBlock) {
      const WindowSpan columns = SpanOf(window_, 1, ow);
      if (rows.empty() || columns.empty()) {
        std::fill_n(dst, kBlock, 0.0f);
        continue;
      }
      float value[kBlock];
      std::copy_n(row + columns.begin * kBlock, kBlock, value);
      for (int64_t w = columns.begin + 1; w < columns.end; ++w) {
        DEMITASSE_SIMD
        for (int lane = 0; lane < kBlock; ++lane) {
          value[lane] = reduce(value[lane], row[w * kBlock + lane]);
        }
      }
      if (!average) {
        std::copy_n(value, kBlock, dst);
        continue;
      }
      const float size = static_cast<float>(rows.padded * columns.padded);
      for (int lane = 0; lane < kBlock; ++lane) dst[lane] = value[lane] / size;
    }
  }

  void SpreadColumns(const float* dst_diff, const WindowSpan& rows, float* row) const {
    std::fill_n(row, row_, 0.0f);
    for (int64_t ow = 0; ow < window_.output[1]; ++ow, dst_diff += kBlock) {
      const WindowSpan columns = SpanOf(window_, 1, ow);
      const float size = static_cast<float>(rows.padded * columns.padded);
      for (int64_t w = columns.begin; w < columns.end; ++w) {
        for (int lane = 0; lane < kBlock; ++lane) row[w * kBlock + lane] += dst_diff[lane] / size;
      }
    }
  }

  // The places of the largest values of a window that is not empty.
  void FindLargest(const float* plane, const WindowSpan& rows, const WindowSpan& columns,
                   Place* at) const {
    float best[kBlock];
    const int64_t first = rows.begin * window_.input[1] + columns.begin;
    std::copy_n(plane + first * kBlock, kBlock, best);
    std::fill_n(at, kBlock, static_cast<Place>(first));
    for (int64_t h = rows.begin; h < rows.end; ++h) {
      for (int64_t w = columns.begin; w < columns.end; ++w) {
        const Place place = static_cast<Place>(h * window_.input[1] + w);
        const float* const values = plane + (h * window_.input[1] + w) * kBlock;
        DEMITASSE_SIMD
        for (int lane = 0; lane < kBlock; ++lane) {
          const float value = values[lane];
          const bool larger =
              (value > best[lane]) | ((value != value) & (best[lane] == best[lane]));
          best[lane] = larger ? value : best[lane];
          at[lane] = larger ? place : at[lane];
        }
      }
    }
  }

  const Pooling& op_;
  const WindowGeometry& window_;
  const int64_t planes_;
  const int64_t row_;  // floats
  const int64_t in_size_;
  const int64_t out_row_;
  const int64_t out_size_;
};

int64_t Places(const std::vector<int>& axes) { return int64_t{axes[0]} * axes[1]; }

template <typename Place, typename Run>
void WithPlanesOf(const Pooling& op, int64_t block, const Run& run) {
  switch (block) {
    case 4:
      return run(Planes<4, Place>(op));
    case 8:
      return run(Planes<8, Place>(op));
    case 16:
      return run(Planes<16, Place>(op));
    default:
      return run(Planes<1, Place>(op));
  }
}

// Calls run(Planes) for a channel block.
template <typename Run>
void WithPlanes(const Pooling& op, int64_t block, const Run& run) {
  if (Places(op.window.input) <= std::numeric_limits<int32_t>::max()) {
    WithPlanesOf<int32_t>(op, block, run);
  } else {
    WithPlanesOf<int64_t>(op, block, run);
  }
}

// The channel block to compute with an array of these places; brings the buffer into plain order if
// that is 1.
int64_t BlockOf(const Pooling& op, const Buffer& buffer, const std::vector<int>& places) {
  const Layout* const layout = buffer.layout();
  const int64_t block =
      layout == nullptr ? 1 : layout->ChannelBlock(op.images, op.channels, Places(places));
  if (block == 4 || block == 8 || block == 16) return block;
  buffer.plain();
  return 1;
}

}  // namespace

std::shared_ptr<const Layout> Pooling::OutputLayout(const Buffer& src) const {
  return src.layout()->Resized({images, channels, window.output[0], window.output[1]});
}

void Pooling::Forward(const Buffer& src, Buffer* dst) const {
  int64_t block = BlockOf(*this, src, window.input);
  std::shared_ptr<const Layout> layout;
  if (block > 1) {
    layout = OutputLayout(src);
    if (layout == nullptr) block = 1;
  }
  const float* const in = block > 1 ? src.stored() : src.plain();
  float* const out = dst->Overwrite(layout);
  WithPlanes(*this, block, [&](const auto& planes) {
    if (method == Method::kMax) {
      planes.Forward(in, out, Larger());
    } else {
      planes.Forward(in, out, Sum());
    }
  });
}

void Pooling::ForwardWithMask(const Buffer& src, Buffer* dst, Buffer* mask) const {
  const float* const in = src.plain();
  Planes<1, int64_t>(*this).ForwardWithMask(in, dst->Overwrite(nullptr), mask->Overwrite(nullptr));
}

void Pooling::Backward(const Buffer& src, const Buffer& dst_diff, Buffer* src_diff) const {
  int64_t block = BlockOf(*this, src, window.input);
  const std::shared_ptr<const Layout> layout = block > 1 ? OutputLayout(src) : nullptr;
  if (layout == nullptr) {
    src.plain();
    block = 1;
  }
  dst_diff.BringInto(layout);
  const float* const in = src.stored();
  const float* const diff = dst_diff.stored();
  float* const out = src_diff->Overwrite(src.shared_layout());
  WithPlanes(*this, block, [&](const auto& planes) {
    if (method == Method::kMax) {
      planes.BackwardMax(in, diff, out);
    } else {
      planes.BackwardAverage(diff, out);
    }
  });
}

}  // namespace demitasse
