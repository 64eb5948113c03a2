#include "layers/common/neuron_layer.hpp"

#include <algorithm>

namespace demitasse {

void NeuronLayer::KeepInput(const Blob& bottom, const Blob& top) {
  if (top.data() != bottom.data()) {
    input_.reset();
    return;
  }
  const Buffer& source = *bottom.data();
  const Layout* const layout = source.layout();
  const float* const values = source.stored();
  if (input_ == nullptr || input_->size() != bottom.size()) {
    input_ = std::make_unique<Buffer>(bottom.size());
  }
  // In the layout it is in: the layers around may be fast in that one.
  std::copy_n(values, layout != nullptr ? layout->stored_size() : bottom.size(),
              input_->Overwrite(source.shared_layout()));
}

}  // namespace demitasse
