// The memory behind a blob's data or its gradient: floats in plain row-major order, or for a while
// in the order an engine computes with.
#ifndef DEMITASSE_BUFFER_HPP_
#define DEMITASSE_BUFFER_HPP_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "demitasse/export.hpp"
#include "demitasse/memory_budget.hpp"

namespace demitasse {

// An engine's own order of an array's elements (oneDNN's blocked nChw8c, say). Immutable.
class DEMITASSE_API Layout {
 public:
  virtual ~Layout() = default;

  // Floats the array takes in this order, padding included.
  virtual int64_t stored_size() const = 0;
  // Writes the array in row-major order to `plain`.
  virtual void ToPlain(const float* stored, float* plain) const = 0;
  // The reverse; padding becomes 0.
  virtual void FromPlain(const float* plain, float* stored) const = 0;
  // Whether the other is the same order of an array of the same shape.
  virtual bool Equals(const Layout& other) const = 0;
  // B if this is a layout of images x channels x places elements in the order (image, channel / B,
  // place, channel % B), the last block of channels filled up with zeros; 0 if it is any other.
  virtual int64_t ChannelBlock(int64_t /*images*/, int64_t /*channels*/, int64_t /*places*/) const {
    return 0;
  }
  // The same order for an array of another shape; null if that is not possible.
  virtual std::shared_ptr<const Layout> Resized(const std::vector<int>& /*shape*/) const {
    return nullptr;
  }
  // For people: "nChw8c".
  virtual std::string name() const = 0;
};

class Buffer;

// How elements come about that nobody has asked for yet. An op that knows how to go on from there
// computes both at once (Buffer::TakeDeferred).
class DEMITASSE_API Deferred {
 public:
  virtual ~Deferred() = default;
  // Writes the elements to `buffer`, whose memory is as it was when they were deferred.
  virtual void Compute(Buffer* buffer) const = 0;
  // The other buffer that they are computed from, before that changes; null if there is none.
  virtual Buffer* source() const { return nullptr; }
};

// Holds `size` floats from the first access on, all 0 at first. An array in an engine's layout is
// brought into plain order when somebody asks for plain order, and stays so; the other way about
// with BringInto().
//
// Threads: several may read plain() at once, once it has been called and while nobody calls
// anything but plain(), stored() and layout(); anything else needs the caller's own lock.
class DEMITASSE_API Buffer {
 public:
  // Throws Error if `size` is negative or too large for any machine.
  explicit Buffer(int64_t size, std::shared_ptr<MemoryBudget> budget = MemoryBudget::Current());
  // Plain elements in memory of the caller's, which counts against no budget.
  Buffer(float* memory, int64_t size);
  // Elements that Overwrite() puts into the memory of another buffer, `offset` floats from where it
  // begins, if they take no more than `size` floats there: what that one holds is lost then, but
  // for the other parts of it. Converted into another order they are in memory of their own.
  Buffer(std::shared_ptr<Buffer> whole, int64_t offset, int64_t size);
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  int64_t size() const { return size_; }  // floats, as it was made with
  // What the memory counts against; null if it does not.
  const std::shared_ptr<MemoryBudget>& budget() const { return budget_; }
  // A number no other buffer of this process has or had; never 0.
  uint64_t id() const { return id_; }

  // The elements in row-major order.
  const float* plain() const;
  // As plain(), to be written to. A pointer kept from an earlier call must not be written through
  // once something else has computed with the buffer.
  float* mutable_plain();

  // The layout the elements are in now; null for plain order.
  const Layout* layout() const { return shared_layout().get(); }
  // The same, to put another buffer into that layout.
  const std::shared_ptr<const Layout>& shared_layout() const {
    if (deferred_) Settle();
    return layout_;
  }
  // The elements in the order of layout(), never converted.
  const float* stored() const;
  // As stored(), to be written to.
  float* mutable_stored();
  // Brings the elements into `layout` (plain if null).
  void BringInto(const std::shared_ptr<const Layout>& layout) const;
  // Memory for new elements in `layout` (plain if null). What the buffer held is lost.
  float* Overwrite(std::shared_ptr<const Layout> layout);
  // Exchanges the elements with those of a buffer of the same size and budget, without a copy.
  void Exchange(Buffer* other);

  // New elements, which are computed when somebody asks for them or for their layout.
  void Defer(std::shared_ptr<const Deferred> how);
  // What they wait for; null if they are there.
  const std::shared_ptr<const Deferred>& deferred() const { return deferred_; }
  // The same, for the caller to compute on from. The buffer holds what it held before Defer().
  std::shared_ptr<const Deferred> TakeDeferred();

  // Gives the elements up: until they are overwritten, reading them throws Error. The memory stays,
  // for the blob that uses it next.
  void Discard();

  // Grows with every call that may change an element: what was computed from the elements of one
  // version (a reordered copy of weights) holds until the version changes.
  uint64_t version() const { return version_; }

 private:
  void CheckKept() const;
  // Computes what is deferred.
  void Settle() const;
  // The same for those that are computed from the elements, which are about to change.
  void SettleDependents() const;
  void Allocate(int64_t size) const;
  void Release() const;
  // The same for memory that was this buffer's before.
  void GiveUp(float* memory, int64_t size, bool is_owned) const;
  // Calls convert(old memory, new memory), which fills the new for `layout`.
  template <typename Convert>
  void Reorder(const std::shared_ptr<const Layout>& layout, const Convert& convert) const;
  // Floats to take for elements in `layout`.
  int64_t Needed(const Layout* layout) const;

  const int64_t size_;
  const uint64_t id_;
  const std::shared_ptr<MemoryBudget> budget_;
  const std::shared_ptr<Buffer> whole_;  // null unless this is a part of it
  const int64_t offset_ = 0;
  // Reading may allocate the memory or convert what it holds.
  mutable float* memory_ = nullptr;
  mutable bool owned_ = true;      // unless the memory is the caller's or another buffer's
  mutable int64_t allocated_ = 0;  // floats
  mutable int64_t largest_ = 0;    // that a layout needed: changing between orders keeps the memory
  mutable std::shared_ptr<const Layout> layout_;
  mutable std::shared_ptr<const Deferred> deferred_;
  mutable std::vector<const Buffer*> dependents_;  // that wait, with this buffer as their source
  uint64_t version_ = 0;
  bool discarded_ = false;
};

}  // namespace demitasse

#endif  // DEMITASSE_BUFFER_HPP_
