// LRN: y = x / (k + alpha / local_size * sum of x'^2)^beta, where x' runs over the local_size
// channels with x in their middle, at the place of x (norm_region ACROSS_CHANNELS). With
// WITHIN_CHANNEL, y = x / (1 + alpha / local_size^2 * sum of x'^2)^beta, where x' runs over the
// local_size x local_size places with x in their middle, in the channel of x; k does not count.
// What lies outside of the bottom counts as 0. The bottom has the four axes num, channels, height,
// width. Not in place.
// Krizhevsky, Sutskever, Hinton (2012), "ImageNet classification with deep convolutional neural
// networks".
#include "demitasse/layer_registry.hpp"
#include "layers/common/count_field.hpp"
#include "layers/common/image_batch.hpp"
#include "src/core/text.hpp"
#include "src/ops/lrn.hpp"

namespace demitasse {
namespace {

class LRNLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 1; }
  int ExactNumTopBlobs() const override { return 1; }

  void LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                  const std::vector<Blob*>& /*top*/) override {
    const caffe::LRNParameter& param = layer_param_.lrn_param();
    op_.region = param.norm_region() == caffe::LRNParameter::WITHIN_CHANNEL
                     ? Lrn::Region::kWithinChannel
                     : Lrn::Region::kAcrossChannels;
    op_.size = CountField(*this, "lrn_param.local_size", param.local_size());
    if (op_.size % 2 == 0) {
      throw Fail("lrn_param.local_size",
                 Cat("local_size must be odd, so that x is in the middle, got ", op_.size));
    }
    op_.alpha = param.alpha();
    op_.beta = param.beta();
    op_.k = param.k();
  }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    CheckImageBatch(*this, *bottom[0]);
    op_.images = bottom[0]->shape(0);
    op_.channels = bottom[0]->shape(1);
    op_.height = bottom[0]->shape(2);
    op_.width = bottom[0]->shape(3);
    top[0]->ReshapeLike(*bottom[0]);
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    op_.Forward(*bottom[0]->data(), top[0]->data().get());
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    op_.Backward(*bottom[0]->data(), *top[0]->diff(), bottom[0]->diff().get());
  }

 private:
  Lrn op_;
};

}  // namespace
DEMITASSE_REGISTER_LAYER("LRN", LRNLayer);
}  // namespace demitasse
