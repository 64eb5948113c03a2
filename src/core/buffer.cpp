#include "demitasse/buffer.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <utility>

#include "demitasse/error.hpp"
#include "src/core/conversions.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

constexpr int64_t kAlignment = 64;  // a cache line, and the widest vector register

int64_t BytesFor(int64_t floats) {
  const int64_t bytes = floats * static_cast<int64_t>(sizeof(float));
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

uint64_t NextId() {
  static std::atomic<uint64_t> last{0};
  return ++last;
}

}  // namespace

Buffer::Buffer(int64_t size, std::shared_ptr<MemoryBudget> budget)
    : size_(size), id_(NextId()), budget_(std::move(budget)) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max() / 8;
  if (size < 0 || size > kMost) throw Error(Cat("a buffer cannot hold ", size, " values"));
}

Buffer::~Buffer() { Release(); }

void Buffer::Allocate(int64_t size) const {
  const int64_t bytes = BytesFor(size > 0 ? size : 1);
  if (budget_) budget_->Take(bytes);
  memory_ = static_cast<float*>(std::aligned_alloc(kAlignment, static_cast<size_t>(bytes)));
  if (memory_ == nullptr) {
    if (budget_) budget_->GiveBack(bytes);
    throw Error(Cat("out of memory: the machine refused ", bytes, " bytes"), ErrorKind::kRun);
  }
  allocated_ = size;
}

void Buffer::Release() const {
  if (memory_ == nullptr) return;
  std::free(memory_);
  if (budget_) budget_->GiveBack(BytesFor(allocated_ > 0 ? allocated_ : 1));
  memory_ = nullptr;
}

void Buffer::CheckKept() const {
  if (!discarded_) return;
  throw Error(
      "these values are gone: an optimized net uses the memory of blobs between its layers again; "
      "read an output, or a net that was not optimized");
}

const float* Buffer::plain() const {
  CheckKept();
  if (memory_ == nullptr) {
    Allocate(size_);
    std::memset(memory_, 0, static_cast<size_t>(size_) * sizeof(float));
  } else if (layout_ != nullptr) {
    float* const stored = std::exchange(memory_, nullptr);
    const int64_t stored_size = allocated_;
    try {
      Allocate(size_);
      layout_->ToPlain(stored, memory_);
      CountConversion();
    } catch (...) {
      Release();
      memory_ = stored;
      allocated_ = stored_size;
      throw;
    }
    layout_ = nullptr;
    std::free(stored);
    if (budget_) budget_->GiveBack(BytesFor(stored_size));
  }
  return memory_;
}

float* Buffer::mutable_plain() {
  plain();
  ++version_;
  return memory_;
}

const float* Buffer::stored() const {
  CheckKept();
  return layout_ != nullptr ? memory_ : plain();
}

float* Buffer::mutable_stored() {
  stored();
  ++version_;
  return memory_;
}

float* Buffer::Overwrite(std::shared_ptr<const Layout> layout) {
  ++version_;
  discarded_ = false;
  const int64_t needed = layout != nullptr ? std::max(size_, layout->stored_size()) : size_;
  if (memory_ != nullptr && allocated_ < needed) Release();
  layout_ = nullptr;
  if (memory_ == nullptr) Allocate(needed);
  layout_ = std::move(layout);
  return memory_;
}

}  // namespace demitasse
