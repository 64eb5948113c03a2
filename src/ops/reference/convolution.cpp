#include "src/ops/reference/convolution.hpp"

#include <algorithm>

#include "demitasse/blob.hpp"
#include "src/core/threads.hpp"
#include "src/ops/blas.hpp"
#include "src/ops/im2col.hpp"
#include "src/ops/loop_scratch.hpp"
#include "src/ops/reference/uniform_gemm.hpp"

namespace demitasse {
namespace {

// Floats of the matrix of windows that a thread holds at a time.
constexpr int64_t kScratch = 1 << 20;
// The parts a product is cut into: rows of weights, rows of the matrix of windows, columns.
constexpr int64_t kOutputRows = 256;
constexpr int64_t kWindowRows = 128;
constexpr int64_t kMostColumns = 512;
constexpr int64_t kLeastColumns = 8;

Range Part(int64_t index, int64_t length, int64_t whole) {
  return {index * length, std::min(whole, (index + 1) * length)};
}

int64_t Parts(int64_t whole, int64_t length) { return (whole + length - 1) / length; }

// For one image and one group: dst = weights x windows, where weights is (outputs_ x rows_), the
// matrix of windows (rows_ x columns_) and dst (outputs_ x columns_).
class ReferenceConvolution : public Convolution {
 public:
  explicit ReferenceConvolution(const ConvolutionDesc& desc)
      : desc_(desc),
        outputs_(desc.out_channels / desc.group),
        inputs_(desc.in_channels / desc.group),
        kernel_size_(ShapeSize(desc.window.kernel)),
        rows_(inputs_ * kernel_size_),
        columns_(ShapeSize(desc.window.output)),
        image_size_(ShapeSize(desc.window.input)),
        windows_are_places_(WindowsArePlaces(desc.window)) {
    CheckGemmSize(rows_);
    CheckGemmSize(columns_);
  }

  std::string name() const override { return "reference"; }

  void Forward(const Buffer& src, const Buffer& weights, const Buffer* bias, Buffer* dst) override;
  void BackwardData(const Buffer& dst_diff, const Buffer& weights, Buffer* src_diff) override;
  void BackwardWeights(const Buffer& src, const Buffer& dst_diff, Buffer* weights_diff,
                       Buffer* bias_diff) override;

 private:
  // Whether the matrix of windows is the image itself: 1x1 kernels that visit every place.
  static bool WindowsArePlaces(const WindowGeometry& window) {
    const auto all = [](const std::vector<int>& values, int value) {
      return std::count(values.begin(), values.end(), value) == static_cast<int64_t>(values.size());
    };
    return all(window.kernel, 1) && all(window.stride, 1) && all(window.pad, 0);
  }

  int64_t InputOffset(int64_t image, int64_t group) const {
    return (image * desc_.in_channels + group * inputs_) * image_size_;
  }
  int64_t OutputOffset(int64_t image, int64_t group) const {
    return (image * desc_.out_channels + group * outputs_) * columns_;
  }
  int64_t ColumnsPerBlock(int64_t rows, int64_t most) const {
    return std::clamp(kScratch / std::max<int64_t>(1, rows), kLeastColumns, most);
  }
  // The block of the matrix of windows, in the image itself or copied to `scratch`.
  GemmFactor Windows(const float* image, Range rows, Range columns, float* scratch) const {
    if (windows_are_places_) {
      return {image + rows.begin * columns_ + columns.begin, columns_};
    }
    Im2col(desc_.window, image, rows, columns, scratch);
    return {scratch, columns.size()};
  }
  void AddWeightsDiff(const float* src, const float* dst_diff, float* weights_diff) const;
  void AddBiasDiff(const float* dst_diff, float* bias_diff) const;

  const ConvolutionDesc desc_;
  const int64_t outputs_;
  const int64_t inputs_;
  const int64_t kernel_size_;
  const int64_t rows_;
  const int64_t columns_;
  const int64_t image_size_;
  const bool windows_are_places_;
};

void ReferenceConvolution::Forward(const Buffer& src, const Buffer& weights, const Buffer* bias,
                                   Buffer* dst) {
  const float* const image = src.plain();
  const float* const weight = weights.plain();
  const float* const shift = bias == nullptr ? nullptr : bias->plain();
  float* const out = dst->Overwrite(nullptr);

  const int64_t block_columns = ColumnsPerBlock(rows_, kMostColumns);
  const int64_t across = Parts(columns_, block_columns);
  const int64_t down = Parts(outputs_, kOutputRows);
  const int64_t windows_size = windows_are_places_ ? 0 : rows_ * block_columns;
  LoopScratch scratch(windows_size + UniformProductScratch(rows_));
  const int64_t blocks = int64_t{desc_.num} * desc_.group * down * across;
  ParallelFor(blocks, 1, [&](int64_t block, int64_t) {
    float* const memory = scratch.Get();
    if (memory == nullptr) return;
    const Range columns = Part(block % across, block_columns, columns_);
    const Range outputs = Part(block / across % down, kOutputRows, outputs_);
    const int64_t group = block / across / down % desc_.group;
    const int64_t n = block / across / down / desc_.group;

    const int64_t channel = group * outputs_ + outputs.begin;
    float* const to = out + OutputOffset(n, group) + outputs.begin * columns_ + columns.begin;
    for (int64_t o = 0; o < outputs.size(); ++o) {
      std::fill_n(to + o * columns_, columns.size(), shift == nullptr ? 0 : shift[channel + o]);
    }
    const GemmFactor windows = Windows(image + InputOffset(n, group), {0, rows_}, columns, memory);
    AddUniformProduct(outputs.size(), columns.size(), rows_, weight + channel * rows_, rows_,
                      windows.data, windows.stride, to, columns_, memory + windows_size);
  });
  scratch.ThrowIfRefused();
}

void ReferenceConvolution::BackwardData(const Buffer& dst_diff, const Buffer& weights,
                                        Buffer* src_diff) {
  const float* const out_diff = dst_diff.plain();
  const float* const weight = weights.plain();
  float* const image_diff = src_diff->Overwrite(nullptr);

  // Blocks of whole channels, so that no two threads add to one place.
  const int64_t block_channels = std::max<int64_t>(1, kWindowRows / kernel_size_);
  const int64_t block_rows = block_channels * kernel_size_;
  const int64_t block_columns = ColumnsPerBlock(block_rows, columns_ + kLeastColumns);
  const int64_t down = Parts(inputs_, block_channels);
  LoopScratch scratch(block_rows * block_columns);
  ParallelFor(int64_t{desc_.num} * desc_.group * down, 1, [&](int64_t block, int64_t) {
    float* const memory = scratch.Get();
    if (memory == nullptr) return;
    const Range channels = Part(block % down, block_channels, inputs_);
    const int64_t group = block / down % desc_.group;
    const int64_t n = block / down / desc_.group;
    const Range rows{channels.begin * kernel_size_, channels.end * kernel_size_};
    const GemmFactor factor{weight + group * outputs_ * rows_ + rows.begin, rows_, Trans::kYes};
    float* const diff = image_diff + InputOffset(n, group);

    std::fill_n(diff + channels.begin * image_size_, channels.size() * image_size_, 0.0f);
    for (int64_t i = 0; i < Parts(columns_, block_columns); ++i) {
      const Range columns = Part(i, block_columns, columns_);
      SerialGemm(rows.size(), columns.size(), outputs_, 1, factor,
                 {out_diff + OutputOffset(n, group) + columns.begin, columns_}, 0, memory,
                 columns.size());
      Col2im(desc_.window, memory, rows, columns, diff);
    }
  });
  scratch.ThrowIfRefused();
}

void ReferenceConvolution::BackwardWeights(const Buffer& src, const Buffer& dst_diff,
                                           Buffer* weights_diff, Buffer* bias_diff) {
  if (weights_diff != nullptr) {
    AddWeightsDiff(src.plain(), dst_diff.plain(), weights_diff->mutable_plain());
  }
  if (bias_diff != nullptr) AddBiasDiff(dst_diff.plain(), bias_diff->mutable_plain());
}

void ReferenceConvolution::AddWeightsDiff(const float* src, const float* dst_diff,
                                          float* weights_diff) const {
  const int64_t block_rows = std::clamp<int64_t>(rows_, 1, kWindowRows);
  const int64_t block_columns = ColumnsPerBlock(block_rows, columns_ + kLeastColumns);
  const int64_t down = Parts(rows_, block_rows);
  LoopScratch scratch(block_rows * block_columns);
  ParallelFor(desc_.group * down, 1, [&](int64_t block, int64_t) {
    float* const memory = scratch.Get();
    if (memory == nullptr) return;
    const Range rows = Part(block % down, block_rows, rows_);
    const int64_t group = block / down;
    float* const diff = weights_diff + group * outputs_ * rows_ + rows.begin;
    for (int64_t n = 0; n < desc_.num; ++n) {
      for (int64_t i = 0; i < Parts(columns_, block_columns); ++i) {
        const Range columns = Part(i, block_columns, columns_);
        GemmFactor windows = Windows(src + InputOffset(n, group), rows, columns, memory);
        windows.trans = Trans::kYes;
        SerialGemm(outputs_, rows.size(), columns.size(), 1,
                   {dst_diff + OutputOffset(n, group) + columns.begin, columns_}, windows, 1, diff,
                   rows_);
      }
    }
  });
  scratch.ThrowIfRefused();
}

void ReferenceConvolution::AddBiasDiff(const float* dst_diff, float* bias_diff) const {
  ParallelFor(desc_.out_channels, 1, [&](int64_t channel, int64_t) {
    double sum = 0;
    for (int64_t n = 0; n < desc_.num; ++n) {
      const float* const diff = dst_diff + (n * desc_.out_channels + channel) * columns_;
      for (int64_t i = 0; i < columns_; ++i) sum += diff[i];
    }
    bias_diff[channel] += static_cast<float>(sum);
  });
}

}  // namespace

std::unique_ptr<Convolution> MakeReferenceConvolution(const ConvolutionDesc& desc) {
  return std::make_unique<ReferenceConvolution>(desc);
}

}  // namespace demitasse
