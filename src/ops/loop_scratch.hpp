// Scratch memory: for the bodies of parallel loops, which must not throw, and for their callers.
#ifndef DEMITASSE_SRC_OPS_LOOP_SCRATCH_HPP_
#define DEMITASSE_SRC_OPS_LOOP_SCRATCH_HPP_

#include <atomic>
#include <cstdint>
#include <new>
#include <vector>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"

namespace demitasse {

// Scratch memory outlives the nets that use it, and so counts against no budget. But a net may not
// ask for more than its own has left, if it is more than a few megabytes: throws Error then.
void CheckScratch(int64_t floats);

// This thread's memory for what an op needs only while it runs, aligned to a cache line. Valid
// until the thread asks for more.
float* ThreadScratch(int64_t floats);

class LoopScratch {
 public:
  // `floats` are those of each thread.
  explicit LoopScratch(int64_t floats) : floats_(floats) { CheckScratch(floats * ThreadCount()); }

  // This thread's memory, to be written before it is read; null if the machine refuses it. It is
  // kept for the thread's next loop.
  float* Get() {
    thread_local std::vector<float> memory(1);
    try {
      if (static_cast<int64_t>(memory.size()) < floats_)
        memory.resize(static_cast<size_t>(floats_));
    } catch (const std::bad_alloc&) {
      refused_ = true;
      return nullptr;
    }
    return memory.data();
  }

  // To be called after the loop.
  void ThrowIfRefused() const {
    if (refused_) {
      throw Error(Cat("out of memory: the machine refused ", floats_ * sizeof(float), " bytes"),
                  ErrorKind::kRun);
    }
  }

 private:
  const int64_t floats_;
  std::atomic<bool> refused_{false};
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_LOOP_SCRATCH_HPP_
