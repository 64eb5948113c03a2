#include "src/ops/pooling.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

#include "src/core/simd.hpp"
#include "src/core/threads.hpp"
#include "src/core/vectorize.hpp"
#include "src/ops/loop_scratch.hpp"

namespace demitasse {
namespace {

struct Larger {
  float operator()(float a, float b) const {
    const float larger = b > a ? b : a;  // one instruction
    return b != b ? b : larger;
  }
  static float Result(float reduced, float /*places*/) { return reduced; }
};
struct Sum {
  float operator()(float a, float b) const { return a + b; }
  static float Result(float reduced, float places) { return reduced / places; }
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
        out_size_(window_.output[0] * out_row_) {
    const int64_t width = window_.kernel[1], pad = window_.pad[1], stride = window_.stride[1];
    const int64_t last = window_.input[1] + pad - width;
    if ((width != 2 && width != 3) || last < 0) return;
    whole_end_ = std::min<int64_t>(window_.output[1], last / stride + 1);
    whole_begin_ = std::min(whole_end_, (pad + stride - 1) / stride);
  }

  // Reduces the rows of a window first, all columns at once, then the columns of the result.
  template <typename Reduce>
  void Forward(const float* src, float* dst, const Reduce& reduce) const {
    LoopScratch scratch(row_);
    const int64_t rows_out = planes_ * window_.output[0];
    const int64_t grain = 1 + kElementwiseGrain / std::max<int64_t>(1, row_ * window_.kernel[0]);
    ParallelFor(rows_out, grain, [&](int64_t begin, int64_t end) {
      float* const memory = scratch.Get();
      if (memory == nullptr) return;
      Vectorized([&] {
        for (int64_t i = begin; i < end; ++i) {
          ForwardRow(src, i, memory, dst + i * out_row_, reduce);
        }
      });
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

  // Computes row i of all planes' output.
  template <typename Reduce>
  void ForwardRow(const float* src, int64_t i, float* memory, float* dst,
                  const Reduce& reduce) const {
    const WindowSpan rows = SpanOf(window_, 0, i % window_.output[0]);
    const float* row = src + i / window_.output[0] * in_size_ + rows.begin * row_;
    if (rows.empty()) {
      std::fill_n(dst, out_row_, 0.0f);
      return;
    }
    row = ReduceRows(row, rows.end - rows.begin, memory, reduce);
    ReduceColumns(row, rows.padded, dst, reduce);
  }

  // Returns where the result is: in `memory`, or in the only row.
  template <typename Reduce>
  const float* ReduceRows(const float* rows, int64_t count, float* memory,
                          const Reduce& reduce) const {
    const float* from = rows;
    for (int64_t h = 1; h < count; h += 2) {
      const float* const in = rows + h * row_;
      const float* const next = in + row_;
      if (h + 1 < count) {
        DEMITASSE_INDEPENDENT
        for (int64_t i = 0; i < row_; ++i) memory[i] = reduce(reduce(from[i], in[i]), next[i]);
      } else {
        DEMITASSE_INDEPENDENT
        for (int64_t i = 0; i < row_; ++i) memory[i] = reduce(from[i], in[i]);
      }
      from = memory;
    }
    return from;
  }

  // `height` is that of the windows, up to the padding's edge.
  template <typename Reduce>
  void ReduceColumns(const float* row, int64_t height, float* dst, const Reduce& reduce) const {
    for (int64_t ow = 0; ow < whole_begin_; ++ow) ReduceWindow(row, ow, height, dst, reduce);
    if (window_.kernel[1] == 2) ReduceWholeWindows<2>(row, height, dst, reduce);
    if (window_.kernel[1] == 3) ReduceWholeWindows<3>(row, height, dst, reduce);
    for (int64_t ow = whole_end_; ow < window_.output[1]; ++ow) {
      ReduceWindow(row, ow, height, dst, reduce);
    }
  }

  template <int kWidth, typename Reduce>
  void ReduceWholeWindows(const float* row, int64_t height, float* dst,
                          const Reduce& reduce) const {
    const int64_t step = int64_t{window_.stride[1]} * kBlock;
    const float places = static_cast<float>(height * kWidth);
    const float* in = row + whole_begin_ * step - int64_t{window_.pad[1]} * kBlock;
    for (int64_t ow = whole_begin_; ow < whole_end_; ++ow, in += step) {
      float* const out = dst + ow * kBlock;
      DEMITASSE_INDEPENDENT
      for (int lane = 0; lane < kBlock; ++lane) {
        float value = in[lane];
        for (int w = 1; w < kWidth; ++w) value = reduce(value, in[w * kBlock + lane]);
        out[lane] = Reduce::Result(value, places);
      }
    }
  }

  template <typename Reduce>
  void ReduceWindow(const float* row, int64_t ow, int64_t height, float* dst,
                    const Reduce& reduce) const {
    const WindowSpan columns = SpanOf(window_, 1, ow);
    float* const out = dst + ow * kBlock;
    if (columns.empty()) {
      std::fill_n(out, kBlock, 0.0f);
      return;
    }
    float value[kBlock];
    std::copy_n(row + columns.begin * kBlock, kBlock, value);
    for (int64_t w = columns.begin + 1; w < columns.end; ++w) {
      DEMITASSE_INDEPENDENT
      for (int lane = 0; lane < kBlock; ++lane) {
        value[lane] = reduce(value[lane], row[w * kBlock + lane]);
      }
    }
    const float places = static_cast<float>(height * columns.padded);
    for (int lane = 0; lane < kBlock; ++lane) out[lane] = Reduce::Result(value[lane], places);
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
  // The windows of a row that lie within the input, if they are 2 or 3 places wide.
  int64_t whole_begin_ = 0, whole_end_ = 0;
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
