#include "src/ops/add.hpp"

#include <algorithm>

#include "src/core/simd.hpp"
#include "src/core/threads.hpp"
#include "src/ops/output.hpp"

namespace demitasse {
namespace {

// The term whose layout most terms are in: with it the fewest have to be converted. Of equally many
// the first, but for plain order.
const Buffer& Leader(const std::vector<const Buffer*>& terms) {
  const Buffer* leader = terms[0];
  int64_t most = 0;
  for (const Buffer* const term : terms) {
    const int64_t count = std::count_if(
        terms.begin(), terms.end(), [&](const Buffer* other) { return SameLayout(*term, *other); });
    const bool wins = count > most || (count == most && leader->layout() == nullptr);
    if (wins) leader = term;
    most = std::max(most, count);
  }
  return *leader;
}

float Coeff(const std::vector<float>& coeffs, size_t index) {
  return coeffs.empty() ? 1 : coeffs[index];
}

}  // namespace

void AddBuffers(const std::vector<const Buffer*>& terms, const std::vector<float>& coeffs,
                int64_t size, Buffer* sum) {
  if (terms.empty()) {
    std::fill_n(sum->Overwrite(nullptr), size, 0.0f);
    return;
  }
  const std::shared_ptr<const Layout> layout = Leader(terms).shared_layout();
  for (const Buffer* const term : terms) term->BringInto(layout);
  const float* const first = terms[0]->stored();
  const int64_t count = StoredSize(*terms[0], size);
  float* const out = OutputInLayoutOf(*terms[0], sum);
  ParallelFor(count, kElementwiseGrain, [&](int64_t begin, int64_t end) {
    const float a = Coeff(coeffs, 0);
    if (terms.size() == 1) {
      DEMITASSE_SIMD
      for (int64_t i = begin; i < end; ++i) out[i] = a * first[i];
      return;
    }
    const float* const second = terms[1]->stored();
    const float b = Coeff(coeffs, 1);
    DEMITASSE_SIMD
    for (int64_t i = begin; i < end; ++i) out[i] = a * first[i] + b * second[i];
    for (size_t k = 2; k < terms.size(); ++k) {
      const float* const next = terms[k]->stored();
      const float c = Coeff(coeffs, k);
      DEMITASSE_SIMD
      for (int64_t i = begin; i < end; ++i) out[i] += c * next[i];
    }
  });
}

}  // namespace demitasse
