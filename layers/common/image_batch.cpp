#include "layers/common/image_batch.hpp"

#include "layers/common/field_shape.hpp"
#include "src/core/text.hpp"

namespace demitasse {

void CheckImageBatch(const Layer& layer, const Blob& bottom) {
  if (bottom.num_axes() == 4) return;
  throw layer.Fail("bottom[0]", Cat(BottomName(layer, 0), " of ", bottom.shape_string(),
                                    " must have 4 axes: num, channels, height, width"));
}

}  // namespace demitasse
