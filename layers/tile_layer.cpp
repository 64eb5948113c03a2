// Tile: y = `tiles` copies of x, one behind the other along `axis`. The gradient of x is the sum of
// those of its copies.
#include <limits>

#include "demitasse/layer_registry.hpp"
#include "layers/common/rows.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

class TileLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 1; }
  int ExactNumTopBlobs() const override { return 1; }

  void LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                  const std::vector<Blob*>& /*top*/) override {
    const caffe::TileParameter& param = layer_param_.tile_param();
    if (!param.has_tiles()) {
      throw Fail("tile_param", "needs the number of copies: tile_param { tiles: ... }");
    }
    tiles_ = param.tiles();
    if (tiles_ < 1) throw Fail("tile_param.tiles", Cat("tiles must be 1 or more, got ", tiles_));
  }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    constexpr int kMost = std::numeric_limits<int>::max();
    const int axis = CanonicalAxis(*bottom[0], layer_param_.tile_param().axis(), "tile_param.axis");
    const int64_t tiled = bottom[0]->shape(axis) * tiles_;
    if (tiled > kMost) {
      throw Fail("tile_param.tiles", Cat("the top would have ", tiled, " elements on axis ", axis,
                                         ", more than ", kMost));
    }
    rows_ = bottom[0]->size(0, axis);
    length_ = bottom[0]->size(axis, bottom[0]->num_axes());
    std::vector<int> shape = bottom[0]->shape();
    shape[static_cast<size_t>(axis)] = static_cast<int>(tiled);
    top[0]->Reshape(shape);
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    if (length_ == 0) return;  // rows_ * tiles_ may be more than there are numbers
    GatherRows(
        rows_ * tiles_, length_, bottom[0]->cpu_data(),
        [tiles = tiles_](int64_t row) { return row / tiles; }, top[0]->data()->Overwrite(nullptr));
  }

  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                    const std::vector<Blob*>& bottom) override {
    if (!propagate_down[0]) return;
    SumRows(
        rows_, length_, top[0]->cpu_diff(), [tiles = tiles_](int64_t) { return tiles; },
        [tiles = tiles_](int64_t row, int64_t tile) { return row * tiles + tile; },
        bottom[0]->diff()->Overwrite(nullptr));
  }

 private:
  int64_t tiles_ = 1;
  // The bottom, as rows of which each is repeated.
  int64_t rows_ = 0;
  int64_t length_ = 0;
};

}  // namespace
DEMITASSE_REGISTER_LAYER("Tile", TileLayer);
}  // namespace demitasse
