// Split: y = x for each of the tops, so that several layers can read it. The tops share the
// bottom's data; the bottom's gradient is the sum of theirs. Nets put it in wherever a blob is read
// more than once.

#include <algorithm>

#include "demitasse/layer_registry.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

class SplitLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 1; }
  int MinTopBlobs() const override { return 1; }
  bool IsIdentity() const override { return true; }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    for (Blob* blob : top) {
      blob->ReshapeLike(*bottom[0]);
      blob->ShareData(*bottom[0]);
    }
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& /*bottom*/,
                   const std::vector<Blob*>& /*top*/) override {}

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    std::vector<const float*> parts;
    for (const Blob* blob : top) {
      // A gradient never written to is 0 and would take memory only to be read.
      if (blob->diff()->version() > 0) parts.push_back(blob->cpu_diff());
    }
    float* const sum = bottom[0]->diff()->Overwrite(nullptr);
    ParallelFor(bottom[0]->size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
      if (parts.empty()) std::fill(sum + begin, sum + end, 0.0f);
      for (size_t part = 0; part < parts.size(); ++part) {
        const float* const values = parts[part];
        if (part == 0) {
          std::copy(values + begin, values + end, sum + begin);
        } else {
          for (int64_t i = begin; i < end; ++i) sum[i] += values[i];
        }
      }
    });
  }
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Split", SplitLayer);
}  // namespace demitasse
