// Filter: y = the items (parts along axis 0) of x whose value in the selector, the last bottom, is
// not 0. There is a top for each bottom but the selector. Items that are left out get a gradient of
// 0, the selector gets none. If no item is selected, the tops have 0 items (Caffe's gradient
// divides by 0 then). How many items are selected is not known before the forward pass; until then
// the tops have the shapes of their bottoms.
#include "demitasse/layer_registry.hpp"
#include "layers/common/field_shape.hpp"
#include "layers/common/rows.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

class FilterLayer : public Layer {
 public:
  using Layer::Layer;

  int MinBottomBlobs() const override { return 2; }
  int MinTopBlobs() const override { return 1; }
  bool BottomIsIndex(int bottom_index) const override { return bottom_index == selector_; }

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override;
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override;

 private:
  int selector_ = layer_param_.bottom_size() - 1;  // the index of the bottom
  std::vector<int> selected_;                      // items, in the last Forward
};

void FilterLayer::LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const size_t needed = bottom.size() - 1;
  if (top.size() != needed) {
    throw Fail(top.size() > needed ? Cat("top[", needed, "]") : Cat("bottom[", top.size(), "]"),
               Cat("needs one top for each bottom but the last, the selector; got ", bottom.size(),
                   " bottoms and ", top.size(), " top", top.size() == 1 ? "" : "s"));
  }
  selector_ = static_cast<int>(needed);
}

void FilterLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const Blob& selector = *bottom.back();
  if (selector.num_axes() == 0 || selector.size() != selector.shape(0)) {
    throw Fail(Cat("bottom[", selector_, "]"),
               Cat("the selector, ", BottomName(*this, selector_), ", needs one value for each",
                   " item, all on axis 0, got ", selector.shape_string()));
  }
  for (size_t i = 0; i < top.size(); ++i) {
    const int index = static_cast<int>(i);
    if (bottom[i]->num_axes() == 0 || bottom[i]->shape(0) != selector.shape(0)) {
      throw Fail(Cat("bottom[", i, "]"),
                 Cat(BottomName(*this, index), " of ", bottom[i]->shape_string(),
                     " does not fit the selector, ", BottomName(*this, selector_), " of ",
                     selector.shape_string(), ": axis 0 must be equal"));
    }
    top[i]->ReshapeLike(*bottom[i]);
  }
}

void FilterLayer::Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const float* const is_selected = bottom.back()->cpu_data();
  selected_.clear();
  for (int item = 0; item < bottom.back()->shape(0); ++item) {
    if (is_selected[item] != 0) selected_.push_back(item);
  }
  for (size_t i = 0; i < top.size(); ++i) {
    std::vector<int> shape = bottom[i]->shape();
    shape[0] = static_cast<int>(selected_.size());
    top[i]->Reshape(shape);
    PickItems(*bottom[i], selected_, top[i]);
  }
}

void FilterLayer::Backward_cpu(const std::vector<Blob*>& top,
                               const std::vector<bool>& propagate_down,
                               const std::vector<Blob*>& bottom) {
  for (size_t i = 0; i < top.size(); ++i) {
    if (propagate_down[i]) PickItemsGradient(*top[i], selected_, bottom[i]);
  }
}

}  // namespace
DEMITASSE_REGISTER_LAYER("Filter", FilterLayer);
}  // namespace demitasse
