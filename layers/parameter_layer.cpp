// Parameter: y = W, a learned array of the given shape, which starts from 0. The gradient of W is
// that of y, added to what W has (Caffe overwrites it, and loses all but one of the passes of
// iter_size and of the layers that share W).
#include <algorithm>

#include "demitasse/layer_registry.hpp"
#include "layers/common/field_shape.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

class ParameterLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 0; }
  int ExactNumTopBlobs() const override { return 1; }

  void LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                  const std::vector<Blob*>& /*top*/) override {
    const caffe::ParameterParameter& param = layer_param_.parameter_param();
    if (!param.has_shape()) {
      throw Fail("parameter_param", "needs a shape: parameter_param { shape { dim: ... } }");
    }
    AddParameter(FieldShape(*this, param.shape(), "parameter_param.shape"),
                 caffe::FillerParameter(), "parameter_param");
  }

  void Reshape(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& top) override {
    top[0]->ReshapeLike(*blobs_[0]);
  }

 protected:
  // A copy: layers behind may overwrite it or change its layout, while other nets read W.
  void Forward_cpu(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& top) override {
    std::copy_n(blobs_[0]->cpu_data(), top[0]->size(), top[0]->data()->Overwrite(nullptr));
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& /*propagate_down*/,
                    const std::vector<Blob*>& /*bottom*/) override {
    if (!param_propagate_down(0)) return;
    const float* const top_diff = top[0]->cpu_diff();
    float* const diff = blobs_[0]->mutable_cpu_diff();
    ParallelFor(blobs_[0]->size(), kElementwiseGrain, [=](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) diff[i] += top_diff[i];
    });
  }
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Parameter", ParameterLayer);
}  // namespace demitasse
