// Split: y = x for each of the tops, so that several layers can read it. The tops share the
// bottom's data; the bottom's gradient is the sum of theirs. Nets put it in wherever a blob is read
// more than once.

#include "demitasse/layer_registry.hpp"
#include "src/ops/add.hpp"

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
    parts_.clear();
    for (const Blob* blob : top) {
      // A gradient never written to is 0 and would take memory only to be read.
      if (blob->diff()->version() > 0) parts_.push_back(blob->diff().get());
    }
    AddBuffers(parts_, {}, bottom[0]->size(), bottom[0]->diff().get());
  }

 private:
  std::vector<const Buffer*> parts_;  // those to add, in Backward
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Split", SplitLayer);
}  // namespace demitasse
