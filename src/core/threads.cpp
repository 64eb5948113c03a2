#include "src/core/threads.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace demitasse {

#ifdef _OPENMP
int ThreadCount() { return omp_get_max_threads(); }

ThreadScope::ThreadScope(int threads) : outer_(ThreadCount()) {
  if (threads > 0) omp_set_num_threads(threads);
}
ThreadScope::~ThreadScope() { omp_set_num_threads(outer_); }
#else
int ThreadCount() { return 1; }

ThreadScope::ThreadScope(int /*threads*/) : outer_(1) {}
ThreadScope::~ThreadScope() = default;
#endif

}  // namespace demitasse
