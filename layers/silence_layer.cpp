// Silence: takes blobs that nobody else reads, so that they are not outputs of the net. The
// gradient it gives them is 0.

#include <algorithm>

#include "demitasse/layer_registry.hpp"

namespace demitasse {
namespace {

class SilenceLayer : public Layer {
 public:
  using Layer::Layer;

  int MinBottomBlobs() const override { return 1; }
  int ExactNumTopBlobs() const override { return 0; }

  void Reshape(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& /*top*/) override {}

 protected:
  void Forward_cpu(const std::vector<Blob*>& /*bottom*/,
                   const std::vector<Blob*>& /*top*/) override {}

  void Backward_cpu(const std::vector<Blob*>& /*top*/, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    for (size_t i = 0; i < bottom.size(); ++i) {
      if (!propagate_down[i]) continue;
      std::fill_n(bottom[i]->diff()->Overwrite(nullptr), bottom[i]->size(), 0.0f);
    }
  }
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Silence", SilenceLayer);
}  // namespace demitasse
