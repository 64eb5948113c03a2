// A layout of blocks of channels, as engines have them, for tests of what computes in any layout.
#ifndef DEMITASSE_TESTS_SUPPORT_BLOCKED_LAYOUT_HPP_
#define DEMITASSE_TESTS_SUPPORT_BLOCKED_LAYOUT_HPP_

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "demitasse/buffer.hpp"

namespace demitasse {

// Images x channels x places in the order (image, channel / block, place, channel % block).
class BlockedLayout : public Layout {
 public:
  BlockedLayout(int64_t images, int64_t channels, int64_t places, int64_t block)
      : images_(images), channels_(channels), places_(places), block_(block) {}

  int64_t stored_size() const override { return images_ * Blocks() * places_ * block_; }
  void ToPlain(const float* stored, float* plain) const override {
    for (int64_t i = 0; i < images_ * channels_ * places_; ++i) plain[i] = stored[StoredIndex(i)];
  }
  void FromPlain(const float* plain, float* stored) const override {
    std::fill_n(stored, stored_size(), 0.0f);
    for (int64_t i = 0; i < images_ * channels_ * places_; ++i) stored[StoredIndex(i)] = plain[i];
  }
  bool Equals(const Layout& other) const override {
    const auto* const layout = dynamic_cast<const BlockedLayout*>(&other);
    return layout != nullptr && block_ == layout->block_ &&
           layout->ChannelBlock(images_, channels_, places_) == block_;
  }
  int64_t ChannelBlock(int64_t images, int64_t channels, int64_t places) const override {
    return images == images_ && channels == channels_ && places == places_ ? block_ : 0;
  }
  std::shared_ptr<const Layout> Resized(const std::vector<int>& shape) const override {
    int64_t places = 1;
    for (size_t axis = 2; axis < shape.size(); ++axis) places *= shape[axis];
    return std::make_shared<BlockedLayout>(shape[0], shape[1], places, block_);
  }
  std::string name() const override { return "blocked"; }

  // Where element `plain` of the row-major array is stored.
  int64_t StoredIndex(int64_t plain) const {
    const int64_t channel = plain / places_ % channels_;
    const int64_t block = plain / places_ / channels_ * Blocks() + channel / block_;
    return (block * places_ + plain % places_) * block_ + channel % block_;
  }

 private:
  int64_t Blocks() const { return (channels_ + block_ - 1) / block_; }

  const int64_t images_;
  const int64_t channels_;
  const int64_t places_;
  const int64_t block_;
};

// A buffer of these elements in row-major order.
inline std::unique_ptr<Buffer> PlainBuffer(const std::vector<float>& values) {
  auto buffer = std::make_unique<Buffer>(static_cast<int64_t>(values.size()));
  std::copy(values.begin(), values.end(), buffer->Overwrite(nullptr));
  return buffer;
}

// A buffer of these row-major elements, stored in `layout`; the padding is 0.
inline std::unique_ptr<Buffer> BlockedBuffer(const std::shared_ptr<const BlockedLayout>& layout,
                                             const std::vector<float>& values) {
  auto buffer = std::make_unique<Buffer>(static_cast<int64_t>(values.size()));
  float* const stored = buffer->Overwrite(layout);
  std::fill_n(stored, layout->stored_size(), 0.0f);
  for (size_t i = 0; i < values.size(); ++i) {
    stored[layout->StoredIndex(static_cast<int64_t>(i))] = values[i];
  }
  return buffer;
}

// A buffer's elements in row-major order.
inline std::vector<float> Values(const Buffer& buffer) {
  return std::vector<float>(buffer.plain(), buffer.plain() + buffer.size());
}

}  // namespace demitasse

#endif  // DEMITASSE_TESTS_SUPPORT_BLOCKED_LAYOUT_HPP_
