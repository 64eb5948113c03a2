// BatchReindex: y_i = x_p_i for the items (parts along axis 0) of x (bottom 0) and the indices p
// (bottom 1), which may leave items out and repeat them. In indices, a fraction is cut off. The
// gradient of an item is the sum of those of its copies; the indices have none.
#include "demitasse/layer_registry.hpp"
#include "layers/common/field_shape.hpp"
#include "layers/common/labels.hpp"
#include "layers/common/rows.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

class BatchReindexLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 2; }
  int ExactNumTopBlobs() const override { return 1; }
  bool BottomIsIndex(int bottom_index) const override { return bottom_index == 1; }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    if (bottom[0]->num_axes() == 0) {
      throw Fail("bottom[0]", Cat(BottomName(*this, 0), " is a single value and has no items"));
    }
    if (bottom[1]->num_axes() != 1) {
      throw Fail("bottom[1]", Cat("the indices, ", BottomName(*this, 1),
                                  ", must have exactly 1 axis, got ", bottom[1]->shape_string()));
    }
    std::vector<int> shape = bottom[0]->shape();
    shape[0] = bottom[1]->shape(0);
    top[0]->Reshape(shape);
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    const std::string items = "items of " + BottomName(*this, 0);
    indices_ = ReadIndices(*this, 1, *bottom[1], bottom[0]->shape(0), items);
    PickItems(*bottom[0], indices_, top[0]);
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (propagate_down[0]) PickItemsGradient(*top[0], indices_, bottom[0]);
  }

 private:
  std::vector<int> indices_;  // of the last Forward
};

}  // namespace
DEMITASSE_REGISTER_LAYER("BatchReindex", BatchReindexLayer);
}  // namespace demitasse
