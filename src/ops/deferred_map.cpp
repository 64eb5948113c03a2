#include "src/ops/deferred_map.hpp"

#include "demitasse/error.hpp"

namespace demitasse {

std::shared_ptr<const DeferredMap> MapDeferredBy(const Buffer& buffer) {
  return std::dynamic_pointer_cast<const DeferredMap>(buffer.deferred());
}

void FitDeferredMap(const ChannelShape& shape, const std::shared_ptr<Buffer>& x,
                    std::shared_ptr<DeferredMap>* map) {
  if (*map != nullptr && (*map)->x() == x && (*map)->shape() == shape) return;
  *map = std::make_shared<DeferredMap>(shape, x);
}

void DeferredGradient::Compute(Buffer* buffer) const {
  if (map_->x()->version() != version_) {
    throw Error(
        "this gradient is gone: the data it belongs to has changed; read the gradients of blobs "
        "that are changed in place before the next Forward");
  }
  Sum(*buffer, buffer);
}

ChannelProducts DeferredGradient::Sum(const Buffer& dy, Buffer* dx) const {
  return SumChannelProducts(map_->shape(), dy, *map_->x(), map_->center.data(), map_->AsMap(slope_),
                            factor.empty() ? nullptr : factor.data(), dx);
}

std::shared_ptr<const DeferredGradient> TakeDeferredGradient(const Buffer& x, Buffer* diff) {
  auto gradient = std::dynamic_pointer_cast<const DeferredGradient>(diff->deferred());
  if (gradient == nullptr || gradient->map().x().get() != &x) return nullptr;
  diff->TakeDeferred();
  return gradient;
}

}  // namespace demitasse
