// Memory that is not a blob's and counts against a net's budget all the same.
#ifndef DEMITASSE_SRC_CORE_MEMORY_CLAIM_HPP_
#define DEMITASSE_SRC_CORE_MEMORY_CLAIM_HPP_

#include <cstdint>
#include <memory>
#include <utility>

#include "demitasse/memory_budget.hpp"

namespace demitasse {

// Holds `bytes` of a budget, if there is one, as long as it lives.
class MemoryClaim {
 public:
  // Throws Error if the budget has not as much left.
  explicit MemoryClaim(int64_t bytes,
                       std::shared_ptr<MemoryBudget> budget = MemoryBudget::Current())
      : bytes_(bytes), budget_(std::move(budget)) {
    if (budget_ != nullptr) budget_->Take(bytes_);
  }
  ~MemoryClaim() {
    if (budget_ != nullptr) budget_->GiveBack(bytes_);
  }
  MemoryClaim(const MemoryClaim&) = delete;
  MemoryClaim& operator=(const MemoryClaim&) = delete;

 private:
  const int64_t bytes_;
  const std::shared_ptr<MemoryBudget> budget_;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_CORE_MEMORY_CLAIM_HPP_
