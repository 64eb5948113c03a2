#include "demitasse/buffer.hpp"

#include <algorithm>
#include <atomic>
#include <cassert>
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

Buffer::Buffer(std::shared_ptr<Buffer> whole, int64_t offset, int64_t size)
    : size_(size),
      id_(NextId()),
      budget_(whole->budget()),
      whole_(std::move(whole)),
      offset_(offset) {
  assert(offset >= 0 && size >= 0 && offset + size <= whole_->size());
}

Buffer::Buffer(float* memory, int64_t size) : Buffer(size, nullptr) {
  memory_ = memory;
  allocated_ = size;
  owned_ = false;
}

Buffer::~Buffer() {
  TakeDeferred();
  Release();
}

void Buffer::Allocate(int64_t size) const {
  const int64_t bytes = BytesFor(size > 0 ? size : 1);
  if (budget_) budget_->Take(bytes);
  memory_ = static_cast<float*>(std::aligned_alloc(kAlignment, static_cast<size_t>(bytes)));
  if (memory_ == nullptr) {
    if (budget_) budget_->GiveBack(bytes);
    throw Error(Cat("out of memory: the machine refused ", bytes, " bytes"), ErrorKind::kRun);
  }
  allocated_ = size;
  owned_ = true;
}

void Buffer::Release() const {
  GiveUp(memory_, allocated_, owned_);
  memory_ = nullptr;
}

void Buffer::GiveUp(float* memory, int64_t size, bool is_owned) const {
  if (memory == nullptr || !is_owned) return;
  std::free(memory);
  if (budget_) budget_->GiveBack(BytesFor(size > 0 ? size : 1));
}

void Buffer::CheckKept() const {
  if (!discarded_) return;
  throw Error(
      "these values are gone: an optimized net uses the memory of blobs between its layers again; "
      "read an output, or a net that was not optimized");
}

int64_t Buffer::Needed(const Layout* layout) const {
  if (layout != nullptr) largest_ = std::max(largest_, layout->stored_size());
  return std::max(size_, largest_);
}

template <typename Convert>
void Buffer::Reorder(const std::shared_ptr<const Layout>& layout, const Convert& convert) const {
  const int64_t array = (layout != nullptr ? layout : layout_)->stored_size();
  if (owned_ && array <= allocated_ / 2) {
    // Memory that is shared with larger arrays is kept: for new memory of that size the system
    // takes longer than the conversion, in every pass again.
    Buffer copy(array, budget_);
    convert(memory_, copy.Overwrite(nullptr));
    std::memcpy(memory_, copy.memory_, static_cast<size_t>(array) * sizeof(float));
    layout_ = layout;
    return;
  }
  float* const old = std::exchange(memory_, nullptr);
  const int64_t old_size = allocated_;
  const bool was_owned = owned_;
  try {
    Allocate(Needed(layout.get()));
    convert(old, memory_);
  } catch (...) {
    Release();
    memory_ = old;
    allocated_ = old_size;
    owned_ = was_owned;
    throw;
  }
  layout_ = layout;
  GiveUp(old, old_size, was_owned);
}

void Buffer::Settle() const {
  auto* const self = const_cast<Buffer*>(this);
  const uint64_t version = version_;
  std::shared_ptr<const Deferred> how = self->TakeDeferred();
  try {
    how->Compute(self);
  } catch (...) {
    self->Defer(std::move(how));
    throw;
  }
  self->version_ = version;
}

void Buffer::SettleDependents() const {
  while (!dependents_.empty()) dependents_.back()->Settle();
}

void Buffer::Defer(std::shared_ptr<const Deferred> how) {
  TakeDeferred();
  SettleDependents();
  ++version_;
  discarded_ = false;
  deferred_ = std::move(how);
  if (deferred_->source() != nullptr) deferred_->source()->dependents_.push_back(this);
}

std::shared_ptr<const Deferred> Buffer::TakeDeferred() {
  if (deferred_ != nullptr && deferred_->source() != nullptr) {
    std::vector<const Buffer*>& list = deferred_->source()->dependents_;
    list.erase(std::find(list.begin(), list.end(), this));
  }
  return std::exchange(deferred_, nullptr);
}

void Buffer::Discard() {
  TakeDeferred();
  SettleDependents();
  discarded_ = true;
}

const float* Buffer::plain() const {
  CheckKept();
  if (deferred_) Settle();
  if (memory_ == nullptr) {
    Allocate(Needed(nullptr));
    std::memset(memory_, 0, static_cast<size_t>(size_) * sizeof(float));
  } else if (layout_ != nullptr) {
    const std::shared_ptr<const Layout> layout = layout_;
    Reorder(nullptr, [&](const float* from, float* to) { layout->ToPlain(from, to); });
    CountConversion();
  }
  return memory_;
}

float* Buffer::mutable_plain() {
  plain();
  SettleDependents();
  ++version_;
  return memory_;
}

const float* Buffer::stored() const {
  CheckKept();
  return layout() != nullptr ? memory_ : plain();
}

float* Buffer::mutable_stored() {
  stored();
  SettleDependents();
  ++version_;
  return memory_;
}

void Buffer::BringInto(const std::shared_ptr<const Layout>& layout) const {
  if (deferred_) Settle();
  if (layout_ == layout || (layout_ && layout && layout_->Equals(*layout))) return;
  plain();
  if (layout == nullptr) return;
  Reorder(layout, [&](const float* from, float* to) { layout->FromPlain(from, to); });
}

float* Buffer::Overwrite(std::shared_ptr<const Layout> layout) {
  TakeDeferred();
  SettleDependents();
  ++version_;
  discarded_ = false;
  const int64_t needed = Needed(layout.get());
  const bool fits_whole = whole_ != nullptr && needed == size_;
  // A caller's array stays plain.
  if (allocated_ < needed || (!owned_ && layout != nullptr) || fits_whole) Release();
  layout_ = nullptr;
  if (fits_whole) {
    memory_ = whole_->Overwrite(nullptr) + offset_;
    allocated_ = size_;
    owned_ = false;
  } else if (memory_ == nullptr) {
    Allocate(needed);
  }
  layout_ = std::move(layout);
  return memory_;
}

void Buffer::Exchange(Buffer* other) {
  assert(size_ == other->size_ && budget_ == other->budget_);
  for (Buffer* const buffer : {this, other}) {
    if (buffer->deferred_) buffer->Settle();
    buffer->SettleDependents();
  }
  ++version_;
  ++other->version_;
  std::swap(memory_, other->memory_);
  std::swap(owned_, other->owned_);
  std::swap(allocated_, other->allocated_);
  std::swap(largest_, other->largest_);
  layout_.swap(other->layout_);
}

}  // namespace demitasse
