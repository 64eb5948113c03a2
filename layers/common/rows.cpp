#include "layers/common/rows.hpp"

namespace demitasse {
namespace {

int64_t ItemSize(const Blob& blob) { return blob.size(1, blob.num_axes()); }

// Positions in a list of items, sorted by item: those of item i are positions[first[i]] to
// positions[first[i + 1] - 1].
struct Places {
  Places(const std::vector<int>& items, int item_count)
      : positions(items.size()), first(static_cast<size_t>(item_count) + 1) {
    for (const int item : items) ++first[static_cast<size_t>(item) + 1];
    for (size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
    std::vector<int64_t> next = first;
    for (size_t i = 0; i < items.size(); ++i) {
      positions[static_cast<size_t>(next[static_cast<size_t>(items[i])]++)] =
          static_cast<int64_t>(i);
    }
  }

  std::vector<int64_t> positions;
  std::vector<int64_t> first;
};

}  // namespace

void PickItems(const Blob& bottom, const std::vector<int>& items, Blob* top) {
  const int* const picked = items.data();
  GatherRows(
      static_cast<int64_t>(items.size()), ItemSize(bottom), bottom.cpu_data(),
      [picked](int64_t row) { return int64_t{picked[row]}; }, top->data()->Overwrite(nullptr));
}

void PickItemsGradient(const Blob& top, const std::vector<int>& items, Blob* bottom) {
  const Places places(items, bottom->shape(0));
  const int64_t* const first = places.first.data();
  const int64_t* const positions = places.positions.data();
  SumRows(
      bottom->shape(0), ItemSize(*bottom), top.cpu_diff(),
      [first](int64_t item) { return first[item + 1] - first[item]; },
      [first, positions](int64_t item, int64_t i) { return positions[first[item] + i]; },
      bottom->diff()->Overwrite(nullptr));
}

}  // namespace demitasse
