// What normalization, scale and rectifier in a row defer (Buffer::Defer), so that the last of them
// computes what all of them do in one pass over memory, and the first of them their gradient.
#ifndef DEMITASSE_SRC_OPS_DEFERRED_MAP_HPP_
#define DEMITASSE_SRC_OPS_DEFERRED_MAP_HPP_

#include <memory>
#include <utility>
#include <vector>

#include "src/ops/channel_map.hpp"

namespace demitasse {

// factor * (x - center) + offset, with a value of each for each channel; no offset stands for 0.
class DeferredMap : public Deferred {
 public:
  DeferredMap(const ChannelShape& shape, std::shared_ptr<Buffer> x)
      : shape_(shape), x_(std::move(x)) {}

  void Compute(Buffer* buffer) const override { Forward(1, buffer); }
  Buffer* source() const override { return x_.get(); }

  // dst = the map of x, and behind it a rectifier of this slope.
  void Forward(float slope, Buffer* dst) const { AsMap(slope).Forward(shape_, *x_, dst); }

  const ChannelShape& shape() const { return shape_; }
  const std::shared_ptr<Buffer>& x() const { return x_; }
  ChannelMap AsMap(float slope) const {
    return {center.data(), factor.data(), offset.empty() ? nullptr : offset.data(), slope};
  }

  std::vector<float> center;
  std::vector<float> factor;
  std::vector<float> offset;

 private:
  const ChannelShape shape_;
  const std::shared_ptr<Buffer> x_;
};

// The map that a buffer waits for; null if it waits for none.
std::shared_ptr<const DeferredMap> MapDeferredBy(const Buffer& buffer);

// `map` for that shape and x; made anew if it is null or for others.
void FitDeferredMap(const ChannelShape& shape, const std::shared_ptr<Buffer>& x,
                    std::shared_ptr<DeferredMap>* map);

// factor * g, where g is what the buffer holds, the gradient of a rectifier's output, brought back
// through the rectifier, whose input was a map.
class DeferredGradient : public Deferred {
 public:
  DeferredGradient(std::shared_ptr<const DeferredMap> map, float slope)
      : map_(std::move(map)), slope_(slope), version_(map_->x()->version()) {}

  // Throws Error if x has changed.
  void Compute(Buffer* buffer) const override;

  // Sums of g and of g * (x - center) for `dy`, what the buffer holds. In the same pass dx, if it
  // is not null, becomes factor * g.
  ChannelProducts Sum(const Buffer& dy, Buffer* dx) const;

  const DeferredMap& map() const { return *map_; }
  float slope() const { return slope_; }
  ChannelMap gate() const { return map_->AsMap(slope_); }

  std::vector<float> factor;  // none: 1
  ChannelProducts sums;       // where they are known already

 private:
  const std::shared_ptr<const DeferredMap> map_;
  const float slope_;
  const uint64_t version_;
};

// Takes such a gradient from the buffer, if it waits for one that belongs to a map of x; null
// otherwise.
std::shared_ptr<const DeferredGradient> TakeDeferredGradient(const Buffer& x, Buffer* diff);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_DEFERRED_MAP_HPP_
