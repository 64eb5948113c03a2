// Loops over all cores. The pieces a loop is cut into depend on its size alone, never on the number
// of threads: whatever is summed up piece by piece comes out with the same bits for any number.
#ifndef DEMITASSE_SRC_CORE_THREADS_HPP_
#define DEMITASSE_SRC_CORE_THREADS_HPP_

#include <algorithm>
#include <cstdint>
#include <vector>

namespace demitasse {

// Elements of cheap arithmetic that are worth a core of their own.
constexpr int64_t kElementwiseGrain = 1 << 14;

// Sets how many threads ParallelFor and the engines use in this thread, while it lives; 0 leaves
// the choice to OpenMP.
class ThreadScope {
 public:
  explicit ThreadScope(int threads);
  ~ThreadScope();
  ThreadScope(const ThreadScope&) = delete;
  ThreadScope& operator=(const ThreadScope&) = delete;

 private:
  [[maybe_unused]] int outer_;  // without OpenMP there is one thread
};

// How many that are in this thread, so that another one can be given as many.
int ThreadCount();

// Calls body(begin, end) for pieces of `grain` that cover [0, count), in parallel. The body must
// not throw.
template <typename Body>
void ParallelFor(int64_t count, int64_t grain, const Body& body) {
  const int64_t pieces = (count + grain - 1) / grain;
  if (pieces <= 1) {  // for which OpenMP would set up a team of one thread
    if (count > 0) body(int64_t{0}, count);
    return;
  }
#ifdef _OPENMP
#pragma omp parallel for schedule(static)
#endif
  for (int64_t piece = 0; piece < pieces; ++piece) {
    body(piece * grain, std::min(count, (piece + 1) * grain));
  }
}

// The sum of body(begin, end) over such pieces, added in their order.
template <typename Body>
double ParallelSum(int64_t count, int64_t grain, const Body& body) {
  std::vector<double> sums(static_cast<size_t>((count + grain - 1) / grain));
  ParallelFor(count, grain, [&](int64_t begin, int64_t end) {
    sums[static_cast<size_t>(begin / grain)] = body(begin, end);
  });
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

}  // namespace demitasse

#endif  // DEMITASSE_SRC_CORE_THREADS_HPP_
