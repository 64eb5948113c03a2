#include "src/ops/loop_scratch.hpp"

#include <memory>

#include "demitasse/buffer.hpp"
#include "demitasse/memory_budget.hpp"
#include "src/core/memory_claim.hpp"

namespace demitasse {

void CheckScratch(int64_t floats) {
  constexpr int64_t kAlwaysAllowed = int64_t{1} << 23;
  if (floats <= kAlwaysAllowed) return;
  const MemoryClaim claim(floats * static_cast<int64_t>(sizeof(float)));  // given back at once
}

float* ThreadScratch(int64_t floats) {
  CheckScratch(floats);
  thread_local std::unique_ptr<Buffer> scratch;
  if (scratch == nullptr || scratch->size() < floats) {
    const MemoryBudget::Scope no_net(nullptr);  // it outlives the net that runs now
    scratch = std::make_unique<Buffer>(floats);
  }
  return scratch->Overwrite(nullptr);
}

}  // namespace demitasse
