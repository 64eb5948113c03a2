#include "caffe/filler.hpp"

#include "demitasse/filler.hpp"
#include "demitasse/layer.hpp"

namespace caffe {
namespace compat {

void Fill(const FillerParameter& param, demitasse::Blob* blob) {
  const demitasse::Layer* const layer = demitasse::Layer::Running();
  if (layer != nullptr && layer->shapes_only()) {
    demitasse::CheckFiller(param, *blob);
  } else {
    demitasse::Fill(param, CurrentRng(), blob);
  }
}

}  // namespace compat
}  // namespace caffe
