#include "layers/common/neuron_layer.hpp"

namespace demitasse {

void NeuronLayer::KeepInput(const Blob& bottom, const Blob& top) {
  if (top.data() != bottom.data()) {
    input_.reset();
    return;
  }
  Buffer* const source = bottom.data().get();
  source->stored();  // for the case that it was never written to
  if (input_ == nullptr || input_->size() != source->size() ||
      input_->budget() != source->budget()) {
    input_ = std::make_shared<Buffer>(source->size(), source->budget());
  }
  input_->Exchange(source);
}

}  // namespace demitasse
