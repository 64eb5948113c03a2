// Input: y = what the caller of the net puts in, an array for each top. Its shape comes from the
// prototxt once; the caller may change it afterwards.

#include <algorithm>

#include "demitasse/layer_registry.hpp"
#include "layers/common/field_shape.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

class InputLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 0; }
  int MinTopBlobs() const override { return 1; }
  bool TopsAreInputs() const override { return true; }

  void LayerSetUp(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& top) override {
    const auto& shapes = layer_param_.input_param().shape();
    if (shapes.empty()) {
      throw Fail("input_param",
                 "has no shape; add input_param { shape { dim: 1 dim: 3 ... } }, one shape for all "
                 "tops or one for each");
    }
    const int tops = static_cast<int>(top.size());
    if (shapes.size() != 1 && shapes.size() != tops) {
      throw Fail(Cat("input_param.shape[", std::min(shapes.size() - 1, tops), "]"),
                 Cat("shape must be given once for all tops or once for each, got ", shapes.size(),
                     " for ", tops, " top", tops == 1 ? "" : "s"));
    }
    for (int i = 0; i < tops; ++i) {
      const int index = shapes.size() == 1 ? 0 : i;
      top[static_cast<size_t>(i)]->Reshape(
          FieldShape(*this, shapes.Get(index), Cat("input_param.shape[", index, "]")));
    }
  }
  void Reshape(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& /*top*/) override {}

 protected:
  void Forward_cpu(const std::vector<Blob*>& /*bottom*/,
                   const std::vector<Blob*>& /*top*/) override {}
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Input", InputLayer);
}  // namespace demitasse
