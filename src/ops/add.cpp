#include "src/ops/add.hpp"

#include <algorithm>

#include "src/core/vectorize.hpp"
#include "src/ops/deferred_map.hpp"
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

// sum = a * first + b * second, if one of them waits for a map of the channels, which then needs no
// pass of its own; it goes on waiting.
bool AddDeferredMaps(float a, const Buffer& first, float b, const Buffer& second, Buffer* sum) {
  const std::shared_ptr<const DeferredMap> one = MapDeferredBy(first);
  const std::shared_ptr<const DeferredMap> other = MapDeferredBy(second);
  if (one == nullptr && other == nullptr) return false;
  if (one != nullptr && other != nullptr && !(one->shape() == other->shape())) return false;
  AddChannelMaps((one != nullptr ? one : other)->shape(), a,
                 one != nullptr ? one->AsMap(1) : ChannelMap(), one != nullptr ? *one->x() : first,
                 b, other != nullptr ? other->AsMap(1) : ChannelMap(),
                 other != nullptr ? *other->x() : second, sum);
  return true;
}

}  // namespace

void AddBuffers(const std::vector<const Buffer*>& terms, const std::vector<float>& coeffs,
                int64_t size, Buffer* sum) {
  if (terms.empty()) {
    std::fill_n(sum->Overwrite(nullptr), size, 0.0f);
    return;
  }
  if (terms.size() == 2 &&
      AddDeferredMaps(Coeff(coeffs, 0), *terms[0], Coeff(coeffs, 1), *terms[1], sum)) {
    return;
  }
  const std::shared_ptr<const Layout> layout = Leader(terms).shared_layout();
  for (const Buffer* const term : terms) term->BringInto(layout);
  const float* const first = terms[0]->stored();
  const int64_t count = StoredSize(*terms[0], size);
  float* const out = OutputInLayoutOf(*terms[0], sum);
  const Store store = StoreFor(first, out, count);
  const float a = Coeff(coeffs, 0);
  if (terms.size() == 1) {
    ParallelMap(count, out, store, [=](int64_t i) { return a * first[i]; });
    return;
  }
  const float* const second = terms[1]->stored();
  const float b = Coeff(coeffs, 1);
  if (terms.size() == 2) {
    ParallelMap(count, out, store, [=](int64_t i) { return a * first[i] + b * second[i]; });
    return;
  }
  ParallelFor(count, kElementwiseGrain, [&](int64_t begin, int64_t end) {
    Vectorized([&] {
      const auto add_two = [&](int64_t i) { return a * first[i] + b * second[i]; };
      MapRange(begin, end, out, Store::kCached, add_two);
      for (size_t k = 2; k < terms.size(); ++k) {
        const float* const next = terms[k]->stored();
        const float c = Coeff(coeffs, k);
        const auto add = [&](int64_t i) { return out[i] + c * next[i]; };
        MapRange(begin, end, out, Store::kCached, add);
      }
    });
  });
}

}  // namespace demitasse
