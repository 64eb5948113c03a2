// A layer that keeps its bottom, as those written for Caffe do that own another layer: y = 2x.
#include <vector>

#include "demitasse/layer_registry.hpp"

namespace {

using demitasse::Blob;

class KeepsBottomLayer : public demitasse::Layer {
 public:
  using Layer::Layer;
  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& /*top*/) override {
    bottom_ = bottom[0];
  }
  void Reshape(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& top) override {
    top[0]->ReshapeLike(*bottom_);
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& top) override {
    for (int64_t i = 0; i < bottom_->size(); ++i) {
      top[0]->mutable_cpu_data()[i] = 2 * bottom_->cpu_data()[i];
    }
  }
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& /*propagate_down*/,
                    const std::vector<Blob*>& /*bottom*/) override {
    for (int64_t i = 0; i < bottom_->size(); ++i) {
      bottom_->mutable_cpu_diff()[i] = 2 * top[0]->cpu_diff()[i];
    }
  }

 private:
  Blob* bottom_ = nullptr;
};

}  // namespace

DEMITASSE_REGISTER_LAYER("KeepsBottom", KeepsBottomLayer);
