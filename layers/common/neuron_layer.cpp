#include "layers/common/neuron_layer.hpp"

#include "src/core/vectorize.hpp"
#include "src/ops/output.hpp"

namespace demitasse {

void NeuronLayer::KeepInput(const Blob& bottom, const Blob& top) {
  if (top.data() != bottom.data()) {
    input_.reset();
    return;
  }
  const Buffer& source = *bottom.data();
  const float* const values = source.stored();
  if (input_ == nullptr || input_->size() != bottom.size()) {
    input_ = std::make_unique<Buffer>(bottom.size());
  }
  // In the layout it is in: the layers around may be fast in that one.
  float* const kept = input_->Overwrite(source.shared_layout());
  const int64_t count = StoredSize(source, bottom.size());
  ParallelMap(count, kept, StoreFor(values, kept, count), [=](int64_t i) { return values[i]; });
}

}  // namespace demitasse
