#include "demitasse/memory_budget.hpp"

#include <unistd.h>

#include <fstream>
#include <utility>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

std::shared_ptr<MemoryBudget>& CurrentBudget() {
  thread_local std::shared_ptr<MemoryBudget> current;
  return current;
}

// Rounded up.
std::string Megabytes(int64_t bytes) {
  constexpr int64_t kMegabyte = 1 << 20;
  return Cat(bytes / kMegabyte + (bytes % kMegabyte > 0 ? 1 : 0), " MB");
}

}  // namespace

int64_t MachineMemory() {
  const int64_t physical =
      static_cast<int64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<int64_t>(sysconf(_SC_PAGESIZE));
  int64_t group = 0;
  std::ifstream group_limit("/sys/fs/cgroup/memory.max");  // "max" where there is no limit
  if (group_limit >> group && group > 0 && group < physical) return group;
  return physical;
}

MemoryBudget::MemoryBudget(int64_t limit) : limit_(limit > 0 ? limit : MachineMemory()) {}

void MemoryBudget::Take(int64_t bytes) {
  const int64_t used = used_.fetch_add(bytes);
  if (bytes > limit_ - used) {
    used_ -= bytes;
    throw Error(Cat("needs ", Megabytes(bytes), " more memory, but ", Megabytes(used),
                    " of the limit of ", Megabytes(limit_),
                    " are taken; use smaller inputs or raise the memory limit"));
  }
}

std::shared_ptr<MemoryBudget> MemoryBudget::Current() { return CurrentBudget(); }

MemoryBudget::Scope::Scope(std::shared_ptr<MemoryBudget> budget) : outer_(std::move(budget)) {
  CurrentBudget().swap(outer_);
}

MemoryBudget::Scope::~Scope() { CurrentBudget().swap(outer_); }

}  // namespace demitasse
