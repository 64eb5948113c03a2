// PReLU: y = x for x > 0, a * x otherwise, with a learned slope a for each channel (axis 1), or one
// for all with channel_shared. With min_slope, max(a, min_slope) takes the place of a, and a slope
// below the floor has no gradient. In-place safe.
// He, Zhang, Ren, Sun (2015), "Delving deep into rectifiers: surpassing human-level performance on
// ImageNet classification".
#include <algorithm>

#include "demitasse/layer_registry.hpp"
#include "layers/common/neuron_layer.hpp"
#include "src/core/text.hpp"
#include "src/ops/prelu.hpp"

namespace demitasse {
namespace {

class PReLULayer : public NeuronLayer {
 public:
  using NeuronLayer::NeuronLayer;

  std::optional<LeakyRectifier> AsRectifier() const override {
    return LeakyRectifier{SlopesFromFloor()};
  }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& /*top*/) override {
    const caffe::PReLUParameter& param = layer_param_.prelu_param();
    CheckAxes(*bottom[0]);
    std::vector<int> shape;
    if (!param.channel_shared()) shape.push_back(bottom[0]->shape(1));
    caffe::FillerParameter filler = param.filler();
    if (!param.has_filler()) filler.set_value(0.25f);
    AddParameter(shape, filler, "prelu_param.filler");
  }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    CheckAxes(*bottom[0]);
    NeuronLayer::Reshape(bottom, top);
    if (layer_param_.prelu_param().channel_shared()) {
      op_ = {1, 1, bottom[0]->size()};
      return;
    }
    op_ = {bottom[0]->shape(0), bottom[0]->shape(1), bottom[0]->size(2, bottom[0]->num_axes())};
    if (op_.channels != blobs_[0]->size()) {
      throw Fail("bottom[0]", Cat("has a slope for each of ", blobs_[0]->size(),
                                  " channels, but the bottom has ", op_.channels, ": ",
                                  bottom[0]->shape_string()));
    }
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    KeepInput(*bottom[0], *top[0]);
    op_.Forward(Input(*bottom[0]), Slopes(), top[0]->data().get());
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    Buffer* const bottom_diff = propagate_down[0] ? bottom[0]->diff().get() : nullptr;
    if (bottom_diff == nullptr && !param_propagate_down(0)) return;
    const std::vector<double> gradients =
        op_.Backward(Input(*bottom[0]), *top[0]->diff(), Slopes(), bottom_diff);
    if (!param_propagate_down(0)) return;
    const float* const learned = blobs_[0]->cpu_data();
    float* const diff = blobs_[0]->mutable_cpu_diff();
    for (int64_t c = 0; c < op_.channels; ++c) {
      if (HasFloor() && learned[c] < MinSlope()) continue;
      diff[c] += static_cast<float>(gradients[static_cast<size_t>(c)]);
    }
  }

 private:
  void CheckAxes(const Blob& bottom) const {
    if (layer_param_.prelu_param().channel_shared() || bottom.num_axes() >= 2) return;
    throw Fail("bottom[0]", Cat("has no channels: its slopes belong to axis 1, and the bottom's "
                                "shape is ",
                                bottom.shape_string(),
                                "; set prelu_param.channel_shared to have one slope for all"));
  }

  bool HasFloor() const { return layer_param_.prelu_param().has_min_slope(); }
  float MinSlope() const { return layer_param_.prelu_param().min_slope(); }

  // The slopes in use.
  std::vector<float> SlopesFromFloor() const {
    const float* const learned = blobs_[0]->cpu_data();
    std::vector<float> slopes(learned, learned + blobs_[0]->size());
    if (HasFloor()) {
      for (float& slope : slopes) slope = std::max(slope, MinSlope());
    }
    return slopes;
  }
  // The same, without a copy where there is no floor.
  const float* Slopes() {
    if (!HasFloor()) return blobs_[0]->cpu_data();
    raised_ = SlopesFromFloor();
    return raised_.data();
  }

  PRelu op_;
  std::vector<float> raised_;  // the slopes that are not below their floor
};

}  // namespace
DEMITASSE_REGISTER_LAYER("PReLU", PReLULayer);
}  // namespace demitasse
