// A limit on the memory that the blobs of one net may take.
//
// A blob belongs to the budget that is current, in its thread, when the blob is made; a net makes
// its budget current while it builds itself, so that its layers' private blobs count too.
#ifndef DEMITASSE_MEMORY_BUDGET_HPP_
#define DEMITASSE_MEMORY_BUDGET_HPP_

#include <atomic>
#include <cstdint>
#include <memory>

#include "demitasse/export.hpp"

namespace demitasse {

// Several threads may take from it and give back at once.
class DEMITASSE_API MemoryBudget {
 public:
  // `limit` in bytes; 0 stands for MachineMemory().
  explicit MemoryBudget(int64_t limit = 0);

  int64_t limit() const { return limit_; }  // bytes
  int64_t used() const { return used_; }    // bytes that were taken and not given back

  // Takes `bytes` from the budget. Throws Error that says what was asked for and what is
  // left if they are not there; nothing is taken then.
  void Take(int64_t bytes);
  // Gives back what was taken.
  void GiveBack(int64_t bytes) { used_ -= bytes; }

  // The budget of the blobs that this thread makes now; null when there is none.
  static std::shared_ptr<MemoryBudget> Current();

  // Makes a budget current for as long as the scope lives.
  class Scope {
   public:
    // For this thread; null for none.
    explicit Scope(std::shared_ptr<MemoryBudget> budget);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    std::shared_ptr<MemoryBudget> outer_;
  };

 private:
  const int64_t limit_;
  std::atomic<int64_t> used_{0};
};

// Bytes of memory this process may use: the machine's, or the control group's where that is less.
int64_t MachineMemory();

}  // namespace demitasse

#endif  // DEMITASSE_MEMORY_BUDGET_HPP_
