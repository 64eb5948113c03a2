#include "src/ops/loop_scratch.hpp"

#include <memory>

#include "demitasse/buffer.hpp"
#include "demitasse/memory_budget.hpp"

namespace demitasse {

float* ThreadScratch(int64_t floats) {
  thread_local std::unique_ptr<Buffer> scratch;
  if (scratch == nullptr || scratch->size() < floats) {
    const MemoryBudget::Scope no_net(nullptr);  // it outlives the net that runs now
    scratch = std::make_unique<Buffer>(floats);
  }
  return scratch->Overwrite(nullptr);
}

}  // namespace demitasse
