#include "src/ops/im2col.hpp"

#include <algorithm>
#include <vector>

#include "demitasse/blob.hpp"

namespace demitasse {
namespace {

// Windows next to each other on the last axis, from `column` on, seen through one place of the
// kernel: the first `before` and the last `after` of them see padding there, the `inside` ones
// between see places of the image `step` apart, the first of these at `offset`.
struct Run {
  int64_t column;
  int64_t before, inside, after;
  int64_t offset;
  int64_t step;
};

// Calls visit(row, run) for runs that cover the block, in row-major order.
class Runs {
 public:
  explicit Runs(const WindowGeometry& window)
      : window_(window),
        axes_(window.input.size()),
        kernel_size_(ShapeSize(window.kernel)),
        image_size_(ShapeSize(window.input)),
        places_(axes_) {}

  template <typename Visit>
  void ForEach(Range rows, Range columns, const Visit& visit) {
    const int64_t width = window_.output[axes_ - 1];
    for (int64_t row = rows.begin; row < rows.end; ++row) {
      SetPlace(row % kernel_size_);
      const int64_t channel = row / kernel_size_ * image_size_;
      int64_t column = columns.begin;
      while (column < columns.end) {
        const int64_t line = column / width;
        const int64_t end = std::min(columns.end, (line + 1) * width);
        visit(row, MakeRun(channel, line, column, end));
        column = end;
      }
    }
  }

 private:
  // Where the place of the kernel lies in window 0, for each axis.
  void SetPlace(int64_t place) {
    for (size_t axis = axes_; axis-- > 0;) {
      const int64_t k = place % window_.kernel[axis];
      place /= window_.kernel[axis];
      places_[axis] = k * window_.dilation[axis] - window_.pad[axis];
    }
  }

  // The run of the columns [begin, end), all in one line of windows.
  Run MakeRun(int64_t channel, int64_t line, int64_t begin, int64_t end) const {
    const size_t last = axes_ - 1;
    const int64_t line_begin = line * window_.output[last];
    int64_t offset = 0;
    int64_t factor = window_.input[last];
    for (size_t axis = last; axis-- > 0;) {
      const int64_t o = line % window_.output[axis];
      line /= window_.output[axis];
      const int64_t place = places_[axis] + o * window_.stride[axis];
      if (place < 0 || place >= window_.input[axis]) return {begin, end - begin, 0, 0, 0, 1};
      offset += place * factor;
      factor *= window_.input[axis];
    }
    // The windows o of this line with 0 <= start + o * step < input.
    const int64_t start = places_[last];
    const int64_t step = window_.stride[last];
    const int64_t room = window_.input[last] - start;
    const int64_t first = line_begin + (start < 0 ? (-start + step - 1) / step : 0);
    const int64_t past = line_begin + (room > 0 ? (room + step - 1) / step : 0);
    const int64_t inside = std::clamp(first, begin, end);
    const int64_t outside = std::clamp(past, inside, end);
    offset += channel + start + (inside - line_begin) * step;
    return {begin, inside - begin, outside - inside, end - outside, offset, step};
  }

  const WindowGeometry& window_;
  const size_t axes_;
  const int64_t kernel_size_;
  const int64_t image_size_;
  std::vector<int64_t> places_;
};

}  // namespace

void Im2col(const WindowGeometry& window, const float* image, Range rows, Range columns,
            float* block) {
  Runs(window).ForEach(rows, columns, [&](int64_t row, const Run& run) {
    float* out = block + (row - rows.begin) * columns.size() + (run.column - columns.begin);
    out = std::fill_n(out, run.before, 0.0f);
    const float* in = image + run.offset;
    if (run.step == 1) {
      out = std::copy_n(in, run.inside, out);
    } else {
      for (int64_t i = 0; i < run.inside; ++i) *out++ = in[i * run.step];
    }
    std::fill_n(out, run.after, 0.0f);
  });
}

void Col2im(const WindowGeometry& window, const float* block, Range rows, Range columns,
            float* image) {
  Runs(window).ForEach(rows, columns, [&](int64_t row, const Run& run) {
    const int64_t column = run.column + run.before - columns.begin;
    const float* const in = block + (row - rows.begin) * columns.size() + column;
    float* const out = image + run.offset;
    for (int64_t i = 0; i < run.inside; ++i) out[i * run.step] += in[i];
  });
}

}  // namespace demitasse
