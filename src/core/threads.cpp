#include "src/core/threads.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace demitasse {

#ifdef _OPENMP
ThreadScope::ThreadScope(int threads) : outer_(omp_get_max_threads()) {
  if (threads > 0) omp_set_num_threads(threads);
}
ThreadScope::~ThreadScope() { omp_set_num_threads(outer_); }
#else
ThreadScope::ThreadScope(int /*threads*/) : outer_(1) {}
ThreadScope::~ThreadScope() = default;
#endif

}  // namespace demitasse
